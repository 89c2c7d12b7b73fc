# Words for the person at the terminal. Sourced, with $top (the checkout) set.

logs=$top/build/log

say() { printf '%s\n' "$@"; }

die() {
    printf '%s\n' "$@" >&2
    exit 1
}

# step TEXT COMMAND...: runs COMMAND with its output in a log file. A long one tells every five
# seconds how far it is; a failed one shows the end of its log.
step() {
    local text=$1 log ticker began=$SECONDS status=0
    shift
    mkdir -p "$logs"
    log=$logs/$(tr -cs 'a-zA-Z0-9' - <<<"$text" | sed 's/-*$//').log
    say "$text ..."
    : >"$log"
    tick "$log" &
    ticker=$!
    "$@" >"$log" 2>&1 || status=$?
    kill "$ticker" 2>/dev/null || true
    wait "$ticker" 2>/dev/null || true
    if [ "$status" != 0 ]; then
        tail -n 30 "$log" >&2
        die "$text: failed after $((SECONDS - began)) s. All of it: $log"
    fi
    [ $((SECONDS - began)) -lt 2 ] || say "  done, $((SECONDS - began)) s"
}

# A sleep of its own process would outlive the kill; read -t on a descriptor nobody writes does not.
tick() {
    local log=$1 began=$SECONDS
    exec 8<> <(:)
    while :; do
        read -r -t 5 -u 8 || true
        printf '  %3d s  %s\n' $((SECONDS - began)) \
            "$(tail -c 400 "$log" 2>/dev/null | tr '\r' '\n' | grep -v '^[[:space:]]*$' | tail -n 1 | cut -c 1-90)"
    done
}
