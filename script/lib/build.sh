# Builds the service and the portal; does nothing where nothing changed.

yagura=$top/build/release/bin/yagura

build_service() { build_preset release "Building the service"; }

# build_preset PRESET WORDS [TARGET...]
build_preset() {
    local preset=$1 words=$2 target targets=()
    shift 2
    for target in "$@"; do targets+=(--target "$target"); done
    (
        cd "$top"
        [ -f "build/$preset/build.ninja" ] || step "Configuring ($preset)" cmake --preset "$preset"
        step "$words" cmake --build --preset "$preset" "${targets[@]}"
    )
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
