#!/usr/bin/env bash
# Every test: unit, engine, browser, notebooks, labs. Run through with-engine.sh.
. "$(dirname "$0")/steps.sh"

readonly CELL_TIMEOUT_S=300

setup/lint.sh
step "pytest: unit tests, tests on the engine and in a browser, notebooks"
export VOIPLAB_ENGINE_REQUIRED=1 JUPYTER_PREFER_ENV_PATH=1
exec .venv/bin/pytest --nbval-lax --nbval-cell-timeout="$CELL_TIMEOUT_S" voiplab setup/syllabus setup/lecture tests notebooks
