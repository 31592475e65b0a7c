"""libsrtp was not there when configure looked for it."""

import checks

from voiplab.grading import Worksheet
from voiplab.installation import Machine, by_hand

TASK = "configure"
CHECK = "libsrtp"


def bring_about(work: Worksheet) -> Machine:
    machine = checks.begin(work, before="configure")
    machine.run("apt-get remove --yes libsrtp2-dev")
    next(step for step in by_hand() if step.name == "configure").follow(machine)
    return machine
