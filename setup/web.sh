#!/usr/bin/env bash
# What runs in a browser, built from web/ into voiplab/widgets/static and from slides/ into
# slides/static. Both are committed: whoever only uses them needs no Node.js.
. "$(dirname "$0")/steps.sh"

command -v npm >/dev/null || fail "Building what runs in the browser takes Node.js 20 or later with npm." \
    "Install it (Debian, Ubuntu: sudo apt-get install nodejs npm), then run this again."
for folder in web slides; do
    step "Installing the locked packages of $folder/"
    (cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund)
    step "Building $folder/"
    (cd "$folder" && npm run build)
done
