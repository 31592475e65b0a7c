"""It runs, as root: the start script was not told of the user."""

import checks

from voiplab.grading import Worksheet
from voiplab.installation import Machine
from voiplab.installation.steps import BOOTED

TASK = "start"
CHECK = "runs as"


def bring_about(work: Worksheet) -> Machine:
    machine = checks.started(work)
    machine.run("rm /etc/default/asterisk && service asterisk restart")
    machine.run(BOOTED)
    return machine
