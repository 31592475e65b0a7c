"""An auth without a user name: Asterisk refuses it."""

import checks

from voiplab import Lab
from voiplab.grading import Worksheet

TASK, CHECK = "users", ("login", "registered")


def bring_about(work: Worksheet) -> Lab:
    mine = work.student.extension(0)
    return checks.start_spoilt(work, checks.PJSIP, f"username = {mine}\n", "")
