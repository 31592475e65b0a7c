"""The packaged Asterisk, passed off as one that was compiled."""

import checks

from voiplab.grading import Worksheet
from voiplab.installation import Machine

TASK = "install"
CHECK = "by hand"


def bring_about(work: Worksheet) -> Machine:
    return checks.server(work)
