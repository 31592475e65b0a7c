"""603 Decline, which a phone may send, but these don't."""

from typing import Any

import checks

from voiplab import Answering
from voiplab.grading import Worksheet

TASK, CHECK = "refusals", "refused code"


def bring_about(work: Worksheet) -> dict[str, Any]:
    lab = checks.start_with_three(work)
    caller, called = checks.my_users(work.student)
    talk = lab[work.student.extension(2)].phone.call(called)
    busy = checks.call_that_fails(lab, caller, called)
    talk.hang_up()
    lab[called].phone.answering = Answering.REFUSE
    refused = checks.call_that_fails(lab, caller, called)
    unknown = checks.call_that_fails(lab, caller, "999")
    calls = {"busy": busy, "refused": refused, "unknown": unknown}
    return {"calls": calls, "codes": {"busy": 486, "refused": 603, "unknown": 404}}
