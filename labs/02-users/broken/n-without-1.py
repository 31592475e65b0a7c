"""n in the first line of all."""

import checks

from voiplab import Lab
from voiplab.grading import Worksheet

TASK, CHECK = "dial-plan", ("priorities", "numbers")


def bring_about(work: Worksheet) -> Lab:
    mine = work.student.extension(0)
    return checks.start_spoilt(
        work, checks.EXTENSIONS, f"exten => {mine},1,", f"exten => {mine},n,"
    )
