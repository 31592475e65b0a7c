#!/usr/bin/env bash
# Python's environment in .venv: the locked packages, then this project from its folder.
# PYTHON=... names the interpreter to use.
. "$(dirname "$0")/steps.sh"
. setup/rights.sh
. setup/packages.sh

readonly LOCKED=.venv/.locked-packages PROJECT=.venv/.project

# new_enough COMMAND: is it a Python that the project can use?
new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
    local candidate
    if [ -n "${PYTHON:-}" ]; then
        new_enough "$PYTHON" || fail "PYTHON=$PYTHON is not a Python of 3.11 or later."
        echo "$PYTHON"
        return
    fi
    for candidate in python3 python3.14 python3.13 python3.12 python3.11 /usr/bin/python3; do
        ! new_enough "$candidate" || { echo "$candidate" && return; }
    done
    fail "No Python of 3.11 or later was found." \
        "Debian 12, Ubuntu 24.04 and later: apt install python3. Elsewhere install one, then: make PYTHON=/path/to/python3 ..."
}

# fingerprint PYTHON FILE: changes with the file, the interpreter's version and this folder's place.
fingerprint() {
    "$1" - "$2" <<'END' 2>/dev/null
import hashlib, os, pathlib, sys
seen = [os.getcwd(), "%d.%d" % sys.version_info[:2], pathlib.Path(sys.argv[1]).read_text("utf-8")]
print(hashlib.sha256("\n".join(seen).encode()).hexdigest())
END
}

# stamped STAMP FILE: does the stamp, written only after success, speak of the file as it is now?
stamped() {
    local now
    now=$(fingerprint "${PYTHON:-.venv/bin/python}" "$2") && [ "$(cat "$1" 2>/dev/null)" = "$now" ]
}

make_environment() {
    local python
    python=$(find_python)
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        step "$python lacks its venv module"
        command -v apt-get >/dev/null ||
            fail "Install the venv and ensurepip modules of $python, then run this again."
        install_packages "$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
    fi
    [ ! -e .venv ] || step ".venv is unfinished or no longer fits: making it anew"
    rm -rf .venv
    step "Making .venv with $("$python" --version)"
    "$python" -m venv .venv
    step "Installing the locked Python packages (requirements.lock)"
    follow pip .venv/bin/python -m pip install --disable-pip-version-check \
        --no-deps --only-binary :all: --require-hashes -r requirements.lock ||
        fail_with_log pip "pip could not install the locked packages." \
            "Mend what it says above (is a package index reachable? pip config list), then run the same command again."
    fingerprint .venv/bin/python requirements.lock >"$LOCKED"
}

install_project() {
    step "Installing voiplab from this folder"
    follow project .venv/bin/python -m pip install --disable-pip-version-check \
        --no-deps --no-build-isolation --editable . ||
        fail_with_log project "pip could not install this project."
    fingerprint .venv/bin/python pyproject.toml >"$PROJECT"
}

# Two runs at once would build the same folder.
if command -v flock >/dev/null; then
    exec 9>.setup/environment.lock
    flock --nonblock 9 || {
        step "Waiting for another set-up of this folder to end"
        flock 9
    }
fi
if stamped "$LOCKED" requirements.lock; then
    already "Python environment .venv"
else
    make_environment
fi
stamped "$PROJECT" pyproject.toml || install_project
