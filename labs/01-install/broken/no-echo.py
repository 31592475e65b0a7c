"""The number is answered, and nothing comes back."""

import checks

from voiplab.grading import Worksheet
from voiplab.installation import Machine

TASK = "call"
CHECK = "heard"


def bring_about(work: Worksheet) -> Machine:
    machine = checks.with_users(work)
    machine.run("sed -i 's/Echo()/Wait(60)/' /etc/asterisk/extensions.conf")
    machine.run("asterisk -rx 'dialplan reload'")
    return machine
