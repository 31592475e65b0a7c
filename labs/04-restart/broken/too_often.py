"""Phones that are back in time because they register more often than they need."""

import time

import checks

from voiplab import Lab
from voiplab.grading import Worksheet

TASK = "interval"
CHECK = ("first phone granted", "second phone granted")


def bring_about(work: Worksheet) -> Lab:
    lab = checks.begin(work)
    files = checks.files(work.student)
    longest = f"maximum_expiration = {checks.GRANTED_S}"
    files["pjsip.conf"] = files["pjsip.conf"].replace(longest, "maximum_expiration = 5")
    lab.load(files)
    down_s = time.time()
    lab.pbx.restart_in_order()
    for phone in lab.phones.values():
        checks.wait_for_registration(phone, down_s)
    return lab
