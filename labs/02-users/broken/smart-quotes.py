"""A word processor's quotation marks."""

import checks

from voiplab import Lab
from voiplab.grading import Worksheet

TASK, CHECK = "users", ("pjsip.conf: syntax", "users")


def bring_about(work: Worksheet) -> Lab:
    name = work.student.name(0)
    return checks.start_spoilt(work, checks.PJSIP, f'"{name}"', f"“{name}”")
