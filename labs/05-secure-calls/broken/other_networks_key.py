"""The key of the same speech, but before or after the server: on the other phone's network."""

import re

import checks

from voiplab.grading import Worksheet

TASK, CHECK = "keys-in-clear", "the right key"


def bring_about(work: Worksheet) -> str:
    who, at = checks.wanted_stream(work.student)
    call = checks.recorded_call()
    leg = next(leg for leg in call.record.legs if leg.user != at)
    told = next(
        re.search(rb"inline:(\S+)", seen.message.sdp)
        for seen in call.capture_at(leg).signalling
        if seen.message.sdp and (seen.packets[0].src == leg.address) == (who == leg.user)
    )
    assert told is not None  # noqa: S101 - each side told its own
    return told[1].decode()
