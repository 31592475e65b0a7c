#!/usr/bin/env bash
# Every test: unit, engine, browser, notebooks, labs. Run through with-engine.sh.
. "$(dirname "$0")/steps.sh"

# Tests on the engine mostly wait, for a phone to register or a sentence to be said.
readonly PROCESSES=4

setup/lint.sh
step "pytest: unit tests, tests on the engine and in a browser, notebooks"
export VOIPLAB_ENGINE_REQUIRED=1 JUPYTER_PREFER_ENV_PATH=1
exec .venv/bin/pytest --numprocesses="$PROCESSES" --dist=loadgroup --no-loadscope-reorder \
    --durations=20 @setup/nbval.args voiplab setup/syllabus setup/lecture tests notebooks
