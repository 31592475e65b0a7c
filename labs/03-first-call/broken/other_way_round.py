"""The called user calls the caller."""

import checks

from voiplab import Evidence
from voiplab.grading import Worksheet

TASK, CHECK = "call", "who calls whom"


def bring_about(work: Worksheet) -> Evidence:
    lab = checks.start(work)
    caller, called = (lab[each].phone for each in checks.my_users(work.student))
    call = called.call(caller.extension, say="Hello?", reply="Who is there?")
    call.wait(checks.LEAST_TALK_S + 0.5)
    if checks.hangs_up(work.student) == caller.extension:
        caller.hang_up(caller.active_legs()[0])
    call.hang_up()
    return call.evidence
