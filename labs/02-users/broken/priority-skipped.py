"""Priority 3 after 1: the call ends before it."""

import checks

from voiplab import Lab
from voiplab.grading import Worksheet

TASK, CHECK = "dial-plan", "priorities"


def bring_about(work: Worksheet) -> Lab:
    mine = work.student.extension(0)
    return checks.start_spoilt(
        work,
        checks.EXTENSIONS,
        f"exten => {mine},1,",
        f"exten => {mine},1,NoOp()\nexten => {mine},3,",
    )
