"""Install telephone servers from Debian's packages, each on a clean machine; keep what each takes.

Chapter 4 shows this recording. Run it through with-engine.sh.
"""

import csv
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from voiplab.evidence import Provenance
from voiplab.installation import Machine

COMMAND = "setup/with-engine.sh .venv/bin/python setup/record_footprints.py"
FOLDER = Path(__file__).parents[1] / "notebooks" / "data" / "footprints"
SERVERS = ("asterisk", "freeswitch", "kamailio", "opensips")
COLUMNS = ("server", "version", "packages", "disk_mib", "modules", "processes", "memory_mib")

CANDIDATE = "LC_ALL=C apt-cache policy {server} | sed -n 's/.*Candidate: //p'"
INSTALLED = "dpkg-query --show --showformat '${db:Status-Status}\\n' | grep -c '^installed$'"
# Without apt's own lists and indices.
DISK_MIB = (
    "du --one-file-system --summarize --block-size=1M "
    "--exclude=/var/cache --exclude=/var/lib/apt / | cut -f 1"
)
# Kamailio's package starts nothing until it is told to.
START = (
    "sed -i 's/^#RUN_KAMAILIO=/RUN_KAMAILIO=/' /etc/default/kamailio 2> /dev/null; "
    "service {server} restart; sleep 10"
)
MODULES = "find /usr/lib -path '*/{server}/modules/*.so' | wc -l"
# What it shares with others counts for its part only.
MEMORY = (
    "for process in $(pgrep -x {server}); do cat /proc/$process/smaps_rollup; done | "
    "awk '/^Pss:/ {{ kib += $2; count += 1 }} END {{ print count, kib / 1024 }}'"
)


def footprint(machine: Machine, server: str) -> dict[str, str | int]:
    """Return what a server takes that is as its package leaves it, with no call and no phone."""
    machine.run("apt-get update --quiet=2")
    version = machine.ask(CANDIDATE.format(server=server))
    if version in {"", "(none)"}:
        return {"server": server}
    packages, disk_mib = int(machine.ask(INSTALLED)), int(machine.ask(DISK_MIB))
    machine.run(f"apt-get install --yes {server}")
    grown = int(machine.ask(INSTALLED)) - packages, int(machine.ask(DISK_MIB)) - disk_mib
    machine.run(START.format(server=server))
    processes, memory_mib = machine.ask(MEMORY.format(server=server)).split()
    modules = int(machine.ask(MODULES.format(server=server)))
    number = re.sub(r"^\d+:|[+-].*$", "", version)
    figures = (server, number, *grown, modules, int(processes), round(float(memory_mib)))
    return dict(zip(COLUMNS, figures, strict=True))


def main() -> None:
    """Measure each server."""
    rows = []
    for server in SERVERS:
        sys.stdout.write(f"==> {server}\n")
        sys.stdout.flush()
        with Machine("footprint") as machine:
            machine.reset()
            rows.append(footprint(machine, server))
        sys.stdout.write(f"{rows[-1]}\n")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "footprints.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    software = {str(row["server"]): str(row["version"]) for row in rows if "version" in row}
    today = datetime.now(UTC).date()
    Provenance(recorded=today, command=COMMAND, software=software).write(FOLDER)


if __name__ == "__main__":
    main()
