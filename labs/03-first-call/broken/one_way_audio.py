"""A network that lets the signalling through, and the speech in one direction only."""

import checks

from voiplab import Evidence, Impairment
from voiplab.grading import Worksheet

TASK, CHECK = "call", "speech"


def bring_about(work: Worksheet) -> Evidence:
    lab = checks.start(work)
    caller, called = (lab[each].phone for each in checks.my_users(work.student))
    called.network.impair(incoming=Impairment(loss_pct=100, spares_signalling=True), seed=1)
    call = caller.call(called.extension, say="Hello? Hello?")
    call.wait(checks.LEAST_TALK_S + 0.5)
    if checks.hangs_up(work.student) == called.extension:
        called.hang_up(called.active_legs()[0])
    call.hang_up()
    return call.evidence
