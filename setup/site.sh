#!/usr/bin/env bash
# site.sh [FOLDER]: the course as a site to read, in build/site or the folder: the notebooks as they
# are committed, none executed.
. "$(dirname "$0")/steps.sh"

readonly built=${1:-$PWD/build/site}

step "Building the site"
rm -rf "$built"
.venv/bin/sphinx-build --quiet --fail-on-warning --keep-going --jobs auto \
    --doctree-dir "$built-state" --conf-dir site . "$built"
step "The course is in $built: open index.html, or put the folder on any web server"
