"""It runs, and nobody told init to start it."""

import checks

from voiplab.grading import Worksheet
from voiplab.installation import Machine

TASK = "enable"
CHECK = ("link", "after a reboot")


def bring_about(work: Worksheet) -> Machine:
    machine = checks.started(work)
    machine.run("update-rc.d asterisk disable")
    return machine
