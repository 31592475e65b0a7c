"""The streams at one phone, taken for all; and the port that speech is sent from."""

from typing import Any

import checks

from voiplab.grading import Worksheet

TASK, CHECK = "streams", ("count", "port")


def bring_about(work: Worksheet) -> dict[str, Any]:
    call = checks.make_call(work)
    called = next(leg for leg in call.record.legs if leg.incoming)
    heard = next(each for each in call.capture.media if each.key.dst.startswith(called.address))
    port = int(heard.key.src.rpartition(":")[2])
    return {"call": call, "count": 2, "codec": "PCMU", "port": port}
