"""The panel in which each softphone of a lab is a phone under the mouse."""

import base64
import io
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, Final

import ipywidgets

from voiplab.errors import PhoneError, VoipLabError
from voiplab.lab import Call, Lab, Phone
from voiplab.phones import Answering, Leg
from voiplab.phones.leg import LegState
from voiplab.widgets.button import button, row
from voiplab.widgets.calls import clock
from voiplab.widgets.field import Field
from voiplab.widgets.keypad import Keypad
from voiplab.widgets.panel import Panel
from voiplab.widgets.python import called, written
from voiplab.widgets.table import Table
from voiplab.widgets.words import _
from voiplab.widgets.work import Work

_REFRESH_S: Final = 0.5
_COLLECT_S: Final = 1.0
_VOICES: Final = (
    ("en", "English"),
    ("fr", "Français"),
    ("de", "Deutsch"),
    ("es", "Español"),
    ("it", "Italiano"),
)
_TEXT: Final = "The quick brown fox jumps over the lazy dog."


@dataclass(frozen=True)
class PhoneState:
    """What a phone's row and buttons say.

    Attributes:
        extension: whose phone it is.
        name: what it is called.
        registered: whether it is.
        leg: its newest leg that goes on; else the last that ended, or None.
        answering: what it does when it is called.
    """

    extension: str
    name: str
    registered: bool
    leg: Leg | None
    answering: Answering

    @property
    def active(self) -> Leg | None:
        """The leg that goes on, or None."""
        return self.leg if self.leg is not None and self.leg.state is not LegState.CLOSED else None

    @property
    def rings(self) -> bool:
        """Whether somebody calls it and awaits an answer."""
        leg = self.active
        return leg is not None and leg.incoming and leg.state is not LegState.ESTABLISHED

    @property
    def talks(self) -> bool:
        """Whether it is in a call that was answered."""
        return self.active is not None and self.active.state is LegState.ESTABLISHED

    def words(self, now_s: float) -> str:
        """Return what it is doing.

        Args:
            now_s: the time, in seconds since the epoch.

        >>> PhoneState("2001", "Front desk", True, None, Answering.AUTO).words(0.0)
        ''
        """
        leg = self.leg
        if leg is None:
            return ""
        peer = peer_of(leg)
        if leg.state is LegState.CLOSED:
            why = f": {leg.reason}" if leg.status else ""
            return _("call with {peer} ended{why}").format(peer=peer, why=why)
        if leg.state is not LegState.ESTABLISHED:
            told = _("{peer} is calling") if leg.incoming else _("calling {peer}")
            return told.format(peer=peer)
        so_far = clock(now_s - (leg.established_s or now_s))
        states = [_("on hold")] * leg.on_hold + [_("muted")] * leg.muted
        return ", ".join([_("with {peer}, {time}").format(peer=peer, time=so_far), *states])


def peer_of(leg: Leg) -> str:
    """Return the number at the other end of a leg.

    >>> peer_of(Leg("a", "sip:*43@pbx:5060;transport=udp", incoming=False, started_s=0.0))
    '*43'
    """
    return leg.peer.partition(":")[2].partition("@")[0] or leg.peer


def state_of(phone: Phone, name: str) -> PhoneState:
    """Return what a phone's row and buttons say, without asking the engine.

    Args:
        phone: the phone.
        name: what it is called.
    """
    legs = sorted(phone.legs.values(), key=lambda leg: leg.started_s)
    active = [leg for leg in legs if leg.state is not LegState.CLOSED]
    leg = (active or legs)[-1] if legs else None
    return PhoneState(phone.extension, name, phone.registered, leg, phone.answering)


class PhonesPanel(Panel):
    """Each softphone as a phone: choose one, then dial, answer, speak and listen with it.

    Args:
        phones: returns the softphones by extension.
        names: returns what each is called, by extension.
        made: returns the call that this process made and whose caller's leg it is, and the Python
            for it, or None.
    """

    def __init__(
        self,
        *,
        phones: Callable[[], Mapping[str, Phone]],
        names: Callable[[], Mapping[str, str]],
        made: Callable[[Leg], tuple[Call, str] | None],
    ) -> None:
        self._phones = phones
        self._names = names
        self._made = made
        self._states: dict[str, PhoneState] = {}
        self._calling: list[Call] = []
        self._untold: list[str] = []
        self._quiet = False
        self.table = Table(
            {
                "extension": _("Phone"),
                "name": _("Name"),
                "registered": _("Registered"),
                "doing": _("What it does"),
            },
            key="extension",
            caption=_("The softphones of the lab"),
            empty=_("No softphone yet: add a user with one."),
            choosable=True,
        )
        self.number = Field(_("Number"), placeholder="2002")
        self.number.on_submit(self._call)
        self.call = button(_("Call"), self._call, kind="main")
        self.answer = button(_("Answer"), self._answer, kind="main")
        self.reject = button(_("Reject"), self._reject, kind="stop")
        self.hang_up = button(_("Hang up"), self._hang_up, kind="stop")
        self.hold = button(_("Hold"), self._hold)
        self.mute = button(_("Mute"), self._mute)
        self.target = Field(_("Transfer to"), placeholder="2003")
        self.target.on_submit(self._transfer)
        self.transfer = button(_("Transfer"), self._transfer)
        self.text = Field(_("Text to say"), value=_TEXT)
        self.text.on_submit(self._say)
        self.voice = Field(_("Voice"), kind="choice", value="en", options=_VOICES)
        self.say_it = button(_("Say it"), self._say)
        self.answering = Field(
            _("When called"),
            kind="choice",
            value=Answering.AUTO.value,
            options=[
                (Answering.AUTO.value, _("answers at once")),
                (Answering.MANUAL.value, _("rings")),
                (Answering.REFUSE.value, _("refuses: busy")),
                (Answering.DO_NOT_DISTURB.value, _("is not to be disturbed")),
            ],
        )
        self.answering.observe(self._set_answering, "value")
        self.listen = button(_("Play what it hears"), self._listen)
        self.player = ipywidgets.HTML()
        self.keypad = Keypad(self._press)
        for each in (self.number, self.target):
            each.add_class("voiplab-short")
        self.text.add_class("voiplab-wide")
        beside = ipywidgets.VBox(
            [
                row(self.answer, self.reject),
                row(self.hold, self.mute),
                row(self.target, self.transfer),
            ]
        )
        beside.add_class("voiplab-beside")
        middle = ipywidgets.HBox([self.keypad, beside])
        middle.add_class("voiplab-middle")
        self.desk = ipywidgets.VBox(
            [
                row(self.number, self.call, self.hang_up),
                middle,
                row(self.text, self.voice, self.say_it),
                row(self.answering, self.listen),
                self.player,
            ]
        )
        self.desk.add_class("voiplab-desk")
        super().__init__(_("Phones"), [self.table, self.desk])
        self._refresh = self.every(_REFRESH_S, self._read, self._show)
        self.every(_COLLECT_S, self._collect, self._tell_failures)
        self.table.observe(self._choose, "chosen")

    # What is shown

    def _read(self) -> dict[str, PhoneState]:
        names = self._names()
        phones = sorted(self._phones().items())
        return {ext: state_of(phone, names.get(ext, "")) for ext, phone in phones}

    def _show(self, states: dict[str, PhoneState]) -> None:
        self._states = states
        now_s = time.time()
        rows = [_row(state, now_s) for state in states.values()]
        if rows != self.table.rows:
            self.table.show(rows)
        if self.table.chosen not in states:
            self.table.chosen = next(iter(states), "")
        self._fit_controls()

    def _choose(self, _change: object) -> None:
        self.player.value = ""
        self._fit_controls()

    def _fit_controls(self) -> None:
        """Enable what can be done, and say on two buttons which way they go."""
        state = self._states.get(self.table.chosen)
        self.desk.layout.display = None if state else "none"
        if state is None:
            return
        leg, talks = state.active, state.talks
        self.call.disabled = not state.registered or leg is not None
        self.answer.disabled = self.reject.disabled = not state.rings
        self.hang_up.disabled = leg is None or state.rings
        for each in (self.hold, self.mute, self.transfer):
            each.disabled = not talks
        self.hold.description = _("Resume") if leg is not None and leg.on_hold else _("Hold")
        self.mute.description = _("Unmute") if leg is not None and leg.muted else _("Mute")
        self.listen.disabled = state.leg is None
        if self.answering.value != state.answering.value:
            self._quiet = True
            self.answering.value = state.answering.value
            self._quiet = False

    # What is done

    @property
    def _phone(self) -> Phone:
        try:
            return self._phones()[self.table.chosen]
        except KeyError:
            raise PhoneError(_("Choose a phone first.")) from None

    @property
    def _python(self) -> str:
        return f"lab[{written(self.table.chosen)}].phone"

    def _leg(self) -> Leg:
        state = self._states.get(self.table.chosen)
        if state is None or state.active is None:
            raise PhoneError(_("Phone {phone} has no call.").format(phone=self.table.chosen))
        return state.active

    def _call(self) -> None:
        number, phone = self.number.value.strip(), self.table.chosen
        if self.call.disabled or not number:
            self.number.sentence = "" if number else _("Type a number first, such as 2002.")
            return
        self.number.sentence = ""

        def dial(_work: Work) -> None:
            self._calling.append(self._phone.call(number, answered_within_s=None))

        self._act(
            dial,
            says=_("Dialling {number}.").format(number=number),
            done=_("{phone} calls {number}.").format(phone=phone, number=number),
            python=called(f"{self._python}.call", number),
        )

    def _answer(self) -> None:
        self._with_leg("answer", _("Answered."))

    def _reject(self) -> None:
        self._with_leg("hang_up", _("Rejected."))

    def _hang_up(self) -> None:
        self._with_leg("hang_up", _("The call has ended."))

    def _hold(self) -> None:
        if self._states[self.table.chosen].active is None:
            return
        if self._leg().on_hold:
            self._with_leg("resume", _("The call goes on."))
        else:
            self._with_leg("hold", _("The other side is on hold."))

    def _mute(self) -> None:
        if self._leg().muted:
            self._with_leg("unmute", _("The microphone is heard again."))
        else:
            self._with_leg("mute", _("The phone sends silence."))

    def _transfer(self) -> None:
        number = self.target.value.strip()
        self.target.sentence = "" if number else _("Type whom to transfer to, such as 2003.")
        if number and not self.transfer.disabled:
            done = _("The other side was sent to {number}.").format(number=number)
            self._with_leg("transfer", done, number)

    def _press(self, key: str) -> None:
        """Take a key: it is sent in a call, and else becomes part of the number."""
        state = self._states.get(self.table.chosen)
        if state is not None and state.talks:
            self._with_leg("send_dtmf", _("Key {key} was sent.").format(key=key), key)
        else:
            self.number.value += key

    def _with_leg(self, method: str, done: str, *arguments: str) -> None:
        """Do something with the chosen phone's call: through the call, if it was made here."""
        phone, leg = self._phone, self._leg()
        made = self._made(leg)
        if made is not None:
            call, python = made
            act: Callable[[], object] = lambda: getattr(call, method)(*arguments)  # noqa: E731
            line = called(f"{python}.{method}", *arguments)
        else:
            act = lambda: getattr(phone, method)(leg, *arguments)  # noqa: E731
            others = "".join(f", {written(each)}" for each in arguments)
            line = f"phone = {self._python}; phone.{method}(phone.active_legs()[-1]{others})"
        self._act(lambda _work: act(), says=_("One moment."), done=done, python=line)

    def _say(self) -> None:
        text, voice, phone = self.text.value, self.voice.value, self._phone
        self._act(
            lambda _work: phone.say(text, voice=voice),
            says=_("Speaking."),
            done=_("{phone} says it: in this call, or at the beginning of the next.").format(
                phone=self.table.chosen
            ),
            python=called(f"{self._python}.say", text, voice=voice),
        )

    def _set_answering(self, _change: object) -> None:
        if self._quiet:
            return
        wanted, phone = Answering(self.answering.value), self._phone

        def choose(_work: Work) -> None:
            phone.answering = wanted

        self._act(
            choose,
            says=_("One moment."),
            done=_("From now on, when called, {phone} {does}.").format(
                phone=self.table.chosen, does=dict(self.answering.options)[wanted.value]
            ),
            python=f"{self._python}.answering = Answering.{wanted.name}",
        )

    def _listen(self) -> None:
        phone, extension = self._phone, self.table.chosen
        leg = self._states[extension].leg
        if leg is None:
            return
        legs = "active_legs()" if leg.state is not LegState.CLOSED else "legs.values()"
        line = f"phone = {self._python}; phone.heard([*phone.{legs}][-1])"
        made = self._made(leg)
        if made is not None and leg.state is LegState.CLOSED:
            line = called(f"{made[1]}.listen", extension)
        label = _("What phone {phone} heard").format(phone=extension)
        self._act(
            lambda _work: _squeezed(phone.heard(leg)),
            says=_("Fetching what was heard."),
            done=label + ".",
            python=line,
            then=lambda sound: self._play(sound, label),
        )

    def _play(self, sound: bytes, label: str) -> None:
        coded = base64.b64encode(sound).decode("ascii")
        self.player.value = (
            f'<audio controls autoplay aria-label="{escape(label)}" '
            f'src="data:audio/flac;base64,{coded}"></audio>'
        )

    def _act(
        self,
        work: Callable[[Work], Any],
        *,
        says: str,
        done: str,
        python: str,
        then: Callable[[Any], object] = lambda _found: None,
    ) -> None:
        def shown(found: Any) -> None:  # noqa: ANN401 - what the work returned
            then(found)
            self._refresh.soon()

        self.do(work, says=says, done=done, python=python, then=shown)

    # What becomes of the calls that were made here

    def _collect(self) -> list[str]:
        """Keep the evidence of calls that have ended, and return why some were not answered."""
        failures = []
        for call in tuple(self._calling):
            if call.leg.state is not LegState.CLOSED:
                continue
            self._calling.remove(call)
            if call.leg.established_s is None:
                try:
                    call.wait_until_answered(0)
                except VoipLabError as error:
                    failures.append(str(error))
            elif not call.kept:
                call.collect()
        return failures

    def _tell_failures(self, failures: list[str]) -> None:
        """Say why calls were not answered: one at a time, and not into another action."""
        self._untold += failures
        if self._untold and not self.busy:
            self.fail(PhoneError(self._untold.pop(0)))


def _row(state: PhoneState, now_s: float) -> dict[str, Any]:
    tone = "wait" if state.rings else "good" if state.talks else ""
    return {
        "extension": state.extension,
        "name": state.name,
        "registered": _("yes") if state.registered else _("no"),
        "doing": state.words(now_s),
        "tones": {"registered": "good" if state.registered else "bad", "doing": tone},
    }


def _squeezed(wav: bytes) -> bytes:
    """Return a recording as FLAC: nothing of it is lost, and less has to reach the page."""
    import soundfile  # noqa: PLC0415 - heavy: loaded when sound is wanted

    if not wav:
        raise PhoneError(_("Nothing was heard yet: there is no sound before the call is answered."))
    samples, rate_hz = soundfile.read(io.BytesIO(wav), dtype="int16")
    squeezed = io.BytesIO()
    soundfile.write(squeezed, samples, rate_hz, format="FLAC")
    return squeezed.getvalue()


def phones_panel(lab: Lab) -> PhonesPanel:
    """Show the softphones of a lab as phones.

    Args:
        lab: one that runs.

    Raises:
        LabStopped: when the lab does not run.
    """
    lab.check_running()

    def names() -> dict[str, str]:
        return {user.extension: user.name for user in lab.exchange.users}

    def made(leg: Leg) -> tuple[Call, str] | None:
        for at, call in enumerate(reversed(lab.calls), 1):
            if call.leg is leg:
                return call, f"lab.calls[{-at}]"
        return None

    return PhonesPanel(phones=lambda: dict(lab.phones), names=names, made=made)
