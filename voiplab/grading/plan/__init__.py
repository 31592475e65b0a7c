"""The test plan: what a telephone system must do, case by case, with evidence."""

from voiplab.grading.plan.case import Case, Exhibit, Outcome, Shown
from voiplab.grading.plan.plan import TestPlan
from voiplab.grading.plan.restart import CutOff, Manner, Restart, Return
from voiplab.grading.plan.running import test_plan

__all__ = [
    "Case",
    "CutOff",
    "Exhibit",
    "Manner",
    "Outcome",
    "Restart",
    "Return",
    "Shown",
    "TestPlan",
    "test_plan",
]
