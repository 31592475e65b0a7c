"""A call that is over as soon as it is answered."""

import checks

from voiplab import Evidence
from voiplab.grading import Worksheet

TASK, CHECK = "call", "talk"


def bring_about(work: Worksheet) -> Evidence:
    lab = checks.start_with_all(work)
    caller, called = (lab[extension] for extension in checks.my_users(work.student))
    call = caller.phone.call(called)
    call.hang_up()
    return call.evidence
