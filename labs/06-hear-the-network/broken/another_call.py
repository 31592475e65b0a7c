"""A call of chapter 8, which lost more than was asked for."""

import checks

from voiplab import Evidence

TASK, CHECK = "spoilt-call", ("your call", "rating")


def bring_about(_work: object) -> Evidence:
    return checks.lossy_call()
