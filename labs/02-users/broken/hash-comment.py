"""A comment after #, as in a shell."""

import checks

from voiplab import Lab
from voiplab.grading import Worksheet

TASK, CHECK = "users", "pjsip.conf: syntax"


def bring_about(work: Worksheet) -> Lab:
    return checks.start_spoilt(
        work, checks.PJSIP, "[transport-udp]", "# Where Asterisk listens\n[transport-udp]"
    )
