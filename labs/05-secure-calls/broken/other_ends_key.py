"""The key with which the other side of the same network encrypts."""

import re

import checks

from voiplab.grading import Worksheet

TASK, CHECK = "keys-in-clear", "the right key"


def bring_about(work: Worksheet) -> str:
    who, at = checks.wanted_stream(work.student)
    call = checks.recorded_call()
    leg = next(leg for leg in call.record.legs if leg.user == at)
    told = {
        seen.packets[0].src == leg.address: re.search(rb"inline:(\S+)", seen.message.sdp or b"")
        for seen in call.capture_at(leg).signalling
        if seen.message.sdp
    }
    found = told[who != at]
    assert found is not None  # noqa: S101 - both sides told theirs
    return found[1].decode()
