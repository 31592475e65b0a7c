"""apt was not told to fetch source packages."""

import checks

from voiplab.grading import Worksheet
from voiplab.installation import Machine

TASK = "source"
CHECK = ("source packages", "source")


def bring_about(work: Worksheet) -> Machine:
    machine = checks.begin(work, before="source")
    machine.run("cd /usr/src && apt-get source asterisk", check=False)
    return machine
