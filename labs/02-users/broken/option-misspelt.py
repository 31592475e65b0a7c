"""An option that there is not: Asterisk refuses the whole endpoint."""

import checks

from voiplab import Lab
from voiplab.grading import Worksheet

TASK, CHECK = "users", ("objects", "registered")


def bring_about(work: Worksheet) -> Lab:
    return checks.start_spoilt(work, checks.PJSIP, "disallow = all", "dissalow = all")
