"""A kill, where a restart in order was asked for; measured as it should be."""

import time

import checks

from voiplab.grading import Worksheet

TASK = "restart-in-order"
CHECK = ("in order", "the call's end")


def bring_about(work: Worksheet) -> dict[str, object]:
    lab = checks.begin(work)
    first, second = lab.phones.values()
    call = first.call(lab[second.extension])
    call.wait(seconds=1)
    down_s = time.time()
    lab.pbx.kill()
    lab.pbx.restart()
    back = {
        extension: checks.wait_for_registration(phone, down_s) - down_s
        for extension, phone in lab.phones.items()
    }
    call.hang_up()
    return {"lab": lab, "call": call, "back": back}
