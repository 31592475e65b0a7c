"""One user too many."""

import checks

from voiplab import Lab
from voiplab.grading import Worksheet

TASK, CHECK = "users", "extensions"


def bring_about(work: Worksheet) -> Lab:
    return checks.start_with_three(work)
