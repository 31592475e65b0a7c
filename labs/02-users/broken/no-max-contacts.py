"""An aor without max_contacts, of which Asterisk's default is 0."""

import checks

from voiplab import Lab
from voiplab.grading import Worksheet

TASK, CHECK = "users", ("aor", "registered")


def bring_about(work: Worksheet) -> Lab:
    return checks.start_spoilt(work, checks.PJSIP, "max_contacts = 1\n", "")
