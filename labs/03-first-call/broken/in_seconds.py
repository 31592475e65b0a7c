"""The post-dial delay in seconds."""

from typing import Any

import checks

from voiplab.grading import Worksheet

TASK, CHECK = "post-dial-delay", "post-dial delay"


def bring_about(work: Worksheet) -> dict[str, Any]:
    call = checks.make_call(work)
    return {"call": call, "ms": call.capture.calls[0].pdd_ms / 1000}
