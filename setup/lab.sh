#!/usr/bin/env bash
# JupyterLab on the quickstart, until Ctrl-C. Run through with-engine.sh.
. "$(dirname "$0")/steps.sh"

readonly NOTEBOOK=notebooks/00-quickstart.ipynb
[ -f "$NOTEBOOK" ] || fail "$NOTEBOOK is missing: is this a whole copy of the project? git status tells."

# What a kernel left running (its window closed, its process killed) ends with the lab.
finish() {
    step "JupyterLab has ended: removing what its notebooks left running"
    .venv/bin/voiplab clean
}
trap finish EXIT
# Ctrl-C and a closed terminal are JupyterLab's to answer; this script waits for it to end.
trap : INT TERM HUP

# The project's own settings: no news, no updates, no extensions from outside.
export JUPYTER_CONFIG_PATH=$PWD/setup/jupyter JUPYTER_PREFER_ENV_PATH=1
arguments=(--ServerApp.root_dir="$PWD" --log-level=WARN)
[ "$(id -u)" -ne 0 ] || arguments+=(--allow-root)
step "Starting JupyterLab on $NOTEBOOK; Ctrl-C ends it"
.venv/bin/jupyter lab "${arguments[@]}" </dev/null
