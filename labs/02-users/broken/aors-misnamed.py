"""An endpoint that names an aor which is not there."""

import checks

from voiplab import Lab
from voiplab.grading import Worksheet

TASK, CHECK = "users", ("aor", "registered")


def bring_about(work: Worksheet) -> Lab:
    mine = work.student.extension(0)
    return checks.start_spoilt(work, checks.PJSIP, f"aors = {mine}", f"aors = {mine}0")
