#!/usr/bin/env bash
# Removes what labs left on the engine. Needs no set-up, and does none.
. "$(dirname "$0")/steps.sh"

if [ ! -e .venv/.project ]; then
    step "No environment in .venv, so no lab to clean up after"
else
    setup/with-engine.sh .venv/bin/voiplab clean
fi
