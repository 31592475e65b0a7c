"""A neighbour's lab, in which the server asks and one phone is gone."""

import checks

from voiplab import Lab
from voiplab.grading import Student, Worksheet

TASK = "unplugged"
CHECK = (
    "your lab",
    "first phone asked",
    "second phone asked",
    "first phone is there",
    "second phone was missed",
)


def bring_about(work: Worksheet) -> Lab:
    files = checks.files(Student("a neighbour"))
    asked = files["pjsip.conf"].replace("qualify_frequency = 0", "qualify_frequency = 3")
    return work.start_lab(configuration=files | {"pjsip.conf": asked})
