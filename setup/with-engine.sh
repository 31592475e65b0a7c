#!/usr/bin/env bash
# with-engine.sh COMMAND...: becomes the command, once an engine answers to this user.
. "$(dirname "$0")/steps.sh"
. setup/rights.sh

status=0
.venv/bin/python setup/find_engine.py >/dev/null 2>.setup/find-engine.log || status=$?
[ "$status" -ne 0 ] || exec "$@"
if [ "$status" -eq 3 ] && [ -z "${VOIPLAB_GROUPS_RENEWED:-}" ] && member_of "$(docker_group)"; then
    with_renewed_groups "$0" "$@"
fi
fail "$(cat .setup/find-engine.log)"
