"""The channel driver that phones speak to was left out of the choice."""

import checks

from voiplab.grading import Worksheet
from voiplab.installation import Machine

TASK = "choice"
CHECK = "chosen"


def bring_about(work: Worksheet) -> Machine:
    machine = checks.begin(work, before="compile")
    machine.run("cd /usr/src/asterisk-22*")
    machine.run("menuselect/menuselect --disable chan_pjsip menuselect.makeopts")
    return machine
