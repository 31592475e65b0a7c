"""A reading that is right, of a neighbour's call."""

from typing import Any

import checks

from voiplab.grading import Student, Worksheet

TASK, CHECK = "streams", "your call"


def bring_about(work: Worksheet) -> dict[str, Any]:
    neighbour = Worksheet(work.assignment, Student("A Neighbour"), work.folder / "neighbour")
    try:
        call = checks.make_call(neighbour)
    finally:
        neighbour.stop_lab()
    called = next(leg for leg in call.record.legs if leg.incoming)
    heard = next(each for each in call.capture.media if each.key.dst.startswith(called.address))
    port = int(heard.key.dst.rpartition(":")[2])
    count = len(call.capture.media)
    return {"call": call, "count": count, "codec": "PCMU", "port": port}
