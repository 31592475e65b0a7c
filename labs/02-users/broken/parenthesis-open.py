"""A parenthesis that is not closed."""

import checks

from voiplab import Lab
from voiplab.grading import Worksheet

TASK, CHECK = "dial-plan", "dial"


def bring_about(work: Worksheet) -> Lab:
    return checks.start_spoilt(work, checks.EXTENSIONS, ")\n", "\n")
