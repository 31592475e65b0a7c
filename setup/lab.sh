#!/usr/bin/env bash
# JupyterLab on the quickstart, until Ctrl-C. Run through with-engine.sh.
. "$(dirname "$0")/steps.sh"

readonly NOTEBOOK=notebooks/00-quickstart.ipynb
[ -f "$NOTEBOOK" ] || fail "$NOTEBOOK is missing: is this a whole copy of the project? git status tells."

# The project's own settings: no news, no updates, no extensions from outside.
export JUPYTER_CONFIG_PATH=$PWD/setup/jupyter JUPYTER_PREFER_ENV_PATH=1
arguments=(--ServerApp.root_dir="$PWD" --log-level=WARN)
[ "$(id -u)" -ne 0 ] || arguments+=(--allow-root)
[ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}${BROWSER:-}" ] || [ "$(uname -s)" = Darwin ] ||
    arguments+=(--no-browser)

step "Starting JupyterLab on $NOTEBOOK; Ctrl-C ends it"
# In a process group of its own (set -m) it does not see Ctrl-C, which would end it before its
# kernels; it is asked to end instead, and stops them, and they their labs.
set -m
.venv/bin/jupyter lab "${arguments[@]}" </dev/null &
server=$!
trap 'kill -TERM "$server" 2>/dev/null || true' INT TERM HUP
status=0
while kill -0 "$server" 2>/dev/null; do
    status=0
    wait "$server" || status=$?
done
step "JupyterLab has ended: removing what a kernel that was killed may have left"
.venv/bin/voiplab clean
exit "$status"
