"""A user who refuses, taken for one who is busy: the caller is told the same."""

from typing import Any

import checks

from voiplab import Answering
from voiplab.grading import Worksheet

TASK, CHECK = "refusals", "busy call"


def bring_about(work: Worksheet) -> dict[str, Any]:
    lab = checks.start(work)
    caller, called = checks.my_users(work.student)
    lab[called].phone.answering = Answering.REFUSE
    refused = checks.call_that_fails(lab, caller, called)
    unknown = checks.call_that_fails(lab, caller, "999")
    calls = {"busy": refused, "refused": refused, "unknown": unknown}
    return {"calls": calls, "codes": {"busy": 486, "refused": 486, "unknown": 404}}
