"""A lab of which there is only the recording."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Generic, Literal, NoReturn, Self, TypeVar

from voiplab.config import Codec, Security
from voiplab.errors import NotRecorded, PhoneError, UnknownUser
from voiplab.evidence import CallView, Evidence, Provenance
from voiplab.lab.call import Call
from voiplab.lab.call_request import CallRequest
from voiplab.lab.lab import Lab
from voiplab.lab.phone import Phone
from voiplab.lab.recording import LabRecording, NewUser, Registration
from voiplab.lab.user import User
from voiplab.phones import BrowserAccount

if TYPE_CHECKING:
    import pandas as pd

    from voiplab.lab.recorder import LabRecorder
    from voiplab.lab.view import LabView

Question = TypeVar("Question", bound=Hashable)
Given = TypeVar("Given")


class Turns(Generic[Question, Given]):
    """What was answered to each question: asked again, the next answer, and the last for ever.

    >>> turns = Turns([("up?", "for 1 s"), ("up?", "for 9 s")])
    >>> [turns.next("up?") for _ in range(3)]
    ['for 1 s', 'for 9 s', 'for 9 s']
    >>> turns.next("down?") is None
    True
    """

    def __init__(self, answered: Iterable[tuple[Question, Given]]) -> None:
        self._answers: defaultdict[Question, list[Given]] = defaultdict(list)
        for question, answer in answered:
            self._answers[question].append(answer)

    def next(self, question: Question) -> Given | None:
        """Return the next answer to a question; None when it was never asked."""
        answers = self._answers.get(question)
        if answers is None:
            return None
        return answers.pop(0) if len(answers) > 1 else answers[0]


class _Recorded:
    """What refuses all that the live one could, and that its recording can't."""

    _live: type
    _live_attributes: frozenset[str] = frozenset()
    _made: Provenance

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> NoReturn:
            if not name.startswith("_") and (
                hasattr(self._live, name) or name in self._live_attributes
            ):
                raise _refusal(self._made, f"it has no {self._live.__name__}.{name}")
            raise AttributeError(f"{type(self).__name__} has no attribute {name!r}", name=name)


def _refusal(made: Provenance, what: str) -> NotRecorded:
    return NotRecorded(
        f"This is a recording of {made.day}, not a live lab: {what}. To do it yourself, have a "
        "lab of your own: it takes a container engine, which `make setup` sets up "
        "(or start Docker Desktop); then run the notebook from its top."
    )


class RecordedCall(_Recorded, CallView):
    """A call that was recorded: all that is computed from evidence can be computed from it.

    Args:
        request: what was asked for.
        evidence: what it left behind.
        made: when and how it was recorded.
    """

    _live = Call
    _live_attributes = frozenset({"caller", "number", "started"})

    def __init__(self, request: CallRequest, evidence: Evidence, made: Provenance) -> None:
        self.request = request
        self._evidence = evidence
        self._made = made

    def __repr__(self) -> str:
        record = self._evidence.record
        return f"<RecordedCall {record.caller} → {record.called}, of {self._made.day}>"

    @property
    def evidence(self) -> Evidence:
        """What the call left behind."""
        return self._evidence

    @property
    def state(self) -> str:
        """How far the call has come: it is over."""
        return "closed"

    @property
    def duration_s(self) -> float | None:
        """From established until its end, in seconds."""
        return self._evidence.record.duration_s

    def wait(self, seconds: float) -> bool:
        """Return whether the call went on for so long. Nothing is waited for: it is over.

        Args:
            seconds: how long, in seconds.
        """
        return (self.duration_s or 0.0) >= seconds

    def hang_up(self) -> None:
        """Do nothing: it was hung up."""


class RecordedPhone(_Recorded):
    """A phone in a recording, which can make the calls that it made.

    Args:
        lab: the recording.
        extension: whose phone it is.
    """

    _live = Phone
    _live_attributes = frozenset({"account", "container", "network", "tap"})

    def __init__(self, lab: "RecordedLab", extension: str) -> None:
        self._lab = lab
        self._made = lab.made
        self.extension = extension

    def __repr__(self) -> str:
        return f"<RecordedPhone {self.extension}, of {self._made.day}>"

    def call(
        self,
        callee: "RecordedUser | str",
        *,
        say: str | None = None,
        reply: str | None = None,
        voice: str = "en",
        answered_within_s: float | None = 30.0,  # noqa: ARG002 - as Phone.call
    ) -> RecordedCall:
        """Return the call that was recorded, for the very same request.

        Args:
            callee: as for :meth:`voiplab.Phone.call`, and so are all others.
            say: what the caller says.
            reply: what the called user's phone says.
            voice: the voice that says it.
            answered_within_s: has no meaning here: the call was answered.

        Raises:
            NotRecorded: when there is no recording of it.
        """
        return self._lab.call(
            CallRequest(
                caller=self.extension,
                number=callee if isinstance(callee, str) else callee.number,
                say=say,
                reply=reply,
                voice=voice,
            )
        )


class RecordedUser(_Recorded):
    """A user in a recording.

    Args:
        lab: the recording.
        asked: what was asked for.
    """

    _live = User

    def __init__(self, lab: "RecordedLab", asked: NewUser) -> None:
        self._lab = lab
        self._made = lab.made
        self.asked = asked
        self.extension = asked.extension

    def __repr__(self) -> str:
        return f"<RecordedUser {self.extension}, of {self._made.day}>"

    @property
    def name(self) -> str:
        """The name that other phones showed when this user called."""
        return self.asked.name

    @property
    def number(self) -> str:
        """What was dialled to reach this user."""
        return self.extension

    @property
    def phone(self) -> RecordedPhone:
        """The user's softphone.

        Raises:
            NotRecorded: when the user had none.
        """
        if self.asked.phone is not True:
            raise _refusal(self._made, f"user {self.extension} had no softphone in it")
        return RecordedPhone(self._lab, self.extension)

    def browser_account(self) -> BrowserAccount:
        """Refuse: there is no PBX at which a phone could register.

        Raises:
            PhoneError: when the user's phone was not one in a browser.
            NotRecorded: otherwise.
        """
        if self.asked.phone != "browser":
            raise PhoneError(f"User {self.extension} had no phone in a browser.")
        raise _refusal(self._made, "there is no PBX at which a phone could register")


class RecordedLab(_Recorded):
    """A lab of which there is only the recording: it answers what the lab was asked.

    Users and calls are there from the start. An equal question is answered as it was when it was
    asked first, then as the next time, and as the last time from then on. Whatever else a lab can
    do is refused: nothing is made up.

    Args:
        recording: what the lab was asked, and what it answered.
        made: when and how that was recorded.
    """

    _live = Lab
    _live_attributes = frozenset({"phones", "runs"})

    def __init__(self, recording: LabRecording, made: Provenance) -> None:
        self.recording = recording
        self.made = self._made = made
        calls = [(each, RecordedCall(each, evidence, made)) for each, evidence in recording.calls]
        self.calls = [call for _, call in calls]
        self._users = {asked.extension: RecordedUser(self, asked) for asked in recording.users}
        self._requests = Turns(calls)
        self._answers = Turns((each.line, each.printed) for each in recording.answers)
        self._registrations = Turns(("registrations", rows) for rows in recording.registrations)

    def __repr__(self) -> str:
        users, calls = len(self._users), len(self.calls)
        return f"<RecordedLab {self.name} of {self.made.day}, users: {users}, calls: {calls}>"

    @classmethod
    def open(cls, folder: Path | str) -> Self:
        """Open a lab's recording.

        Args:
            folder: where it lies.

        Raises:
            EvidenceError: when it is missing or damaged.
        """
        return cls(LabRecording.open(folder), Provenance.read(Path(folder)))

    @property
    def name(self) -> str:
        """What the lab was called."""
        return self.recording.name

    @property
    def users(self) -> list[RecordedUser]:
        """The users, in the order of their extensions."""
        return [self._users[extension] for extension in sorted(self._users)]

    def __getitem__(self, extension: str) -> RecordedUser:
        """Return the user with an extension.

        Raises:
            UnknownUser: when nobody had it.
        """
        try:
            return self._users[extension]
        except KeyError:
            known = ", ".join(sorted(self._users)) or "nobody"
            raise UnknownUser(
                f"No user has extension {extension!r} in this recording; there are: {known}."
            ) from None

    def add_user(  # noqa: PLR0913 - as Lab's
        self,
        extension: str,
        *,
        name: str = "",
        phone: bool | Literal["browser"] = True,
        codecs: Iterable[Codec] | None = None,
        voicemail: bool = False,
        security: Security | str | None = None,
    ) -> RecordedUser:
        """Return the user that was recorded, for the very same request.

        Args:
            extension: as for :meth:`voiplab.Lab.add_user`, and so are all others.
            name: what other phones showed.
            phone: which phone the user had.
            codecs: what it offered.
            voicemail: whether there was a mailbox.
            security: what was encrypted.

        Raises:
            NotRecorded: when no such user was added.
        """
        asked = NewUser.asked(
            extension,
            name=name,
            phone=phone,
            codecs=codecs,
            voicemail=voicemail,
            security=security,
        )
        user = self._users.get(extension)
        if user is None or user.asked != asked:
            known = ", ".join(f"{each.extension} {each.name}".strip() for each in self.users)
            raise _refusal(
                self.made, f"nobody added a user like this. Its users: {known or 'nobody'}"
            )
        return user

    def call(self, request: CallRequest) -> RecordedCall:
        """Return the call that was recorded, for the very same request.

        Args:
            request: who calls, whom, and what is said.

        Raises:
            NotRecorded: when there is no recording of it.
        """
        call = self._requests.next(request)
        if call is None:
            made = "; ".join(str(each) for each, _ in self.recording.calls)
            raise _refusal(
                self.made, f"{request}: that was not recorded. Its calls: {made or 'none'}"
            )
        return call

    def asterisk(self, command: str) -> str:
        """Return what Asterisk printed when it was asked this.

        Args:
            command: a line of its command line.

        Raises:
            NotRecorded: when it was not asked.
        """
        printed = self._answers.next(command)
        if printed is None:
            asked = ", ".join(f"`{line}`" for line in self.answers) or "nothing"
            raise _refusal(
                self.made, f"nobody typed `{command}` in it. What Asterisk was asked: {asked}"
            )
        return printed

    @property
    def answers(self) -> Mapping[str, str]:
        """What Asterisk printed last for each line that it was asked."""
        return {each.line: each.printed for each in self.recording.answers}

    def registrations(self) -> "pd.DataFrame":
        """Return who was registered: a row a user, with the address of its phone.

        Raises:
            NotRecorded: when nobody asked.
        """
        import pandas as pd  # noqa: PLC0415 - heavy: loaded when a table is wanted

        rows = self._registrations.next("registrations")
        if rows is None:
            raise _refusal(self.made, "nobody asked in it who is registered")
        return pd.DataFrame(
            [row.model_dump() for row in rows], columns=list(Registration.model_fields)
        )

    def software(self) -> dict[str, str]:
        """Return names and versions of what the lab was made of."""
        return dict(self.made.software)

    def stop(self) -> None:
        """Do nothing: it was stopped."""


if TYPE_CHECKING:
    _ALIKE: tuple[type[LabView], ...] = (Lab, LabRecorder, RecordedLab)
