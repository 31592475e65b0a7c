"""type = endpont, which Asterisk passes over without a word."""

import checks

from voiplab import Lab
from voiplab.grading import Worksheet

TASK, CHECK = "users", ("objects", "users", "registered")


def bring_about(work: Worksheet) -> Lab:
    return checks.start_spoilt(work, checks.PJSIP, "type = endpoint", "type = endpont")
