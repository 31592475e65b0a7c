"""disallow = all after allow, which leaves no codec."""

import checks

from voiplab import Lab
from voiplab.grading import Worksheet

TASK, CHECK = "users", "codecs"


def bring_about(work: Worksheet) -> Lab:
    return checks.start_spoilt(
        work, checks.PJSIP, "disallow = all\nallow = ulaw,alaw", "allow = ulaw,alaw\ndisallow = all"
    )
