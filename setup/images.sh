#!/usr/bin/env bash
# The lab's container images, built from docker/. Run through with-engine.sh.
. "$(dirname "$0")/steps.sh"
. setup/rights.sh
. setup/packages.sh

if .venv/bin/voiplab images --check >/dev/null 2>&1; then
    already "Container images"
    exit
fi
if ! command -v mmdebstrap >/dev/null && command -v apt-get >/dev/null; then
    step "Fetching the image that the lab's images start from"
    if ! follow base-image .venv/bin/python setup/base_image.py; then
        step "No registry gives it (.setup/base-image.log): it will be made from Debian's packages"
        install_packages mmdebstrap debian-archive-keyring uidmap
    fi
fi
step "Building the container images"
follow images .venv/bin/voiplab images || fail_with_log images "The container images could not be built." \
    "Mend what it says above (is the network up? is the disk full?), then run the same command again."
