#!/usr/bin/env bash
# A container engine that answers: the one there is, else Docker from the distribution's packages.
# DOCKER_HOST says where it is; ENGINE=manual forbids installing, starting and changing anything.
. "$(dirname "$0")/steps.sh"
. setup/rights.sh
. setup/packages.sh

readonly ANSWERS=0 NOBODY_LISTENS=1 NO_PERMISSION=3 # what find_engine.py exits with
readonly LOG=/var/log/dockerd.log
readonly START_TIMEOUT_S=60 GIVE_UP_TIMEOUT_S=5

engine_status() {
    local status=0
    .venv/bin/python setup/find_engine.py >.setup/engine-address 2>.setup/find-engine.log || status=$?
    echo "$status"
}

# Stops where nothing may be changed, and where it is not known how to.
require_leave_to_act() {
    if [ "${ENGINE:-}" = manual ]; then
        fail "No container engine answers, and ENGINE=manual forbids changing that." \
            "$(cat .setup/find-engine.log)" \
            "By hand: install one (Debian, Ubuntu: sudo apt-get install docker.io iptables)," \
            "start it (sudo systemctl start docker), join its group (sudo usermod -aG docker $(id -un)," \
            "then log in again); or set DOCKER_HOST to another one, for example Podman's socket."
    elif [ -n "${DOCKER_HOST:-}" ]; then
        fail "No container engine answers at DOCKER_HOST=$DOCKER_HOST." \
            "$(cat .setup/find-engine.log)" \
            "Start that engine, or unset DOCKER_HOST to have Docker installed here."
    elif [ "$(uname -s)" != Linux ] || ! command -v apt-get >/dev/null; then
        fail "No container engine answers, and only Debian's and Ubuntu's can be installed from here." \
            "$(cat .setup/find-engine.log)" \
            "Install and start Docker Desktop (macOS, Windows) or your distribution's Docker, then run this again."
    fi
}

install_engine() {
    if [ -x "$(PATH=$PATH:/usr/sbin:/sbin command -v dockerd)" ]; then
        step "Docker is installed, and does not run"
    else
        step "No container engine answers: installing Docker"
        install_packages docker.io iptables
    fi
}

# runs PROCESS [PID]: does a process of that name (and number) run? One that was killed and not yet
# waited for does not: its state is Z (proc(5)).
# shellcheck disable=SC2086 # without a number, the pattern stands for all of them
runs() { grep -qsE "^[0-9]+ \\($1\\) [^ZX]" /proc/${2:-[0-9]*}/stat; }

# forget_stale_pid FILE PROCESS: removes the pid file of an engine that was killed. Its number may
# be another program's by now: the engine would take that for itself and refuse to start.
forget_stale_pid() {
    local pid
    pid=$(as_root cat "$1" 2>/dev/null) || return 0
    runs "$2" "$pid" || as_root rm -f "$1"
}

# A killed containerd's socket would make dockerd wait for it instead of starting its own.
forget_stale_containerd() {
    local socket=/run/containerd/containerd.sock
    [ ! -S "$socket" ] || runs containerd || as_root rm -f "$socket"
}

start_engine() {
    if [ -d /run/systemd/system ]; then
        step "Starting Docker: systemctl start docker"
        as_root systemctl start docker || true
    else
        step "Starting Docker by hand, for want of systemd; its output goes to $LOG"
        forget_stale_pid /var/run/docker.pid dockerd
        forget_stale_pid /var/run/docker/containerd/containerd.pid containerd
        forget_stale_containerd
        # A session of its own and none of our files: whoever waits for this script, or for the
        # end of its output, must not wait for the engine.
        as_root sh -c "PATH=\$PATH:/usr/sbin:/sbin setsid dockerd </dev/null >>$LOG 2>&1 &"
    fi
}

# Polls until the engine answers; that it forbids us to speak is an answer too.
await_engine() {
    local started=$SECONDS told=$SECONDS
    while [ "$(engine_status)" -eq "$NOBODY_LISTENS" ]; do
        [ $((SECONDS - started)) -lt "$START_TIMEOUT_S" ] ||
            explain_failed_start "did not answer within $START_TIMEOUT_S s"
        [ $((SECONDS - started)) -lt "$GIVE_UP_TIMEOUT_S" ] || runs dockerd ||
            explain_failed_start "gave up"
        if [ $((SECONDS - told)) -ge 5 ]; then
            told=$SECONDS
            printf '    %3d s  waiting for the engine to answer\n' $((SECONDS - started))
        fi
        sleep 0.5
    done
}

# explain_failed_start HOW: the last that the engine said, and the end.
explain_failed_start() {
    printf 'The last lines that the engine said:\n' >&2
    if [ -d /run/systemd/system ]; then
        as_root journalctl -u docker -n 20 --no-pager | sed 's/^/    | /' >&2
    else
        as_root tail -n 20 "$LOG" | sed 's/^/    | /' >&2
    fi
    fail "Docker was started and $1." \
        "Mend what it says above and run the same command again, or set DOCKER_HOST to another engine."
}

join_group() {
    local group
    group=$(docker_group)
    ! member_of "$group" || return 0
    ask_for_root "Letting $(id -un) use the engine"
    step "Adding $(id -un) to the group $group: sudo usermod -aG $group $(id -un)"
    as_root usermod -aG "$group" "$(id -un)"
}

status=$(engine_status)
if [ "$status" -eq "$NOBODY_LISTENS" ]; then
    require_leave_to_act
    install_engine
    ask_for_root "Starting Docker"
    # Installing it may have started it.
    [ "$(engine_status)" -ne "$NOBODY_LISTENS" ] || start_engine
    await_engine
    status=$(engine_status)
fi
if [ "$status" -eq "$NO_PERMISSION" ] && [ -z "${VOIPLAB_GROUPS_RENEWED:-}" ]; then
    require_leave_to_act
    join_group
    with_renewed_groups "$0"
fi
[ "$status" -eq "$ANSWERS" ] || fail "$(cat .setup/find-engine.log)"
step "Container engine: $(cat .setup/engine-address) answers"
