"""A password that is the number."""

import checks

from voiplab import Lab
from voiplab.grading import Worksheet

TASK, CHECK = "users", ("password", "secrets")


def bring_about(work: Worksheet) -> Lab:
    mine = work.student.extension(0)
    secret = work.student.secret(0)
    return checks.start_spoilt(work, checks.PJSIP, f"password = {secret}", f"password = {mine}")
