"""A user whose phone has left, after all had been well."""

import checks

from voiplab import Lab
from voiplab.containers import wait_until
from voiplab.grading import Worksheet

TASK, CHECK = "users", "registered"


def bring_about(work: Worksheet) -> Lab:
    lab = checks.start(work)
    work.check(TASK, lab)
    lab[work.student.extension(1)].phone.leave()
    wait_until(
        "the phone to be gone", lambda: not lab.registrations().registered.all(), timeout_s=10
    )
    return lab
