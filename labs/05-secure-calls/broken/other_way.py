"""An encrypted call, but its keys were agreed on in the other way."""

import checks

from voiplab import Evidence
from voiplab.grading import Worksheet

TASK, CHECK = "secure", "keys as asked"


def bring_about(work: Worksheet) -> Evidence:
    lab = checks.begin(work)
    (other,) = set(checks.KINDS) - {checks.kind(work.student)}
    for extension in checks.users(work.student):
        lab.change_user(extension, security=other)
    return checks.talk(lab).evidence
