"""A call of the student's users, of whom none was switched."""

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
    return checks.talk(checks.begin(work)).evidence
