# What every set-up script says, and how. Sourced, never run.
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

step() { printf '==> %s\n' "$*"; }

already() { printf '==> %s: already there\n' "$*"; }

# fail SENTENCE...: one line a sentence, on standard error, then the end.
fail() {
    printf 'ERROR: %s\n' "$1" >&2
    shift
    [ $# -eq 0 ] || printf '       %s\n' "$@" >&2
    exit 1
}

# follow NAME COMMAND...: runs the command with its output in .setup/NAME.log and, every five
# seconds, prints the newest line of it. A command that fails has its last lines printed.
follow() {
    local log=.setup/$1.log status=0 reporter
    shift
    : >"$log"
    report "$log" "$$" &
    reporter=$!
    "$@" >>"$log" 2>&1 </dev/null || status=$?
    kill "$reporter" 2>/dev/null || true
    wait "$reporter" 2>/dev/null || true
    if [ "$status" -ne 0 ]; then
        printf '    failed; the last lines of %s:\n' "$log" >&2
        tail -n 20 "$log" | sed 's/^/    | /' >&2
    fi
    return "$status"
}

# report LOG PID: the newest line of the log, until that process is gone.
report() {
    local log=$1 seconds=0
    while sleep 1 && kill -0 "$2" 2>/dev/null; do
        seconds=$((seconds + 1))
        [ $((seconds % 5)) -ne 0 ] ||
            printf '    %3d s  %s\n' "$seconds" "$(tail -n 1 "$log" | tr -d '\r' | cut -c 1-100)"
    done
}

mkdir -p .setup 2>/dev/null || true
[ -w .setup ] || fail "$(id -un) may not write in $PWD/.setup." \
    "Was the set-up once run with sudo? Give the folder back: sudo chown -R $(id -un) ."
