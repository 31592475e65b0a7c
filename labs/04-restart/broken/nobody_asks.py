"""A phone whose cable was pulled, and a server that never asks."""

import checks

from voiplab import Lab
from voiplab.grading import Worksheet
from voiplab.impairment import Impairment

TASK = "unplugged"
CHECK = (
    "first phone asked",
    "second phone asked",
    "first phone is there",
    "second phone was missed",
)


def bring_about(work: Worksheet) -> Lab:
    lab = checks.begin(work)
    pulled = Impairment(loss_pct=100)
    lab.phones[work.student.extension(1)].network.impair(incoming=pulled, outgoing=pulled)
    return lab
