"""The rate of the codec, without the headers that carry it."""

TASK, CHECK = "bandwidth", "kbit/s"


def bring_about(_work: object) -> float:
    return 64.0
