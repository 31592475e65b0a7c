"""A buffer that is one step too short."""

TASK, CHECK = "shortest-wait", "long enough"


def bring_about(_work: object) -> int:
    return 60
