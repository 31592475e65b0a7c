"""The second BYE taken for the first: Asterisk only passes on that somebody hung up."""

from typing import Any

import checks

from voiplab.grading import Worksheet

TASK, CHECK = "ladder", "says_bye"


def bring_about(work: Worksheet) -> dict[str, Any]:
    call = checks.make_call(work)
    reading = {"dialogs": 2, "challenge": 401, "ringing": 180, "answered": 200}
    return {"call": call, "says_bye": "Asterisk"} | reading
