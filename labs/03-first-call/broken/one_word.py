"""A call that is over before anything could be said."""

import checks

from voiplab import Evidence
from voiplab.grading import Worksheet

TASK, CHECK = "call", "talk"


def bring_about(work: Worksheet) -> Evidence:
    lab = checks.start(work)
    caller, called = (lab[each].phone for each in checks.my_users(work.student))
    call = caller.call(called.extension, say="Sorry, wrong number.")
    call.wait(1)
    if checks.hangs_up(work.student) == called.extension:
        called.hang_up(called.active_legs()[0])
    call.hang_up()
    return call.evidence
