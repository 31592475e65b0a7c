"""Grading: a lab's tasks, checks of what was done, what is handed in."""

from voiplab.check import Check
from voiplab.errors import CheckFailed
from voiplab.grading.assignment import Assignment
from voiplab.grading.observation import Observation
from voiplab.grading.plan import TestPlan, test_plan
from voiplab.grading.progress import Progress
from voiplab.grading.result import Result
from voiplab.grading.student import Student
from voiplab.grading.task import Task
from voiplab.grading.worksheet import Worksheet

__all__ = [
    "Assignment",
    "Check",
    "CheckFailed",
    "Observation",
    "Progress",
    "Result",
    "Student",
    "Task",
    "TestPlan",
    "Worksheet",
    "test_plan",
]
