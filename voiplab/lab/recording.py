"""A lab's recording: what it was asked, what it answered, and what its calls left behind."""

import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from voiplab.config import Codec, Security
from voiplab.errors import EvidenceError
from voiplab.evidence import Evidence
from voiplab.lab.call_request import CallRequest

FILE = "lab.json"


class NewUser(BaseModel):
    """A user that was asked for: what :meth:`voiplab.Lab.add_user` takes."""

    model_config = ConfigDict(frozen=True)

    extension: str
    name: str = ""
    phone: bool | Literal["browser"] = True
    codecs: tuple[Codec, ...] | None = None
    voicemail: bool = False
    security: Security | None = None

    @classmethod
    def asked(  # noqa: PLR0913 - as Lab.add_user
        cls,
        extension: str,
        *,
        name: str = "",
        phone: bool | Literal["browser"] = True,
        codecs: Iterable[Codec] | None = None,
        voicemail: bool = False,
        security: Security | str | None = None,
    ) -> Self:
        """Return what :meth:`voiplab.Lab.add_user` is asked for.

        >>> NewUser.asked("2001", name="Front desk").phone
        True
        """
        return cls(
            extension=extension,
            name=name,
            phone=phone,
            codecs=None if codecs is None else tuple(codecs),
            voicemail=voicemail,
            security=None if security is None else Security(security),
        )


class Registration(BaseModel):
    """A row of :meth:`voiplab.Lab.registrations`."""

    model_config = ConfigDict(frozen=True)

    extension: str
    name: str
    registered: bool
    contact: str


class Answer(BaseModel):
    """What Asterisk printed for a line of its command line."""

    model_config = ConfigDict(frozen=True)

    line: str
    printed: str


class RecordedRequest(BaseModel):
    """A call that was asked for and answered, with the folder of its evidence."""

    model_config = ConfigDict(frozen=True)

    request: CallRequest
    folder: str


class _File(BaseModel):
    """What ``lab.json`` says."""

    model_config = ConfigDict(frozen=True)

    format: Literal[1] = 1
    name: str
    users: tuple[NewUser, ...] = ()
    answers: tuple[Answer, ...] = ()
    registrations: tuple[tuple[Registration, ...], ...] = ()
    calls: tuple[RecordedRequest, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LabRecording:
    """What a lab was asked, and what it answered; of equal questions the first comes first.

    Attributes:
        name: the lab's name.
        software: names and versions of what it was made of.
        users: the users that were asked for.
        answers: of Asterisk's command line.
        registrations: the tables of who is registered.
        calls: those that were established, with their evidence.
    """

    name: str
    software: Mapping[str, str] = field(default_factory=dict)
    users: Sequence[NewUser] = ()
    answers: Sequence[Answer] = ()
    registrations: Sequence[Sequence[Registration]] = ()
    calls: Sequence[tuple[CallRequest, Evidence]] = ()

    def save(self, folder: Path | str) -> None:
        """Write it into a folder: ``lab.json``, and a folder for each call under ``calls``.

        Args:
            folder: where; what was there before goes.

        Raises:
            EvidenceError: when it can't be written.
        """
        folder = Path(folder)
        try:
            if folder.exists():
                shutil.rmtree(folder)
            folder.mkdir(parents=True)
        except OSError as error:
            raise EvidenceError(
                f"The recording can't be saved to {folder}: {error}. "
                "Make room there, or choose another place."
            ) from error
        requests = []
        for number, (request, evidence) in enumerate(self.calls, start=1):
            dialled = request.number.replace("*", "s").replace("#", "h")
            name = f"calls/{number}-{request.caller}-{dialled}"
            requests.append(RecordedRequest(request=request, folder=name))
            evidence.save(folder / requests[-1].folder)
        said = _File(
            name=self.name,
            users=tuple(self.users),
            answers=tuple(self.answers),
            registrations=tuple(tuple(table) for table in self.registrations),
            calls=tuple(requests),
        )
        text = said.model_dump_json(indent=1, exclude_defaults=True)
        (folder / FILE).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def open(cls, folder: Path | str) -> Self:
        """Open a recording.

        Args:
            folder: where it was saved.

        Raises:
            EvidenceError: when it is missing or damaged.
        """
        folder = Path(folder)
        path = folder / FILE
        try:
            said = _File.model_validate_json(path.read_bytes())
        except OSError as error:
            raise EvidenceError(
                f"{path} can't be read: {error.strerror}. A lab's recording has it. "
                "Make the recording again: make notebooks."
            ) from error
        except ValidationError as error:
            raise EvidenceError(
                f"{path} is damaged: {error.errors()[0]['msg']}. "
                "Make the recording again: make notebooks."
            ) from error
        return cls(
            name=said.name,
            users=said.users,
            answers=said.answers,
            registrations=said.registrations,
            calls=[(each.request, Evidence.open(folder / each.folder)) for each in said.calls],
        )
