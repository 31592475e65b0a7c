"""What a submission is worth."""

from dataclasses import dataclass, replace
from typing import Any, Literal

from voiplab.check import Check

State = Literal["graded", "doubtful", "superseded", "refused"]


@dataclass(frozen=True, kw_only=True)
class TaskGrade:
    """What a task of a submission is worth.

    Attributes:
        task: the task's name.
        points: what it is worth as it is judged now.
        of: what it could be worth.
        checks: as it is judged now; none where nothing was handed in.
        claimed: whether it was done, as the submission says; None where it says nothing.
    """

    task: str
    points: float
    of: float
    checks: tuple[Check, ...] = ()
    claimed: bool | None = None

    @property
    def done(self) -> bool:
        """Whether all is as it should be."""
        return bool(self.checks) and all(check.passed for check in self.checks)


@dataclass(frozen=True, kw_only=True)
class Grade:
    """What a submission is worth.

    Attributes:
        file: the file's name, from the folder that was graded.
        state: ``graded``; ``doubtful`` (graded, and a teacher should look at the remarks);
            ``refused`` (it can't be graded); ``superseded`` (the same student has handed in a
            later one).
        student: who handed it in; "" where that can't be told.
        assignment: the lab's name; "" where that can't be told.
        tasks: task by task.
        remarks: sentences on what is odd, or why it was refused.
    """

    file: str
    state: State
    student: str = ""
    assignment: str = ""
    tasks: tuple[TaskGrade, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def points(self) -> float:
        """What all tasks together are worth."""
        return sum(task.points for task in self.tasks)

    @property
    def of(self) -> float:
        """What they could be worth."""
        return sum(task.of for task in self.tasks)

    def as_dict(self) -> dict[str, Any]:
        """Return the grade with keys that stay."""
        return {
            "file": self.file,
            "state": self.state,
            "student": self.student,
            "assignment": self.assignment,
            "points": self.points,
            "of": self.of,
            "tasks": {task.task: task.points for task in self.tasks},
            "remarks": list(self.remarks),
        }

    def with_remark(self, sentence: str, *, doubtful: bool) -> "Grade":
        """Return the same grade with one more remark.

        Args:
            sentence: the remark.
            doubtful: whether a teacher has to look at it.
        """
        state: State = "doubtful" if doubtful and self.state == "graded" else self.state
        return replace(self, state=state, remarks=(*self.remarks, sentence))
