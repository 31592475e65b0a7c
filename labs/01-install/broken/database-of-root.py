"""Asterisk may not write its database."""

import checks

from voiplab.grading import Worksheet
from voiplab.installation import Machine

TASK = "start"
CHECK = ("runs", "runs as")


def bring_about(work: Worksheet) -> Machine:
    machine = checks.started(work)
    machine.run("chown -R root:root /var/lib/asterisk && chmod 700 /var/lib/asterisk")
    machine.run("service asterisk restart; sleep 2", check=False)
    return machine
