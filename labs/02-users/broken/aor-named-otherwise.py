"""An aor that is called otherwise than the phone."""

import checks

from voiplab import Lab
from voiplab.grading import Worksheet

TASK, CHECK = "users", ("aor", "registered")


def bring_about(work: Worksheet) -> Lab:
    mine, other = work.student.extension(0), work.student.extension(1)
    return checks.start_spoilt(work, checks.PJSIP, f"aors = {mine}", f"aors = {other}")
