"""No transport: nobody listens."""

import checks

from voiplab import Lab
from voiplab.grading import Worksheet

TASK, CHECK = "users", ("transport", "registered")


def bring_about(work: Worksheet) -> Lab:
    return checks.start_spoilt(
        work,
        checks.PJSIP,
        "[transport-udp]\ntype = transport\nprotocol = udp\nbind = 0.0.0.0\n",
        "",
    )
