"""The right call, and the belief that half a secret is none at all."""

import checks

from voiplab.grading import Worksheet

TASK, CHECK = "half", "who can listen where"


def bring_about(work: Worksheet) -> dict[str, object]:
    lab = checks.begin_secure(work)
    lab.change_user(work.student.extension(1), security="plain")
    return {"call": checks.talk(lab), "heard_at": sorted(checks.users(work.student))}
