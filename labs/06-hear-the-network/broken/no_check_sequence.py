"""The rate without the four bytes of each frame's check sequence."""

TASK, CHECK = "bandwidth", "kbit/s"


def bring_about(_work: object) -> float:
    return 214 * 8 * 50 / 1000
