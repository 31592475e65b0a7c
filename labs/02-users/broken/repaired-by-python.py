"""Users who were added by Python, where files were to be repaired."""

import checks

from voiplab import Lab
from voiplab.grading import Worksheet

TASK, CHECK = "repair", ("by hand", "users", "registered")


def bring_about(work: Worksheet) -> Lab:
    return work.start_lab(users=checks.my_users(work.student))
