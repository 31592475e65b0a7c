"""The first user's phone in clear, where the second's was to be."""

import checks

from voiplab.grading import Worksheet

TASK, CHECK = "half", "half encrypted"


def bring_about(work: Worksheet) -> dict[str, object]:
    lab = checks.begin_secure(work)
    first = work.student.extension(0)
    lab.change_user(first, security="plain")
    return {"call": checks.talk(lab), "heard_at": [first]}
