# Node.js: the machine's own, or the one from the npm registry where that is too old for the portal's build.

node_is_enough() {
    command -v node >/dev/null && command -v npm >/dev/null &&
        node -e 'const [a, b] = process.versions.node.split(".").map(Number);
                 process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'
}

# Puts a good node and npm first in PATH.
ensure_node() {
    local home=$top/script/node kind
    node_is_enough && return 0
    if ! current "$home/package-lock.json" "$home/node_modules"; then
        step "Installing Node.js 22 from the npm registry (this machine has $(node --version))" \
            install_from_lock "$home"
    fi
    # npm links every program but node itself.
    for kind in "$home"/node_modules/node-linux-*/bin; do
        PATH=$kind:$home/node_modules/.bin:$PATH
    done
    export PATH
    hash -r
    node_is_enough || die "Node.js 20.19 or newer is needed; $(command -v node) is $(node --version)."
}

# current LOCKFILE MODULES: is the folder of modules the work of this very lock file?
current() { [ -f "$2/.lock-stamp" ] && cmp -s "$1" "$2/.lock-stamp"; }

install_from_lock() {
    (cd "$1" && npm ci --no-audit --no-fund --loglevel=http) &&
        cp "$1/package-lock.json" "$1/node_modules/.lock-stamp"
}

# ensure_modules FOLDER WORDS: npm packages of one folder, as its lock file says
ensure_modules() {
    current "$top/$1/package-lock.json" "$top/$1/node_modules" ||
        step "Installing npm packages of $2" install_from_lock "$top/$1"
}
