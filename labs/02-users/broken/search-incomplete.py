"""Seven of eight faults, and a line that is as it should be."""

import checks

from voiplab.config import find_faults
from voiplab.grading import Worksheet

TASK, CHECK = "search", ("pjsip.conf: found", "extensions.conf: innocent")


def bring_about(work: Worksheet) -> dict[str, list[int]]:
    faults = find_faults(checks.inherited_files(work.student))
    found = {
        file: [each.line for each in faults if each.file == file]
        for file in (checks.PJSIP, checks.EXTENSIONS)
    }
    found[checks.PJSIP].pop()
    found[checks.EXTENSIONS].append(1)
    return found
