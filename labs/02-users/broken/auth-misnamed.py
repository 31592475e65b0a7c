"""An endpoint that names an auth which is not there."""

import checks

from voiplab import Lab
from voiplab.grading import Worksheet

TASK, CHECK = "users", ("login", "secrets", "registered")


def bring_about(work: Worksheet) -> Lab:
    mine = work.student.extension(0)
    return checks.start_spoilt(work, checks.PJSIP, f"auth = {mine}", f"auth = {mine}0")
