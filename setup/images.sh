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
    step "Providing the image that the lab's images start from"
    if ! .venv/bin/python setup/base_image.py; then
        step "Without a registry it is made from Debian's packages, which takes mmdebstrap"
        install_packages mmdebstrap debian-archive-keyring uidmap
    fi
fi
step "Building the container images"
.venv/bin/voiplab images
