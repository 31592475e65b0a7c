"""The losses of the whole call, which a neighbour's longer capture might hold."""

import checks

TASK, CHECK = "lost-packets", "lost packets"


def bring_about(_work: object) -> int:
    call = checks.lossy_call()
    bert = next(leg for leg in call.record.legs if leg.user == checks.LISTENER)
    return int(call.capture_at(bert).received_by(bert.address).streams.lost.sum())
