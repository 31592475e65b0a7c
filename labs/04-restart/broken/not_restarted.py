"""A shorter registration that was loaded, and never put to the test."""

import checks

from voiplab import Lab
from voiplab.grading import Worksheet

TASK = "interval"
CHECK = ("first phone back in time", "second phone back in time")


def bring_about(work: Worksheet) -> Lab:
    lab = checks.begin(work)
    granted_s = int(checks.seconds(work.student) / checks.RENEWED)
    files = checks.files(work.student)
    longest = f"maximum_expiration = {checks.GRANTED_S}"
    files["pjsip.conf"] = files["pjsip.conf"].replace(longest, f"maximum_expiration = {granted_s}")
    lab.load(files)
    return lab
