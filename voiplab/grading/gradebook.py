"""A class's grades, as a table."""

import csv
import io
from dataclasses import dataclass

from voiplab.grading.grade import Grade

_FORMULA = ("=", "+", "-", "@", "|", "%")


@dataclass(frozen=True)
class Gradebook:
    """What a folder of submissions is worth.

    Attributes:
        grades: a grade a file, by assignment and student; what was refused comes last.
    """

    grades: tuple[Grade, ...]

    @property
    def clean(self) -> bool:
        """Whether there is nothing that a teacher has to look at."""
        return not any(grade.state in {"refused", "doubtful"} for grade in self.grades)

    @property
    def tasks(self) -> list[str]:
        """The names of all tasks, in the order of their labs."""
        return list(dict.fromkeys(task.task for grade in self.grades for task in grade.tasks))

    def csv(self) -> str:
        """Return the class table as CSV; no cell of it is a formula to a spreadsheet.

        Returns:
            Columns student, assignment, one a task, total, of, state, remarks, file. What was
            superseded is left out; what was refused has no points.
        """
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(
            ["student", "assignment", *self.tasks, "total", "of", "state", "remarks", "file"]
        )
        for grade in self.grades:
            if grade.state == "superseded":
                continue
            points = {task.task: f"{task.points:g}" for task in grade.tasks}
            refused = grade.state == "refused"
            writer.writerow(
                [
                    _harmless(grade.student),
                    _harmless(grade.assignment),
                    *(points.get(task, "") for task in self.tasks),
                    "" if refused else f"{grade.points:g}",
                    "" if refused else f"{grade.of:g}",
                    grade.state,
                    _harmless(" ".join(grade.remarks)),
                    _harmless(grade.file),
                ]
            )
        return text.getvalue()


def _harmless(cell: str) -> str:
    """A cell that a spreadsheet takes for text (OWASP: CSV injection)."""
    cell = " ".join(cell.split())  # no tab, no new line
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
