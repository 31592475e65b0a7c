#!/usr/bin/env bash
# with-engine.sh COMMAND...: runs the command so that it reaches the engine that answers.
# A user who was made a member of the socket's group a moment ago is one only after the next
# login; until then the command is run with the groups as they stand in the database.
. "$(dirname "$0")/steps.sh"
. setup/packages.sh

status=0
address=$(.venv/bin/python setup/find_engine.py 2>.setup/find-engine.log) || status=$?
if [ "$status" -eq 0 ]; then
    [ "$address" = unix:///var/run/docker.sock ] || export DOCKER_HOST="$address"
    exec "$@"
fi
socket=${DOCKER_HOST:-unix:///var/run/docker.sock}
group=$(stat -c %G "${socket#unix://}" 2>/dev/null || true)
if [ "$status" -eq 3 ] && [ -z "${VOIPLAB_GROUPS_RENEWED:-}" ] &&
    id -nG "$(id -un)" | tr ' ' '\n' | grep -qx "$group"; then
    ask_for_root "Joining the group $group before the next login"
    exec sudo --preserve-env setpriv --reuid "$(id -u)" --regid "$(id -g)" --init-groups \
        env PATH="$PATH" HOME="$HOME" VOIPLAB_GROUPS_RENEWED=1 "$0" "$@"
fi
fail "No container engine answers:" "$(cat .setup/find-engine.log)" "make setup mends that."
