"""How far a student has come in a lab, as kept between sessions."""

import html
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from voiplab.errors import EvidenceError
from voiplab.grading.assignment import Assignment
from voiplab.grading.observation import Observation
from voiplab.grading.result import Result
from voiplab.grading.task import Task

_HINTS = "hints.json"
_COLUMNS = ("task", "", "points", "state", "checked", "hints")


class Progress:
    """How far a student has come in a lab; in a notebook it shows itself as a table.

    Args:
        assignment: the lab's tasks.
        folder: where it is kept.
    """

    def __init__(self, assignment: Assignment, folder: Path) -> None:
        self.assignment = assignment
        self.folder = folder

    def place(self, task: Task) -> Path:
        """Where a task's observation and result are kept."""
        return self.folder / task.name

    def keep(self, task: Task, observation: Observation) -> Observation:
        """Keep what was seen in place of what was seen before; the result before that goes."""
        return observation.keep(self.place(task))

    def forget(self, task: Task) -> None:
        """Forget what was seen of a task, and what came of it."""
        shutil.rmtree(self.place(task), ignore_errors=True)

    def result(self, task: Task) -> Result | None:
        """The last result of a task, or None."""
        try:
            return Result.read(self.place(task))
        except EvidenceError:
            return None

    def hints_used(self, task: Task) -> int:
        """How many of a task's hints have been shown."""
        return min(self._hints().get(task.name, 0), len(task.hints))

    def count_hint(self, task: Task) -> int:
        """Count one more hint, if there is one.

        Returns:
            The number of the hint to show, from 1.
        """
        number = min(self.hints_used(task) + 1, len(task.hints))
        self.folder.mkdir(parents=True, exist_ok=True)
        used = json.dumps(self._hints() | {task.name: number})
        (self.folder / _HINTS).write_text(used + "\n", encoding="utf-8")
        return number

    def _hints(self) -> dict[str, int]:
        try:
            kept = json.loads((self.folder / _HINTS).read_bytes())
            return {str(name): int(count) for name, count in kept.items()}
        except (OSError, ValueError, AttributeError, TypeError):
            return {}

    @property
    def points(self) -> float:
        """What the tasks that are done are worth."""
        return sum(task.points for task in self.assignment if self._is_done(task))

    def _is_done(self, task: Task) -> bool:
        result = self.result(task)
        return result is not None and result.passed and not self._is_stale(result)

    def _is_stale(self, result: Result) -> bool:
        return result.version != self.assignment.version

    def rows(self) -> list["ProgressRow"]:
        """Return a row a task."""
        return [self._row(task) for task in self.assignment]

    def _row(self, task: Task) -> "ProgressRow":
        result = self.result(task)
        if result is None:
            state = "– not checked"
        elif self._is_stale(result):
            state = "○ check again: the task has changed since"
        else:
            state = "✓ done" if result.passed else "✗ not yet"
        checked = "" if result is None else f"{result.at.astimezone():%d.%m. %H:%M}"
        hints = f"{self.hints_used(task)} of {len(task.hints)}"
        return ProgressRow(task.name, task.title, task.points, state, checked, hints)

    @property
    def _total(self) -> str:
        return f"{self.points:g} of {self.assignment.points:g} points"

    def __repr__(self) -> str:
        rows = self.rows()
        wide = max((len(row.task) for row in rows), default=0)
        lines = [
            f"{row.state:<14} {row.task:<{wide}}  {row.title} ({row.points:g})"
            + (f", {row.checked}" if row.checked else "")
            for row in rows
        ]
        return "\n".join([f"{self.assignment.title}: {self._total}", *lines])

    def _repr_html_(self) -> str:
        heads = "".join(f'<th style="text-align: left">{column}</th>' for column in _COLUMNS)
        rows = "".join(row.html() for row in self.rows())
        return (
            f"<table><caption>{html.escape(self.assignment.title)}: {self._total}</caption>"
            f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        )


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """A task in the table of progress.

    Attributes:
        task: its name.
        title: what it asks.
        points: what it is worth.
        state: how it stands, with a mark before the words.
        checked: when that was found, day and time here; "" for never.
        hints: how many were shown, of how many.
    """

    task: str
    title: str
    points: float
    state: str
    checked: str
    hints: str

    def html(self) -> str:
        """Return the row as HTML."""
        cells = (self.task, self.title, f"{self.points:g}", self.state, self.checked, self.hints)
        columns = "".join(
            f'<td style="text-align: left">{html.escape(cell)}</td>' for cell in cells
        )
        return f"<tr>{columns}</tr>"
