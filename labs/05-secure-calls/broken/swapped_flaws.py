"""Two certificates taken for each other."""

import checks

from voiplab.grading import Worksheet

TASK, CHECK = "certificates", ("certificate A", "certificate C")


def bring_about(work: Worksheet) -> dict[str, str]:
    right = checks.flaws(work.student)
    return right | {"A": right["C"], "C": right["A"]}
