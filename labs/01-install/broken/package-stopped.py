"""The package is there, and its service was stopped."""

import checks

from voiplab.grading import Worksheet
from voiplab.installation import Machine

TASK = "packaged"
CHECK = "runs as"


def bring_about(work: Worksheet) -> Machine:
    machine = checks.server(work)
    machine.run("service asterisk stop; while pidof asterisk > /dev/null; do sleep 0.1; done")
    return machine
