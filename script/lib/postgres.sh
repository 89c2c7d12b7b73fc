# A private PostgreSQL 15 in a folder: Unix socket only, never as root, stopped with its starter.
#
# PostgreSQL refuses to run as root, so root hands it to the user postgres. That user may be unable to walk
# to the folder at all (a checkout under /root). The folder is therefore opened here and handed over as
# descriptor 9: /proc/self/fd/9 leads straight to it, without a capability and whatever the path's length.
# The socket lies in a short folder of its own under /tmp, because its path may not exceed 107 bytes; only
# the owner can enter it, so the cluster trusts who comes in.

pg_bin=/usr/lib/postgresql/15/bin
pg_pid=
pg_socket=

# pg_start FOLDER LOG [SETTING...]: sets pg_pid and pg_socket. Ends itself when this shell dies.
pg_start() {
    local folder=$1 log=$2 settings=() setting user=()
    shift 2
    [ -x "$pg_bin/postgres" ] || die "PostgreSQL 15 is missing: apt-get install postgresql-15"
    mkdir -p "$folder/data"
    chmod 700 "$folder/data"
    [ ! -s "$folder/socket" ] || rm -rf "$(cat "$folder/socket")"
    pg_socket=$(mktemp -d "/tmp/yagura-pg.$$.XXXXXX")
    echo "$pg_socket" >"$folder/socket"
    if [ "$(id -u)" = 0 ]; then
        user=(--reuid postgres --regid postgres --init-groups)
        chown postgres:postgres "$folder/data" "$pg_socket"
    fi
    pg_await_old "$folder/data"
    exec 9<"$folder/data"
    if [ ! -s "$folder/data/PG_VERSION" ]; then
        (cd / && setpriv "${user[@]}" "$pg_bin/initdb" -D /proc/self/fd/9 -U postgres -A trust \
            -E UTF8 --locale=C.UTF-8) >"$log" 2>&1 || die "initdb failed: $log" "$(tail -n 5 "$log")"
    fi
    for setting in "$@"; do settings+=(-c "$setting"); done
    # A session of its own: Ctrl-C is for the script, which stops the parts in their order.
    cd /
    setsid setpriv "${user[@]}" --pdeathsig INT "$pg_bin/postgres" -D /proc/self/fd/9 -k "$pg_socket" \
        -c listen_addresses= -c max_connections=200 "${settings[@]}" >>"$log" 2>&1 8>&- &
    pg_pid=$!
    cd "$OLDPWD"
    exec 9<&-
    pg_await_ready "$log"
}

# A postmaster that lost its script is on its way out; a crashed one left a pid that may be anybody's by now.
pg_await_old() {
    local data=$1 pid tries
    [ -s "$data/postmaster.pid" ] || return 0
    pid=$(head -n 1 "$data/postmaster.pid")
    for tries in $(seq 1 150); do
        [ "/proc/$pid/cwd" -ef "$data" ] || break
        [ "$tries" != 100 ] || kill -INT "$pid"
        sleep 0.2
    done
    [ ! "/proc/$pid/cwd" -ef "$data" ] ||
        die "An older PostgreSQL (process $pid) still runs in $data and does not stop."
    rm -f "$data/postmaster.pid"
}

pg_await_ready() {
    local tries
    for tries in $(seq 1 600); do
        "$pg_bin/pg_isready" -q -h "$pg_socket" && return 0
        kill -0 "$pg_pid" 2>/dev/null || break
        [ $((tries % 50)) != 0 ] || say "  waiting for PostgreSQL (recovering after a crash takes its time)"
        sleep 0.1
    done
    tail -n 10 "$1" >&2
    die "PostgreSQL does not start. All it said: $1"
}

# pg_role_and_database: the login that owns the database. No superuser, so that row-level security binds it;
# it may make roles because migrations make the unprivileged ones that the server works as.
pg_role_and_database() {
    pg_sql postgres "SELECT 1 FROM pg_roles WHERE rolname = 'yagura'" | grep -q 1 ||
        pg_sql postgres "CREATE ROLE yagura LOGIN CREATEROLE NOSUPERUSER NOBYPASSRLS"
    pg_sql postgres "SELECT 1 FROM pg_database WHERE datname = 'yagura'" | grep -q 1 ||
        pg_sql postgres "CREATE DATABASE yagura OWNER yagura"
}

pg_sql() { "$pg_bin/psql" -X -q -A -t -v ON_ERROR_STOP=1 -h "$pg_socket" -U postgres -d "$1" -c "$2"; }

pg_url() { echo "postgresql:///${1:-yagura}?host=$pg_socket&user=yagura"; }

# pg_stop: a fast shutdown that is waited for
pg_stop() {
    [ -n "$pg_pid" ] || return 0
    kill -INT "$pg_pid" 2>/dev/null || true
    wait "$pg_pid" 2>/dev/null || true
    rm -rf "$pg_socket"
    pg_pid=
}
