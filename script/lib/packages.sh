# Debian packages: says what is missing, and installs it where it may.

# missing_packages GROUP...: the names, one a line
missing_packages() {
    local wanted
    wanted=$(awk -v groups=" $* " '
        { sub(/#.*/, "") }
        /^\[/ { gsub(/[][ ]/, ""); on = index(groups, " " $0 " ") > 0; next }
        on && NF { print $1, $2 }' "$top/script/packages.txt" |
        while read -r package command; do
            [ -n "$command" ] && command -v "${command#\?}" >/dev/null || echo "$package"
        done | sort -u)
    [ -n "$wanted" ] || return 0
    # shellcheck disable=SC2086
    comm -23 <(echo "$wanted") <(dpkg-query -W -f '${Package} ${db:Status-Status}\n' $wanted 2>/dev/null |
        awk '$2 == "installed" { print $1 }' | sort -u)
}

# ensure_packages GROUP...
ensure_packages() {
    local missing as_root=()
    missing=$(missing_packages "$@" | tr '\n' ' ')
    missing=${missing% }
    [ -n "$missing" ] || return 0
    command -v apt-get >/dev/null ||
        die "This is not a Debian system. Yagura needs what these Debian 12 packages hold: $missing"
    if [ "$(id -u)" != 0 ]; then
        as_root=(sudo)
        if ! command -v sudo >/dev/null || { [ ! -t 0 ] && ! sudo -n true 2>/dev/null; }; then
            die "These Debian packages are missing, and this user may not install them:" "  $missing" \
                "As root: apt-get update && apt-get install --no-install-recommends $missing"
        fi
        say "sudo is needed for: apt-get install $missing"
        sudo -v || die "sudo refused. As root: apt-get install --no-install-recommends $missing"
    fi
    step "Reading the package lists" "${as_root[@]}" apt-get update
    # shellcheck disable=SC2086
    step "Installing $(wc -w <<<"$missing") Debian packages and what they need" install_packages $missing
}

# Debian's postgresql-15 makes and starts a system-wide cluster when it is installed. Nobody asked for
# one here, so the packages' own switch is off while we install, and then as it was.
install_packages() {
    local switch=/etc/postgresql-common/createcluster.d/yagura.conf status=0
    "${as_root[@]}" mkdir -p "${switch%/*}"
    echo 'create_main_cluster = false' | "${as_root[@]}" tee "$switch" >/dev/null
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" || status=$?
    "${as_root[@]}" rm -f "$switch"
    return $status
}
