"""The other user hangs up."""

import checks

from voiplab import Evidence
from voiplab.grading import Worksheet

TASK, CHECK = "call", "who hangs up"


def bring_about(work: Worksheet) -> Evidence:
    lab = checks.start(work)
    caller, called = (lab[each].phone for each in checks.my_users(work.student))
    call = caller.call(called.extension, say="Hello.", reply="Goodbye.")
    call.wait(checks.LEAST_TALK_S + 0.5)
    if checks.hangs_up(work.student) == caller.extension:
        called.hang_up(called.active_legs()[0])
    call.hang_up()
    return call.evidence
