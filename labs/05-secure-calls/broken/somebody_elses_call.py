"""A call that nobody can listen to, between two users who are not the student's."""

import checks

from voiplab import Evidence
from voiplab.grading import Student, Worksheet

TASK, CHECK = "secure", "your call"


def bring_about(work: Worksheet) -> Evidence:
    others = checks.users(Student("a neighbour"))
    lab = work.start_lab(users=others, security=checks.kind(work.student))
    return checks.talk(lab).evidence
