"""A student's sheet in a lab's notebook: tasks, checks, hints, progress."""

import html
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from voiplab.check import Check
from voiplab.errors import CheckFailed, EvidenceError, GradingError, LabStopped
from voiplab.grading.assignment import Assignment
from voiplab.grading.observation import Observation
from voiplab.grading.progress import Progress
from voiplab.grading.result import Result, marked_up
from voiplab.grading.sheet import Sheet
from voiplab.grading.student import Student
from voiplab.grading.submission import file_name, hand_in
from voiplab.grading.task import Task
from voiplab.lab import Lab
from voiplab.lab.runs import runs_folder

_THE_LAB = object()


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence for a notebook.

    Attributes:
        text: the sentence.
    """

    text: str

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return f'<div style="max-width: 60em">{marked_up(self.text)}</div>'


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What was handed in; in a notebook it shows itself.

    Attributes:
        path: the file.
        progress: what is in it.
    """

    path: Path
    progress: Progress

    def __repr__(self) -> str:
        return (
            f"{self.path.name} is what your teacher wants.\n{self.progress!r}\n"
            "Is something missing? Check it, and hand in again."
        )

    def _repr_html_(self) -> str:
        name = html.escape(self.path.name)
        # Jupyter serves what lies beside the notebook.
        is_beside = self.path.parent == Path()
        shown = f'<a href="{name}" download>{name}</a>' if is_beside else name
        return (
            f"<div><strong>{shown}</strong> is what your teacher wants. Is something missing? "
            f"Check it, and hand in again.</div>{self.progress._repr_html_()}"
        )


class Worksheet:
    """A student's sheet in a lab: what is theirs, what is checked, how far they are.

    Args:
        assignment: the lab's tasks.
        student: whose sheet it is.
        folder: where progress is kept.

    Attributes:
        assignment: the lab's tasks.
        student: whose sheet it is.
        folder: where progress is kept.
        lab: the running lab, where the tasks have one.
    """

    def __init__(self, assignment: Assignment, student: Student, folder: Path) -> None:
        self.assignment = assignment
        self.student = student
        self.folder = folder
        self.lab: Lab | None = None
        self._progress = Progress(assignment, folder)
        self._sheet = Sheet.open(folder, student)

    @classmethod
    def open(
        cls, student: str, *, folder: Path | str = ".", runs: Path | str | None = None
    ) -> Self:
        """Open a student's sheet; what was done before is still there.

        Args:
            student: a name or a student number, the same each time.
            folder: the lab's folder, with its ``checks.py``.
            runs: the folder under which progress is kept; without it, that of calls' evidence.

        Raises:
            GradingError: when there is no lab in the folder, or no name.
        """
        assignment, who = Assignment.read(folder), Student(student)
        return cls(assignment, who, sheets(assignment.name, runs) / who.key)

    def __repr__(self) -> str:
        return (
            f"{self.assignment.title}: the sheet of {self.student}, with "
            f"{len(self.assignment.tasks)} tasks, {self.assignment.points:g} points"
        )

    def check(self, name: str, given: Any = _THE_LAB) -> Result:  # noqa: ANN401 - whatever the task asks for
        """Check a task: look at what is given as it is now, and judge that.

        Args:
            name: the task's name.
            given: the answer, a call, or a lab, as the task says; without it, the running lab.

        Returns:
            What came of it, when the task is done.

        Raises:
            CheckFailed: when it isn't: what was expected, what was found, where to look.
            GradingError: when there is no such task.
        """
        task = self.assignment[name]
        result = self._checked(task, self._running_lab() if given is _THE_LAB else given)
        if not result.passed:
            _show(result)
            raise CheckFailed(repr(result))
        return result

    def _checked(self, task: Task, given: object) -> Result:
        now = datetime.now(UTC)
        checks, kept = self._look(task, given, now)
        if not kept:
            # What was seen before is never taken for what is there now.
            self._progress.forget(task)
        result = Result(
            task=task.name,
            title=task.title,
            checks=checks,
            at=now,
            version=self.assignment.version,
        )
        self._progress.place(task).mkdir(parents=True, exist_ok=True)
        result.write(self._progress.place(task))
        return result

    def _look(self, task: Task, given: object, now: datetime) -> tuple[tuple[Check, ...], bool]:
        """Return the checks, and whether what was seen has been kept."""
        seen = task.look(self.student, given)
        if isinstance(seen, Check):
            return (seen,), False
        try:
            kept = self._progress.keep(task, Observation(seen=seen, at=now))
        except (GradingError, EvidenceError) as error:
            check = task.unanswered("an answer that can be kept", str(error).rstrip("."))
            return (check,), False
        # What is judged is what was kept: it comes to the same when it is judged again.
        return task.judged(self.student, kept.seen), True

    def hint(self, name: str) -> Note:
        """Show a task's next hint.

        Args:
            name: the task's name.

        Raises:
            GradingError: when there is no such task.
        """
        task = self.assignment[name]
        if not task.hints:
            return Note(f"{task.title}: there is no hint; the check's own words say where to look.")
        was = self._progress.hints_used(task)
        number = self._progress.count_hint(task)
        again = ", the last one, again" if was == number else ""
        return Note(f"Hint {number} of {len(task.hints)}{again}: {task.hints[number - 1]}")

    def progress(self) -> Progress:
        """Return how far the student is: a table of all tasks, with the last result of each."""
        return self._progress

    def prepare(self, name: str) -> Any:  # noqa: ANN401 - whatever the task's cells need
        """Bring about the state in which a task begins: to start it over, or to go on from there.

        What was checked of the task before is forgotten.

        Args:
            name: the task's name.

        Returns:
            What the task's cells need, for example a running lab.

        Raises:
            GradingError: when there is no such task.
        """
        task = self.assignment[name]
        self._progress.forget(task)
        if task.prepare is None:
            _show(Note(f"{task.title}: begun again. It needs nothing but its own cells."))
            return None
        return task.prepare(self)

    def hand_in(self, folder: Path | str = ".") -> "HandedIn":
        """Write the one file that your teacher wants, beside the notebook.

        Args:
            folder: where to.

        Returns:
            What it is called, and what is in it.

        Raises:
            SubmissionError: when nothing has been checked yet.
        """
        path = Path(folder) / file_name(self.assignment, self.student)
        hand_in(self._progress, self._sheet, path, datetime.now(UTC))
        return HandedIn(path, self._progress)

    def start_lab(self, **settings: Any) -> Lab:  # noqa: ANN401 - what a lab takes
        """Start a lab for a task, in place of the one that runs.

        Args:
            settings: what :class:`voiplab.Lab` takes.

        Returns:
            The lab, which is the sheet's from now on.
        """
        self.stop_lab()
        self.lab = Lab.start(**settings)
        return self.lab

    def stop_lab(self) -> None:
        """Stop the sheet's lab, if it has one."""
        lab, self.lab = self.lab, None
        if lab is not None:
            lab.stop()

    def _running_lab(self) -> object:
        if self.lab is None:
            return None
        try:
            self.lab.check_running()
        except LabStopped:
            return None
        return self.lab


def sheets(assignment: str, runs: Path | str | None = None) -> Path:
    """Return the folder with the sheets of a lab, one a student.

    Args:
        assignment: the lab's name.
        runs: the folder under which they are kept; without it, that of calls' evidence.
    """
    return (Path(runs) if runs is not None else runs_folder()) / "labs" / assignment


def _show(shown: object) -> None:
    """Show something in a notebook; elsewhere the error says it all."""
    from IPython import get_ipython  # noqa: PLC0415 - only where something is shown
    from IPython.display import display  # noqa: PLC0415 - as above

    if get_ipython() is not None:
        display(shown)  # type: ignore[no-untyped-call]
