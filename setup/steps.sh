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

# fail_with_log NAME SENTENCE...: the last lines of .setup/NAME.log, then as fail.
fail_with_log() {
    printf 'The last lines of .setup/%s.log:\n' "$1" >&2
    tail -n 20 ".setup/$1.log" | sed 's/^/    | /' >&2
    shift
    fail "$@"
}

# follow NAME COMMAND...: runs the command with its output in .setup/NAME.log and prints the newest
# line of that every five seconds. Exits as the command does.
follow() {
    local log=.setup/$1.log status=0 reporter
    shift
    : >"$log"
    report "$log" "$$" &
    reporter=$!
    "$@" >>"$log" 2>&1 </dev/null || status=$?
    kill "$reporter" 2>/dev/null || true
    wait "$reporter" 2>/dev/null || true
    return "$status"
}

# report LOG PID: the newest line of the log, until that process is gone.
report() {
    local log=$1 seconds=0
    # The last sleep outlives us: it must hold neither our output nor environment.sh's lock (9).
    while sleep 1 >/dev/null 2>&1 9>&- && kill -0 "$2" 2>/dev/null; do
        seconds=$((seconds + 1))
        [ $((seconds % 5)) -ne 0 ] ||
            printf '    %3d s  %s\n' "$seconds" "$(tail -n 1 "$log" | tr -d '\r' | cut -c 1-100)"
    done
}

mkdir -p .setup 2>/dev/null || true
[ -w .setup ] || fail "$(id -un) may not write in $PWD/.setup." \
    "Was the set-up once run with sudo? Give the folder back: sudo chown -R $(id -un) ."
