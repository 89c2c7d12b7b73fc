# What a run keeps in the system's folder for temporary files, and how all of it goes.
#
# Such a folder is called yagura-WHAT.PID.RANDOM after the process that made it. It goes with that process; what a
# kill -9 left behind goes when the next run starts, since nobody has that number any more.

temp=${TMPDIR:-/tmp}

# temp_folder WHAT: makes one and prints its path
temp_folder() { mktemp -d "$temp/yagura-$1.$$.XXXXXX"; }

# temp_sweep: what belongs to processes that are no more
temp_sweep() {
    local folder pid
    for folder in {"$temp",/tmp}/yagura-*.*.*; do
        pid=${folder%.*}
        pid=${pid##*.}
        [[ -d $folder && $pid =~ ^[0-9]+$ && ! -e /proc/$pid ]] || continue
        temp_remove "$folder"
    done
}

# temp_remove FOLDER: with what a test may have mounted inside; another user's stays
temp_remove() {
    local place
    while read -r _ place _; do
        [[ $place != "$1"/* ]] || umount -l "$place" 2>/dev/null || true
    done </proc/mounts
    rm -rf "$1" 2>/dev/null || true
}
