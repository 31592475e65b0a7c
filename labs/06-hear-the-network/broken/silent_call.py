"""A call as spoilt as was asked for, in which nothing was heard."""

import checks
import numpy as np
import soundfile

from voiplab import Evidence
from voiplab.grading import Worksheet

TASK, CHECK = "spoilt-call", "audible"


def bring_about(work: Worksheet) -> Evidence:
    folder = work.folder / "silent-call"
    Evidence.open(checks.SPOILT).save(folder)
    silent = Evidence.open(folder)
    for leg in silent.record.legs:
        samples, rate_hz = silent.samples(leg.user)
        soundfile.write(folder / str(leg.heard), np.zeros_like(samples), rate_hz)
    return silent
