"""A phone that comes back from elsewhere would be refused."""

import checks

from voiplab import Lab
from voiplab.grading import Worksheet

TASK, CHECK = "users", "aor"


def bring_about(work: Worksheet) -> Lab:
    return checks.start_spoilt(work, checks.PJSIP, "remove_existing = yes\n", "")
