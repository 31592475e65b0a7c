"""The post-dial delay of Asterisk's own call to the second phone."""

from typing import Any

import checks

from voiplab.grading import Worksheet

TASK, CHECK = "post-dial-delay", "post-dial delay"


def bring_about(work: Worksheet) -> dict[str, Any]:
    call = checks.make_call(work)
    return {"call": call, "ms": call.capture.calls[1].pdd_ms}
