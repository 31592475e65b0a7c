"""An inheritance in which the password is still the number."""

import checks

from voiplab import Lab
from voiplab.grading import Worksheet

TASK, CHECK = "repair", "password"


def bring_about(work: Worksheet) -> Lab:
    repaired = checks.files(work.student, checks.HEIR)
    number, secret = work.student.extension(2), work.student.secret(2)
    pjsip = repaired[checks.PJSIP].replace(secret, number)
    return work.start_lab(configuration=repaired | {checks.PJSIP: pjsip})
