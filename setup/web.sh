#!/usr/bin/env bash
# The phone in the browser, built from web/ into voiplab/widgets/static, which is committed: whoever
# only uses the phone needs no Node.js.
. "$(dirname "$0")/steps.sh"

command -v npm >/dev/null || fail "Building the phone in the browser takes Node.js 20 or later with npm." \
    "Install it (Debian, Ubuntu: sudo apt-get install nodejs npm), then run this again."
step "Installing the locked packages of web/"
(cd web && npm ci --ignore-scripts --no-audit --no-fund)
step "Building into voiplab/widgets/static"
(cd web && npm run build)
