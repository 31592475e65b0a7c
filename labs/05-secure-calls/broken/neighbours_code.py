"""What a neighbour heard in the neighbour's call."""

import checks

from voiplab.grading import Student

TASK, CHECK = "intercept", "overheard code"


def bring_about(_work: object) -> int:
    return checks.code(Student("a neighbour"))
