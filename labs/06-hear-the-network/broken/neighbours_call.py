"""A call as spoilt as was asked for, but between two of a neighbour's extensions."""

from datetime import timedelta

import checks

from voiplab import Evidence
from voiplab.grading import Worksheet

TASK, CHECK = "spoilt-call", "your call"


def bring_about(work: Worksheet) -> Evidence:
    folder = work.folder / "neighbours-call"
    Evidence.open(checks.SPOILT).save(folder)
    record = Evidence.open(folder).record
    # The recording itself is everybody's; this one was made a day later.
    record.model_copy(update={"started": record.started + timedelta(days=1)}).write(folder)
    return Evidence.open(folder)
