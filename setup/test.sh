#!/usr/bin/env bash
# Every test: unit, engine, browser, notebooks, labs. Run through with-engine.sh.
. "$(dirname "$0")/steps.sh"

setup/lint.sh
step "pytest: unit tests, tests on the engine and in a browser, notebooks"
export VOIPLAB_ENGINE_REQUIRED=1 JUPYTER_PREFER_ENV_PATH=1
exec .venv/bin/pytest --durations=20 @setup/nbval.args voiplab setup/syllabus setup/lecture tests notebooks
