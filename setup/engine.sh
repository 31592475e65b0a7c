#!/usr/bin/env bash
# A container engine that answers: the one there is, else Docker from the distribution's packages.
# DOCKER_HOST says where it is; ENGINE=manual forbids installing, starting and changing anything.
. "$(dirname "$0")/steps.sh"
. setup/packages.sh

readonly LOG=/var/log/dockerd.log START_TIMEOUT_S=60

# The exit status of find_engine.py: 0 answers, 3 no permission, 1 none.
engine_state() {
    local status=0
    .venv/bin/python setup/find_engine.py >.setup/find-engine.out 2>.setup/find-engine.log || status=$?
    echo "$status"
}

# Stop here where nothing may be changed, or where it is not known how to.
require_permission_to_act() {
    if [ "${ENGINE:-}" = manual ]; then
        fail "$1, and ENGINE=manual forbids changing that." "$(cat .setup/find-engine.log)" \
            "By hand: install an engine (Debian, Ubuntu: sudo apt install docker.io iptables)," \
            "start it (sudo systemctl start docker), join its group (sudo usermod -aG docker $(id -un)," \
            "then log in again); or set DOCKER_HOST to an engine elsewhere, for example Podman's socket."
    elif [ -n "${DOCKER_HOST:-}" ]; then
        fail "$1 at DOCKER_HOST=$DOCKER_HOST." "$(cat .setup/find-engine.log)" \
            "Start that engine, or let $(id -un) speak to it, or unset DOCKER_HOST to have one installed here."
    elif [ "$(uname -s)" != Linux ] || ! command -v apt-get >/dev/null; then
        fail "$1, and only Debian's and Ubuntu's packages can be installed from here." \
            "Install and start Docker Desktop (macOS, Windows) or your distribution's Docker, then run this again."
    fi
}

# forget FILE PROCESS: removes the pid file of an engine that was killed, even where its number
# now belongs to another program: the engine would take that one for itself and refuse to start.
forget_stale_pid() {
    local pid
    pid=$(cat "$1" 2>/dev/null) || return 0
    [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = "$2" ] || as_root rm -f "$1"
}

# A socket that a killed containerd left makes dockerd wait for it instead of starting its own.
forget_stale_containerd() {
    local socket=/run/containerd/containerd.sock
    [ ! -S "$socket" ] || pgrep -x containerd >/dev/null || as_root rm -f "$socket"
}

start_engine() {
    if [ -d /run/systemd/system ]; then
        step "Starting Docker: systemctl start docker"
        as_root systemctl start docker || true
    else
        step "Starting Docker by hand (no systemd here); its output goes to $LOG"
        forget_stale_pid /var/run/docker.pid dockerd
        forget_stale_pid /var/run/docker/containerd/containerd.pid containerd
        forget_stale_containerd
        # A session of its own, and none of our files open: nobody who waits for this script,
        # or for its output to end, waits for the engine.
        as_root sh -c "setsid dockerd </dev/null >>$LOG 2>&1 9>&- &"
    fi
}

# Poll until it answers (or refuses us, which is an answer).
await_engine() {
    local started=$SECONDS told=$SECONDS
    while [ "$(engine_state)" -eq 1 ]; do
        [ $((SECONDS - started)) -lt "$START_TIMEOUT_S" ] || explain_failed_start
        if [ $((SECONDS - told)) -ge 5 ]; then
            told=$SECONDS
            printf '    %3d s  waiting for the engine to answer\n' $((SECONDS - started))
        fi
        sleep 0.5
    done
}

explain_failed_start() {
    printf 'The last lines that the engine said:\n' >&2
    if [ -d /run/systemd/system ]; then
        as_root journalctl -u docker -n 20 --no-pager | sed 's/^/    | /' >&2
    else
        as_root tail -n 20 "$LOG" | sed 's/^/    | /' >&2
    fi
    fail "Docker was started and did not answer within $START_TIMEOUT_S s." \
        "Mend what it says above, then run the same command again; or set DOCKER_HOST to another engine."
}

join_group() {
    local group
    group=$(stat -c %G /var/run/docker.sock)
    if ! id -nG "$(id -un)" | tr ' ' '\n' | grep -qx "$group"; then
        ask_for_root "Letting $(id -un) speak to the engine"
        step "Adding $(id -un) to the group $group (sudo usermod -aG $group $(id -un))"
        as_root usermod -aG "$group" "$(id -un)"
    fi
}

state=$(engine_state)
if [ "$state" -eq 0 ]; then
    already "Container engine $(cat .setup/find-engine.out)"
    exit
fi
if [ "$state" -eq 1 ]; then
    require_permission_to_act "No container engine answers"
    if ! command -v dockerd >/dev/null && [ ! -x /usr/sbin/dockerd ]; then
        step "No container engine answers: installing Docker"
        install_packages docker.io iptables
    fi
    ask_for_root "Starting Docker"
    [ "$(engine_state)" -ne 1 ] || start_engine
    await_engine
    state=$(engine_state)
fi
if [ "$state" -eq 3 ]; then
    require_permission_to_act "$(id -un) may not speak to the container engine"
    join_group
fi
setup/with-engine.sh true
step "Container engine: answers"
