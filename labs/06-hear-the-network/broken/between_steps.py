"""A wait that is no multiple of the step."""

TASK, CHECK = "shortest-wait", "steps"


def bring_about(_work: object) -> int:
    return 65
