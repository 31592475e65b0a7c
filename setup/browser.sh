#!/usr/bin/env bash
# A browser for the tests: the Chromium that there is, else the distribution's package.
. "$(dirname "$0")/steps.sh"
. setup/rights.sh
. setup/packages.sh

if command -v chromium >/dev/null; then
    already "Browser: $(command -v chromium)"
    exit
fi
command -v apt-get >/dev/null || fail "The tests in a browser need Chromium, as the command chromium." \
    "Install it, then run this again."
install_packages chromium fonts-dejavu-core
