"""A class's submissions, judged once more by the teacher's own checks, without a lab."""

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import voiplab
from voiplab.errors import EvidenceError, GradingError, SubmissionError
from voiplab.grading.assignment import CHECKS, Assignment
from voiplab.grading.grade import Grade, TaskGrade
from voiplab.grading.gradebook import Gradebook
from voiplab.grading.observation import FILE as OBSERVATION
from voiplab.grading.observation import Observation
from voiplab.grading.submission import Submission
from voiplab.grading.task import Task

LABS: Final = Path(voiplab.__file__).parents[1] / "labs"
"""The course's own labs."""

# A capture in gzip that holds no packet at all is the same everywhere.
_LEAST_BYTES = 200


@dataclass(frozen=True, kw_only=True)
class Marked:
    """A submission with its grade so far.

    Attributes:
        submission: what was handed in.
        assignment: the teacher's own tasks of its lab.
        grade: what it is worth.
        prints: by hash, what no two students can have the same, in words.
    """

    submission: Submission
    assignment: Assignment
    grade: Grade
    prints: dict[str, str]

    def with_remark(self, sentence: str, *, doubtful: bool) -> "Marked":
        """Return the same with one more remark: see :meth:`Grade.with_remark`."""
        return replace(self, grade=self.grade.with_remark(sentence, doubtful=doubtful))


class Shelf:
    """The teacher's labs, read when they are asked for.

    Args:
        labs: the folder with the labs.
        only: the one lab that is graded; None for all.

    Raises:
        GradingError: when there is no such lab.
    """

    def __init__(self, labs: Path, only: str | None) -> None:
        self._labs = labs
        self._only = only
        self._assignments: dict[str, Assignment] = {}
        self._recorded: dict[str, set[str]] = {}
        if only is not None and not (labs / only / CHECKS).is_file():
            raise GradingError(f"There is no lab {only!r} in {labs}: see the folders there.")

    def assignment(self, name: str) -> Assignment:
        """Return a lab's tasks.

        Raises:
            SubmissionError: when there is no such lab, or it is not the one that is graded.
        """
        if self._only is not None and name != self._only:
            raise SubmissionError(f"It is from another lab: {name}, not {self._only}.")
        if name not in self._assignments:
            if not (self._labs / name / CHECKS).is_file():
                raise SubmissionError(f"It is from another lab: there is no {name} here.")
            self._assignments[name] = Assignment.read(self._labs / name)
        return self._assignments[name]

    def recorded(self, name: str) -> set[str]:
        """Return the SHA-256 of each capture that a lab itself comes with: they are everybody's."""
        if name not in self._recorded:
            captures = (self._labs / name).rglob("*.pcap*")
            self._recorded[name] = {
                hashlib.sha256(path.read_bytes()).hexdigest() for path in captures
            }
        return self._recorded[name]


def grade(
    folder: Path | str,
    *,
    labs: Path | str = LABS,
    only: str | None = None,
    progress: Callable[[str], None] = lambda _step: None,
) -> Gradebook:
    """Grade all submissions in a folder and in those within it.

    The checks are those of your own labs; nothing that was handed in is run. It takes no lab and
    no engine: what was seen is judged anew.

    Args:
        folder: where the files are.
        labs: the folder with the labs.
        only: a lab's name: submissions of another one are refused.
        progress: is told each file.

    Raises:
        GradingError: when there is no file that was handed in, or no such lab.
    """
    folder, shelf = Path(folder), Shelf(Path(labs), only)
    paths = sorted(folder.rglob("*.zip")) if folder.is_dir() else []
    if not paths:
        raise GradingError(
            f"Nothing that was handed in is in {folder}: name the folder with the .zip files that "
            "`voiplab submit` or work.hand_in() has written."
        )
    marked: list[Marked] = []
    refused: list[Grade] = []
    with tempfile.TemporaryDirectory(prefix="voiplab-grade-") as place:
        for number, path in enumerate(paths):
            progress(path.name)
            file = path.relative_to(folder).as_posix()
            one = mark(path, file, Path(place) / str(number), shelf)
            if isinstance(one, Grade):
                refused.append(one)
            else:
                marked.append(one)
        marked = compared(marked)
    grades = sorted(
        (each.grade for each in marked),
        key=lambda each: (each.assignment, each.student.casefold(), each.file),
    )
    return Gradebook((*grades, *refused))


def mark(path: Path, file: str, place: Path, shelf: Shelf) -> Marked | Grade:
    """Grade one submission by itself.

    Args:
        path: the file.
        file: what to call it.
        place: a folder that is not there yet, to unpack it in.
        shelf: the teacher's labs.

    Returns:
        The marked submission; its grade alone where it is refused.
    """
    known = Grade(file=file, state="refused")
    try:
        submission = Submission.open(path, place)
        manifest = submission.manifest
        known = replace(known, student=submission.student.who, assignment=manifest.assignment)
        assignment = shelf.assignment(manifest.assignment)
    except SubmissionError as error:
        return replace(known, remarks=(str(error),))
    tasks = tuple(_graded(task, submission) for task in assignment)
    marked = Marked(
        submission=submission,
        assignment=assignment,
        grade=replace(known, state="graded", tasks=tasks),
        prints=dict(_prints(submission, shelf.recorded(assignment.name))),
    )
    for sentence, doubtful in _remarks(marked):
        marked = marked.with_remark(sentence, doubtful=doubtful)
    return marked


def _graded(task: Task, submission: Submission) -> TaskGrade:
    graded = TaskGrade(task=task.name, points=0, of=task.points)
    try:
        result = submission.result(task.name)
        observation = submission.observation(task.name)
    except EvidenceError as error:
        check = task.unanswered("an observation that can be read", str(error).rstrip("."))
        return replace(graded, checks=(check,))
    graded = replace(graded, claimed=None if result is None else result.passed)
    if observation is None:
        return graded
    graded = replace(graded, checks=task.judged(submission.student, observation.seen))
    return replace(graded, points=task.points if graded.done else 0)


def _remarks(marked: Marked) -> Iterator[tuple[str, bool]]:
    """What is odd in a submission by itself, and whether a teacher has to look at it."""
    manifest = marked.submission.manifest
    same_version = manifest.version == marked.assignment.version
    if not same_version:
        yield "It was checked by another version of the lab's checks; yours have judged it.", False
    for each in marked.grade.tasks:
        if each.claimed is None or each.claimed == each.done:
            continue
        if each.claimed and same_version:
            failed = next((check for check in each.checks if not check.passed), None)
            why = f"its own evidence says {failed}" if failed else "nothing of it was handed in"
            yield f"Doctored: {each.task} is said to be done, but {why}.", True
        else:
            mine = "done" if each.done else "not done"
            yield f"{each.task} is {mine} by your checks, unlike what was handed in.", same_version
    for each in marked.grade.tasks:
        seen = _seen(marked.submission, each.task)
        if seen is not None and seen.at > manifest.created:
            yield f"Doctored: {each.task} was seen after it had been handed in.", True


def _seen(submission: Submission, task: str) -> Observation | None:
    try:
        return submission.observation(task)
    except EvidenceError:
        return None


def _prints(submission: Submission, everybodys: set[str]) -> Iterator[tuple[str, str]]:
    for name, sha256 in submission.manifest.files.items():
        task, _, rest = name.partition("/")
        if rest == OBSERVATION:
            yield sha256, f"what was seen of {task}, and when"
        own = sha256 not in everybodys
        if own and ".pcap" in rest and (submission.folder / name).stat().st_size > _LEAST_BYTES:
            yield sha256, f"the capture of {task}"


# Side by side


def compared(marked: list[Marked]) -> list[Marked]:
    """Point out what is odd in submissions side by side.

    Args:
        marked: the submissions of a class.

    Returns:
        The same, with remarks: superseded by a later one; the same as another student's; not the
        student's own, but another one's.
    """
    latest = {
        (each.submission.student.key, each.assignment.name): each
        for each in sorted(marked, key=lambda each: each.submission.manifest.created)
    }
    return [_beside(each, marked, latest) for each in marked]


def _beside(mine: Marked, marked: list[Marked], latest: dict[tuple[str, str], Marked]) -> Marked:
    key = mine.submission.student.key
    counts = latest[key, mine.assignment.name]
    others = [
        each
        for each in marked
        if each.submission.student.key != key and each.assignment.name == mine.assignment.name
    ]
    result = mine
    if counts is not mine:
        sentence = f"{counts.grade.file} was handed in later, and counts."
        result = replace(result, grade=replace(result.grade, state="superseded"))
        result = result.with_remark(sentence, doubtful=False)
    for other in others:
        for sentence in _alike(mine, other):
            result = result.with_remark(sentence, doubtful=True)
    for sentence in _of_another(mine, others):
        result = result.with_remark(sentence, doubtful=True)
    return result


def _alike(mine: Marked, other: Marked) -> Iterator[str]:
    name = other.submission.student.who
    same = [mine.prints[each] for each in mine.prints if each in other.prints]
    if same:
        yield f"Identical with {name}'s ({other.grade.file}): {'; '.join(dict.fromkeys(same))}."
    if mine.submission.manifest.sheet == other.submission.manifest.sheet:
        yield f"It comes from the same sheet as {name}'s ({other.grade.file})."


def _of_another(mine: Marked, others: list[Marked]) -> Iterator[str]:
    """Whose the observations are that don't fit this student."""
    students = {each.submission.student.key: each.submission.student for each in others}
    for each in mine.grade.tasks:
        seen = _seen(mine.submission, each.task)
        # A bare wrong number may be somebody's right one by chance.
        own = each.claimed or any((mine.submission.folder / each.task).glob("evidence-*"))
        if each.done or seen is None or not own:
            continue
        task = mine.assignment[each.task]
        fits = [
            student.who
            for student in students.values()
            if all(check.passed for check in task.judged(student, seen.seen))
        ]
        if fits:
            yield f"{each.task} is not this student's own: it fits {' and '.join(fits)}."
