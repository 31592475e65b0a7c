"""A number that rings nobody."""

import checks

from voiplab import Lab
from voiplab.grading import Worksheet

TASK, CHECK = "dial-plan", "dial"


def bring_about(work: Worksheet) -> Lab:
    mine = work.student.extension(0)
    return checks.start_spoilt(
        work, checks.EXTENSIONS, f"{mine},1,Dial(PJSIP/{mine},", f"{mine},1,NoOp("
    )
