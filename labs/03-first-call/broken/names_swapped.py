"""Two users who bear each other's names."""

import checks

from voiplab import Lab
from voiplab.grading import Worksheet

TASK, CHECK = "users", "names"


def bring_about(work: Worksheet) -> Lab:
    mine = checks.my_users(work.student)
    return work.start_lab(users=dict(zip(mine, reversed(mine.values()), strict=True)))
