"""A neighbour's account, on a server of one's own."""

import checks

from voiplab.grading import Student, Worksheet
from voiplab.installation import Machine
from voiplab.installation.steps import BOOTED

TASK = "call"
CHECK = ("registered", "answered", "heard")


def bring_about(work: Worksheet) -> Machine:
    machine = checks.started(work)
    for file, text in checks.files(Student("Neighbour")).items():
        machine.write(f"/etc/asterisk/{file}", text)
    machine.run("service asterisk restart")
    machine.run(BOOTED)
    return machine
