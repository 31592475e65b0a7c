"""The one file that a student hands in: what was seen, what came of it, and whose it is."""

import gzip
import hashlib
import re
import shutil
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Final, Self

from voiplab.errors import EvidenceError, GradingError, SubmissionError
from voiplab.evidence import CallRecord
from voiplab.evidence.record import FILE as CALL
from voiplab.grading.assignment import Assignment
from voiplab.grading.manifest import MANIFEST, Manifest
from voiplab.grading.observation import FILE as OBSERVATION
from voiplab.grading.observation import Observation
from voiplab.grading.progress import Progress
from voiplab.grading.result import FILE as RESULT
from voiplab.grading.result import Result
from voiplab.grading.sheet import Sheet
from voiplab.grading.student import Student

MOST_MEMBERS: Final = 5_000
MOST_BYTES: Final = 200_000_000
"""What a submission may hold, unpacked."""

_MOST_MANIFEST_BYTES = 2_000_000
_MOST_SAMPLES = 100_000_000
_CHUNK_BYTES = 1 << 20

_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
)

_TASK = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_NAME = r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}"
_MEMBER = re.compile(
    rf"{re.escape(MANIFEST)}|{_TASK}/(?:{OBSERVATION}|{RESULT})"
    rf"|{_TASK}/evidence-[0-9]+/{_NAME}(?:/{_NAME})?"
)


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What a student handed in, unpacked.

    Attributes:
        path: the file.
        manifest: what it says of itself.
        folder: where it was unpacked.
    """

    path: Path
    manifest: Manifest
    folder: Path

    @property
    def student(self) -> Student:
        """Who handed it in."""
        return Student(self.manifest.student)

    @classmethod
    def open(cls, path: Path, folder: Path) -> Self:
        """Unpack a file that was handed in. Nothing in it is run.

        Args:
            path: the file.
            folder: an empty folder for what it holds.

        Raises:
            SubmissionError: when it is damaged, doctored, too large, of another format, or no
                submission at all.
        """
        try:
            with zipfile.ZipFile(path) as archive:
                members = _members(archive)
                manifest = Manifest.parse(_content(archive, members, MANIFEST))
                _match(manifest, members)
                for name in manifest.files:
                    _unpack(archive, members[name], folder, manifest.files[name])
        except _UNREADABLE as error:
            raise SubmissionError(
                f"It is damaged, or was never handed in ({error}): let it be handed in again."
            ) from error
        submission = cls(path=path, manifest=manifest, folder=folder)
        submission.check_contents()
        return submission

    def check_contents(self) -> None:
        """Make sure that what was unpacked can be read without harm.

        Raises:
            SubmissionError: when something in it unpacks to too much, or names files elsewhere.
        """
        try:
            _ = self.student
            for path in self.folder.rglob("*.gz"):
                _check_gzip(path)
            for path in (*self.folder.rglob("*.flac"), *self.folder.rglob("*.wav")):
                _check_sound(path)
            for path in self.folder.rglob(CALL):
                _check_record(path.parent)
        except EvidenceError as error:
            raise SubmissionError(str(error)) from error
        except SubmissionError:
            raise
        except (GradingError, *_UNREADABLE) as error:
            raise SubmissionError(f"It is damaged: {error}") from error

    def observation(self, task: str) -> Observation | None:
        """What was seen when a task was checked; None where nothing was handed in.

        Raises:
            EvidenceError: when it is damaged.
        """
        if not (self.folder / task / OBSERVATION).exists():
            return None
        return Observation.read(self.folder / task)

    def result(self, task: str) -> Result | None:
        """What the student says came of a task; None where nothing was handed in.

        Raises:
            EvidenceError: when it is damaged.
        """
        if not (self.folder / task / RESULT).exists():
            return None
        return Result.read(self.folder / task)


def hand_in(progress: Progress, sheet: Sheet, path: Path, now: datetime) -> Path:
    """Write the one file that is handed in; what was seen is judged once more for it.

    Args:
        progress: what was done.
        sheet: whose it is.
        path: the file to write; what was there before goes.
        now: the time.

    Returns:
        The file.

    Raises:
        SubmissionError: when nothing has been checked yet, or it can't be written.
    """
    judge_again(progress, Student(sheet.student))
    folder, assignment = progress.folder, progress.assignment
    files = [path for task in assignment for path in _files(progress.place(task))]
    if not files:
        raise SubmissionError(
            f"Nothing of {assignment.name} has been checked yet under the name {sheet.student!r}: "
            "run the lab's cells first."
        )
    hashes = {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in files
    }
    manifest = Manifest(
        assignment=assignment.name,
        version=assignment.version,
        student=sheet.student,
        sheet=sheet.token,
        created=now,
        software=version_of("voiplab"),
        hints={task.name: progress.hints_used(task) for task in assignment},
        files=hashes,
    )
    try:
        anew = path.with_name(f".{path.name}.new")
        with zipfile.ZipFile(anew, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(MANIFEST, manifest.model_dump_json(indent=1) + "\n")
            for name in hashes:
                archive.write(folder / name, name)
        anew.replace(path)
    except OSError as error:
        raise SubmissionError(
            f"{path.name} can't be written: {error.strerror}. Make room, or choose another place."
        ) from error
    return path


def judge_again(progress: Progress, student: Student) -> None:
    """Judge what was seen of each task by the lab's checks as they are now.

    Args:
        progress: what was done.
        student: whose it is.
    """
    for task in progress.assignment:
        folder = progress.place(task)
        if not (folder / OBSERVATION).exists():
            continue
        try:
            observation = Observation.read(folder)
        except EvidenceError:
            shutil.rmtree(folder)
            continue
        Result(
            task=task.name,
            title=task.title,
            checks=task.judged(student, observation.seen),
            at=observation.at,
            version=progress.assignment.version,
        ).write(folder)


def _files(folder: Path) -> Iterator[Path]:
    yield from sorted(path for path in folder.rglob("*") if path.is_file())


def file_name(assignment: Assignment, student: Student) -> str:
    """Return the name of the file that a student hands in.

    >>> file_name(Assignment(name="03-first-call", title="", tasks=()), Student("Ada Lovelace"))
    '03-first-call-ada-lovelace-177f85.zip'
    """
    return f"{assignment.name}-{student.key}.zip"


# What comes from elsewhere is not trusted.


def _members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The archive's members by name, none of which is anything that was not handed in so."""
    members: dict[str, zipfile.ZipInfo] = {}
    infos = archive.infolist()
    if len(infos) > MOST_MEMBERS:
        raise SubmissionError(
            f"It holds {len(infos):,} files, more than {MOST_MEMBERS:,}: refused."
        )
    total = sum(info.file_size for info in infos)
    if total > MOST_BYTES:
        raise SubmissionError(
            f"It unpacks to {total:,} bytes, more than {MOST_BYTES:,}: refused, not unpacked."
        )
    for info in infos:
        if not _MEMBER.fullmatch(info.filename):
            raise SubmissionError(
                f"It holds {info.filename!r:.100}, which no submission has: refused, not unpacked."
            )
        if info.filename in members:
            raise SubmissionError(f"It holds {info.filename} twice: refused.")
        if info.flag_bits & 1 or info.compress_type not in {
            zipfile.ZIP_STORED,
            zipfile.ZIP_DEFLATED,
        }:
            raise SubmissionError(f"{info.filename} in it is encrypted or packed oddly: refused.")
        members[info.filename] = info
    return members


def _content(archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo], name: str) -> bytes:
    if name not in members:
        raise SubmissionError(
            f"It has no {name}: no file that `voiplab submit` or work.hand_in() has written."
        )
    if members[name].file_size > _MOST_MANIFEST_BYTES:
        raise SubmissionError(f"Its {name} has {members[name].file_size:,} bytes: refused.")
    return archive.read(members[name])


def _match(manifest: Manifest, members: dict[str, zipfile.ZipInfo]) -> None:
    listed, there = set(manifest.files), set(members) - {MANIFEST}
    if extra := sorted(there - listed):
        raise SubmissionError(
            f"It was doctored: {extra[0]} was added after it had been handed in "
            f"(it is not in {MANIFEST})."
        )
    if lacking := sorted(listed - there):
        raise SubmissionError(f"It is damaged or doctored: {lacking[0]} is gone.")


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, folder: Path, sha256: str) -> None:
    content = archive.read(info)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise SubmissionError(
            f"It was doctored: {info.filename} is not what it was when it was handed in "
            f"(its SHA-256 is not that of {MANIFEST})."
        )
    path = folder / info.filename
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _check_gzip(path: Path) -> None:
    size = 0
    with gzip.open(path) as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            size += len(chunk)
            if size > MOST_BYTES:
                raise SubmissionError(f"{path.name} in it unpacks to too much: refused.")


def _check_sound(path: Path) -> None:
    import soundfile  # noqa: PLC0415 - heavy: loaded when sound is wanted

    frames = soundfile.info(path).frames
    if not 0 <= frames <= _MOST_SAMPLES:
        raise SubmissionError(f"{path.name} in it holds {frames:,} samples: refused.")


def _check_record(folder: Path) -> None:
    """Refuse evidence that would have files read from elsewhere."""
    for leg in CallRecord.read(folder).legs:
        for name in (leg.capture, leg.heard, leg.said, leg.network):
            if name is not None and not re.fullmatch(_NAME, name):
                raise SubmissionError(
                    f"It was doctored: its evidence names {name!r:.100}, outside of it."
                )
