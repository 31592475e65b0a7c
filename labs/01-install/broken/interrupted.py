"""make was interrupted, and not run again."""

import checks

from voiplab.grading import Worksheet
from voiplab.installation import Machine

TASK = "compile"
CHECK = ("asterisk", "modules")


def bring_about(work: Worksheet) -> Machine:
    machine = checks.begin(work, before="compile")
    machine.run("cd /usr/src/asterisk-22* && timeout --signal=INT 3 make -j2", check=False)
    return machine
