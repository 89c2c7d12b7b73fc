# Builds the service and the portal; does nothing where nothing changed.

yagura=$top/build/release/bin/yagura

build_service() { build_preset release "Building the service"; }

# build_preset PRESET WORDS
build_preset() {
    [ -f "$top/build/$1/build.ninja" ] || step "Configuring ($1)" cmake --preset "$1" -S "$top"
    # Ninja draws its progress on one line; a log wants lines.
    (cd "$top" && step "$2" cmake --build --preset "$1")
}

build_portal() {
    local stamp=$top/build/portal.stamp now
    [ -f "$top/portal/package.json" ] || return 0
    "$yagura" openapi >"$top/build/openapi.json.new"
    mv "$top/build/openapi.json.new" "$top/build/openapi.json"
    now=$(portal_inputs)
    [ -d "$top/portal/dist" ] && [ "$now" = "$(cat "$stamp" 2>/dev/null)" ] && return 0
    ensure_modules portal "the portal"
    YAGURA_OPENAPI=$top/build/openapi.json step "Building the portal" npm --prefix "$top/portal" run build
    echo "$now" >"$stamp"
}

# One hash over everything that the portal is made of.
portal_inputs() {
    (cd "$top" && {
        find portal \( -path portal/node_modules -o -path portal/dist -o -path portal/src/api/generated \) -prune \
            -o -type f -print0 | sort -z | xargs -0 sha256sum
        sha256sum build/openapi.json
    }) | sha256sum
}
