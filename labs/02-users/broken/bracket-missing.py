"""A section whose bracket is not closed: Asterisk reads nothing of the file."""

import checks

from voiplab import Lab
from voiplab.grading import Worksheet

TASK, CHECK = "users", ("pjsip.conf: syntax", "registered")


def bring_about(work: Worksheet) -> Lab:
    mine = work.student.extension(0)
    return checks.start_spoilt(work, checks.PJSIP, f"[{mine}]", f"[{mine}")
