"""A restart in order, after which the phones were told to register."""

import time

import checks

from voiplab.grading import Worksheet

TASK = "restart-in-order"
CHECK = ("first phone by itself", "second phone by itself")


def bring_about(work: Worksheet) -> dict[str, object]:
    lab = checks.begin(work)
    first, second = lab.phones.values()
    call = first.call(lab[second.extension])
    call.wait(seconds=1)
    down_s = time.time()
    lab.pbx.restart_in_order()
    # Impatient, but not quicker than the whole seconds in which Asterisk tells its uptime.
    time.sleep(2)
    for phone in lab.phones.values():
        phone.register()
    call.hang_up()
    back = {
        extension: checks.wait_for_registration(phone, down_s) - down_s
        for extension, phone in lab.phones.items()
    }
    return {"lab": lab, "call": call, "back": back}
