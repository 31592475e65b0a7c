#!/usr/bin/env bash
# The benchmarks, and the tshark that they compare with. Run through with-engine.sh.
. "$(dirname "$0")/steps.sh"
. setup/rights.sh
. setup/packages.sh

if ! command -v tshark >/dev/null; then
    command -v apt-get >/dev/null ||
        fail "There is no tshark to compare with." "Install Wireshark's tshark, then run this again."
    install_packages tshark
fi
exec .venv/bin/python benchmarks/run.py "$@"
