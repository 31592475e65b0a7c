"""A context that extensions.conf doesn't have."""

import checks

from voiplab import Lab
from voiplab.grading import Worksheet

TASK, CHECK = "users", "context"


def bring_about(work: Worksheet) -> Lab:
    return checks.start_spoilt(work, checks.PJSIP, "context = phones", "context = fones")
