"""A restart in order, where a kill was asked for."""

import time

import checks

from voiplab.grading import Worksheet

TASK = "kill"
CHECK = ("killed", "the call's end")


def bring_about(work: Worksheet) -> dict[str, object]:
    lab = checks.begin(work)
    first, second = lab.phones.values()
    call = first.call(lab[second.extension])
    call.wait(seconds=1)
    down_s = time.time()
    lab.pbx.restart_in_order()
    back = {
        extension: checks.wait_for_registration(phone, down_s) - down_s
        for extension, phone in lab.phones.items()
    }
    call.hang_up()
    return {"lab": lab, "call": call, "back": back}
