"""Install Asterisk by hand from nothing, with few modules and with all, and keep what that took.

Chapter 5 shows these recordings: all modules take some seven minutes on two cores. Run it through
with-engine.sh, on a machine that does nothing else.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from voiplab.evidence import Provenance
from voiplab.installation import Machine, by_hand, install
from voiplab.installation.steps import MODULES

COMMAND = "setup/with-engine.sh .venv/bin/python setup/record_installation.py"
DATA = Path(__file__).parents[1] / "notebooks" / "data"
WAYS = {
    "install-by-hand-few": (f"by hand, {len(MODULES)} modules", by_hand()),
    "install-by-hand-all": ("by hand, all modules", by_hand(None)),
}


def main() -> None:
    """Record each way."""
    for folder, (way, steps) in WAYS.items():
        sys.stdout.write(f"==> {way}\n")
        sys.stdout.flush()
        with Machine("install") as machine:
            machine.reset()
            # From nothing: what earlier machines fetched and compiled does not count.
            machine.write("/etc/ccache.conf", "disable = true\n")
            machine.run("apt-get clean")
            done = install(machine, way, steps)
        done.save(DATA / folder)
        today = datetime.now(UTC).date()
        Provenance(recorded=today, command=COMMAND, software=dict(done.software)).write(
            DATA / folder
        )
        sys.stdout.write(f"{done!r}\n")


if __name__ == "__main__":
    main()
