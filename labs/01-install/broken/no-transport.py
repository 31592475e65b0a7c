"""The server's pjsip.conf has users, and no transport."""

import checks

from voiplab.grading import Worksheet
from voiplab.installation import Machine
from voiplab.installation.steps import BOOTED

TASK = "call"
CHECK = ("SIP port", "registered", "answered", "heard")


def bring_about(work: Worksheet) -> Machine:
    machine = checks.started(work)
    pjsip = checks.files(work.student)["pjsip.conf"]
    machine.write("/etc/asterisk/pjsip.conf", pjsip.partition("\n\n")[2])
    machine.run("service asterisk restart")
    machine.run(BOOTED)
    return machine
