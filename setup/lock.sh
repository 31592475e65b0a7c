#!/usr/bin/env bash
# Writes requirements.lock anew: the newest versions that pyproject.toml allows, for Python 3.11
# and later on Linux, macOS and Windows, with the hashes of their files and no address.
# uv does not read pip's configuration: a mirror that pip is told to use is passed on to it.
. "$(dirname "$0")/steps.sh"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
step "Installing uv in a folder of its own"
"${PYTHON:-python3}" -m venv "$scratch/uv"
follow uv "$scratch/uv/bin/pip" install --disable-pip-version-check uv ||
    fail_with_log uv "pip could not install uv, which resolves the versions."
if mirror=$("$scratch/uv/bin/pip" config get global.index-url 2>/dev/null); then
    export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$mirror}"
fi
step "Resolving pyproject.toml"
{
    echo "# Written by: make lock"
    "$scratch/uv/bin/uv" --no-config pip compile --quiet --universal --python-version 3.11 \
        --extra build --extra site --extra test --generate-hashes --only-binary :all: \
        --no-emit-index-url --no-emit-find-links --no-annotate --no-header pyproject.toml
} >"$scratch/requirements.lock"
! grep -q "://" "$scratch/requirements.lock" || fail "The lock would hold an address: nothing was written."
cp "$scratch/requirements.lock" requirements.lock
step "requirements.lock holds $(grep -c == requirements.lock) packages"
