"""A call of which only one phone was switched."""

import checks

from voiplab import Evidence
from voiplab.grading import Worksheet

TASK = "secure"
CHECK = (
    "keys as asked",
    "no SIP in clear",
    "TLS version",
    "TLS cipher suite",
    "SDP asks for SRTP",
    "keys out of sight",
    "media is SRTP",
    "nothing overheard",
    "bytes look random",
)


def bring_about(work: Worksheet) -> Evidence:
    lab = checks.begin(work)
    lab.change_user(work.student.extension(0), security=checks.kind(work.student))
    return checks.talk(lab).evidence
