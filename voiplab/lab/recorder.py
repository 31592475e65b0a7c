"""A lab that is recorded while it is used."""

import threading
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self

from voiplab.config import Codec, Security
from voiplab.config.redaction import MARK
from voiplab.lab.lab import Lab
from voiplab.lab.recording import Answer, LabRecording, NewUser, Registration
from voiplab.lab.user import User

if TYPE_CHECKING:
    import pandas as pd

    from voiplab.lab.call import Call


class LabRecorder:
    """A running lab, whose answers are kept: once it is stopped, with the evidence of its calls.

    It is used as the lab. What it can't record, it lets be done all the same: of the recording
    that will be refused. What panels ask, again and again and on threads of their own, is not
    kept, and passwords are kept out.

    Args:
        lab: one that runs.
        keep: is given the recording when the lab has stopped.
    """

    def __init__(self, lab: Lab, keep: Callable[[LabRecording], object]) -> None:
        self._lab = lab
        self._keep = keep
        self._stopped = False
        self._thread = threading.current_thread()
        self._users = [
            NewUser(extension=user.extension, name=user.name, phone=user.has_phone)
            for user in lab.users
        ]
        self._answers: list[Answer] = []
        self._registrations: list[list[Registration]] = []

    def __repr__(self) -> str:
        return repr(self._lab)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the lab has
            return getattr(self._lab, name)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def name(self) -> str:
        """As :class:`voiplab.Lab`, and so are all that follow."""
        return self._lab.name

    @property
    def users(self) -> list[User]:
        """The users, in the order of their extensions."""
        return self._lab.users

    @property
    def calls(self) -> "list[Call]":
        """The calls, in the order in which they were made."""
        return self._lab.calls

    def __getitem__(self, extension: str) -> User:
        """Return the user with an extension."""
        return self._lab[extension]

    def add_user(  # noqa: PLR0913 - as Lab's
        self,
        extension: str,
        *,
        name: str = "",
        phone: bool | Literal["browser"] = True,
        codecs: Iterable[Codec] | None = None,
        voicemail: bool = False,
        security: Security | str | None = None,
    ) -> User:
        """Add a user, and remember what was asked for."""
        offered = None if codecs is None else tuple(codecs)
        user = self._lab.add_user(
            extension,
            name=name,
            phone=phone,
            codecs=offered,
            voicemail=voicemail,
            security=security,
        )
        self._users.append(
            NewUser.asked(
                extension,
                name=name,
                phone=phone,
                codecs=offered,
                voicemail=voicemail,
                security=security,
            )
        )
        return user

    def asterisk(self, command: str) -> str:
        """Run a line of Asterisk's command line, and remember what it prints."""
        printed = self._lab.asterisk(command)
        if threading.current_thread() is self._thread:
            self._answers.append(Answer(line=command, printed=self._without_passwords(printed)))
        return printed

    def _without_passwords(self, text: str) -> str:
        for user in self._lab.exchange.users:
            text = text.replace(user.secret.get_secret_value(), MARK)
        return text

    def registrations(self) -> "pd.DataFrame":
        """Return who is registered, and remember it."""
        table = self._lab.registrations()
        if threading.current_thread() is self._thread:
            rows = table.to_dict(orient="records")
            self._registrations.append([Registration.model_validate(row) for row in rows])
        return table

    def software(self) -> dict[str, str]:
        """Return names and versions of what the lab is made of."""
        return self._lab.software()

    def stop(self) -> None:
        """Stop the lab, and have its recording kept."""
        if self._stopped:
            return
        software = self._lab.software()
        self._lab.stop()
        self._stopped = True
        self._keep(
            LabRecording(
                name=self._lab.name,
                software=software,
                users=self._users,
                answers=self._answers,
                registrations=self._registrations,
                calls=[
                    (call.request, call.evidence)
                    for call in self._lab.calls
                    if call.evidence.record.duration_s is not None
                ],
            )
        )
