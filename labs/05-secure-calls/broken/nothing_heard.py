"""The direction in which no code is said."""

TASK, CHECK = "intercept", "overheard code"


def bring_about(_work: object) -> int:
    return 0
