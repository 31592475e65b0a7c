#!/usr/bin/env bash
# Every test: unit, engine, browser, notebooks, labs. Run through with-engine.sh.
. "$(dirname "$0")/steps.sh"

readonly CELL_TIMEOUT_S=300
# Tests on the engine mostly wait, for a phone to register or a sentence to be said.
readonly PROCESSES=4

setup/lint.sh
step "pytest: unit tests, tests on the engine and in a browser, notebooks"
export VOIPLAB_ENGINE_REQUIRED=1 JUPYTER_PREFER_ENV_PATH=1
# What takes longest begins first: --no-loadscope-reorder keeps to the order that is given here.
exec .venv/bin/pytest --numprocesses="$PROCESSES" --dist=loadgroup --no-loadscope-reorder \
    --durations=20 --nbval-lax --nbval-cell-timeout="$CELL_TIMEOUT_S" \
    tests/notebooks notebooks tests/docker tests/browser tests/unit voiplab
