#!/usr/bin/env bash
# The lab's container images, built from docker/. Run through with-engine.sh.
. "$(dirname "$0")/steps.sh"
. setup/packages.sh

if .venv/bin/voiplab images --check >/dev/null 2>&1; then
    already "Container images"
    exit
fi
step "Fetching the base image of the lab's images"
if ! follow base-image .venv/bin/python setup/base_image.py 2>/dev/null; then
    step "No image registry gives it: it will be made from Debian's packages"
    command -v apt-get >/dev/null ||
        fail "That takes mmdebstrap, which only Debian and Ubuntu package." \
            "Have an image registry reached (a proxy? see the engine's manual), then run this again."
    install_packages mmdebstrap debian-archive-keyring
fi
step "Building the container images (a few minutes the first time)"
.venv/bin/voiplab images
