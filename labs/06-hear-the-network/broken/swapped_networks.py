"""Two networks taken for each other."""

import checks

from voiplab.grading import Worksheet

TASK, CHECK = "networks", ("network B", "network E")


def bring_about(work: Worksheet) -> dict[str, str]:
    right = checks.names_of_networks(work.student)
    return right | {"B": right["E"], "E": right["B"]}
