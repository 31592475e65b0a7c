"""A softphone: baresip in a container of its own, with a tap on its network."""

import contextlib
import math
import re
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from itertools import count

from voiplab.certificates import Certificate
from voiplab.containers import Container, Engine, Network, Private, image, wait_until
from voiplab.errors import NotReady, PhoneError
from voiplab.phones.access_network import AccessNetwork
from voiplab.phones.account import Account
from voiplab.phones.control import Control, PhoneEvent
from voiplab.phones.leg import Leg, LegState
from voiplab.phones.microphone import Microphone
from voiplab.phones.recording import joined
from voiplab.phones.refusal import distrusted, hung_up
from voiplab.phones.tap import FOLDER as CAPTURE_FOLDER
from voiplab.phones.tap import Tap

CONTROL_PORT = 4444

TRUSTED = "/etc/baresip/ca.crt"
OWN = "/etc/baresip/phone.pem"

_END_OF_CERTIFICATE = "-----END CERTIFICATE-----\n"
_LOG_LINES = 1000
_LOGGED_WITHIN_S = 1.0
# While an answer is awaited, the phone's capture is looked at about once a second.
_CHECKS_A_LOOK = 100

# The INVITE leaves within milliseconds of the channel's making; a loaded machine gets more.
_SAME_CALL_S = 2.0


class Answering(StrEnum):
    """What a phone does when it is called."""

    AUTO = "auto"
    """It answers at once."""
    MANUAL = "manual"
    """It rings until it is told to answer or to refuse."""
    REFUSE = "refuse"
    """It refuses each call: 486 Busy Here."""
    DO_NOT_DISTURB = "do not disturb"
    """It does not ring: 480 Temporarily Unavailable."""


_CREDENTIALS = "Compare its name and password with the PBX's: `pjsip show auth {}`."


class Softphone:
    """A softphone in a container.

    Args:
        container: where baresip runs.
        account: who it is to be; :meth:`register` makes it so.
        network: what lies between it and its registrar.
    """

    def __init__(self, container: Container, account: Account, network: AccessNetwork) -> None:
        self.container = container
        self.account = account
        self.network = network
        self.tap = Tap(container, account.extension, network)
        self.legs: dict[str, Leg] = {}
        self._control = Control(account.extension, self._follow, self._gone)
        self._microphone = Microphone(container, self._control, account.rate_hz)
        self._answering = Answering.AUTO
        self._registered = threading.Event()
        self._registration = ""
        self._registrar_answers: list[PhoneEvent] = []
        self._legs_changed = threading.Condition()
        # Numbers that a former master of the phone has not used.
        self._recordings = int(time.time())

    def __repr__(self) -> str:
        state = "registered" if self.registered else "not registered"
        return f"<Softphone {self.account.aor}, {state}>"

    @staticmethod
    def start_container(  # noqa: PLR0913 - a container has that many sides
        engine: Engine,
        network: Network,
        *,
        name: str,
        labels: Mapping[str, str],
        trusted: Certificate,
        certificate: Certificate,
        capture_room: str | None = None,
    ) -> Container:
        """Start a container for a softphone.

        Args:
            engine: where it is to run.
            network: the lab's network.
            name: the container's name.
            labels: the container's labels.
            trusted: the authority whose word on a server the phone takes.
            certificate: what the phone presents to a server that asks for it.
            capture_room: keep the capture in memory, in at most so much: ``64k``, ``16m``;
                None keeps it on the engine's disk.

        Returns:
            The container, in which a softphone without an account is starting.

        Raises:
            EngineError: when the engine can't start it.
        """
        return engine.run(
            image=image(engine, "phone"),
            name=name,
            labels=labels,
            network=network,
            files={TRUSTED: trusted.pem, OWN: Private(certificate.pem + certificate.key)},
            ports=[CONTROL_PORT],
            cap_add=["NET_RAW"],
            tmpfs={} if capture_room is None else {CAPTURE_FOLDER: f"size={capture_room}"},
        )

    @property
    def registered(self) -> bool:
        """Whether the registrar's last answer was yes."""
        return self._registered.is_set()

    @property
    def registrar_answers(self) -> tuple[PhoneEvent, ...]:
        """What came of each attempt to register: ``REGISTER_OK``, or ``REGISTER_FAIL`` and why."""
        return tuple(self._registrar_answers)

    @property
    def refusal(self) -> str:
        """What the registrar said when it last refused, such as ``403 Forbidden``; or ""."""
        return "" if self.registered else self._registration

    @property
    def address(self) -> str:
        """The phone's IP address on the lab's network."""
        return self.container.address

    def connect(self, timeout_s: float = 15.0) -> None:
        """Take control of the phone.

        Args:
            timeout_s: the longest to wait for it, in seconds.

        Raises:
            NotReady: when it does not answer in time.
        """
        port = self.container.port(CONTROL_PORT)
        wait_until(
            f"the control port of phone {self.account.extension}",
            lambda: self._control.connect("127.0.0.1", port) or None,
            timeout_s=timeout_s,
            containers=[self.container],
        )

    def register(self, timeout_s: float = 10.0) -> None:
        """Register at the registrar and wait for its answer.

        Args:
            timeout_s: the longest to wait, in seconds.

        Raises:
            PhoneError: when the registrar refuses, with its reason.
            NotReady: when no answer comes in time.
        """
        over_tls = self.account.transport == "tls"
        distrusted_before = len(self._distrusted()) if over_tls else 0
        hung_up_before = self._hung_up() if over_tls else 0
        self._registered.clear()
        self._registration = ""
        self._microphone.mute()
        self._recordings += 1
        self._control.command("auplay", f"aufile,{self._recording}")
        self._control.command("uadelall")
        self._control.command("uanew", self.account.line())

        looks = count(1)

        def answered() -> bool | None:
            if self._registered.is_set():
                return True
            if self._registration:
                if over_tls:
                    self._check_trust(distrusted_before)
                raise PhoneError(
                    f"Phone {self.account.extension} was not registered: {self._registration}. "
                    + (self.explanation() or _CREDENTIALS.format(self.account.extension))
                )
            if over_tls and next(looks) % _CHECKS_A_LOOK == 0 and self._hung_up() > hung_up_before:
                raise PhoneError(
                    f"Phone {self.account.extension} was not registered: the server ended the "
                    "connection after the handshake of TLS, as it does when it does not trust the "
                    f"phone's certificate. {self.explanation()}".rstrip()
                )
            return None

        try:
            wait_until(
                f"the registration of phone {self.account.extension}",
                answered,
                timeout_s=timeout_s,
                containers=[self.container],
                hint="Does the PBX run, and has it this user? See `pjsip show endpoints`.",
                interval_s=0.005,
            )
        except NotReady as error:
            if explanation := self.explanation():
                raise PhoneError(
                    f"Phone {self.account.extension} was not registered: nobody answered within "
                    f"{timeout_s:g} s. {explanation}"
                ) from error
            raise

    def _check_trust(self, distrusted_before: int) -> None:
        """Say so where the phone itself ended the connection because of a certificate."""
        try:
            reason = wait_until(
                "the phone's reason",
                lambda: self._distrusted()[distrusted_before:][-1:] or None,
                timeout_s=_LOGGED_WITHIN_S,
                containers=[self.container],
            )[0]
        except NotReady:
            return
        raise PhoneError(
            f"Phone {self.account.extension} was not registered: it does not trust the server's "
            f"certificate ({reason}). {self.explanation()}".rstrip()
        )

    def _distrusted(self) -> list[str]:
        return distrusted(self.container.logs(tail=_LOG_LINES))

    def _hung_up(self) -> int:
        return hung_up(self.tap.fetch(), int(self.account.registrar.rpartition(":")[2]))

    def explanation(self) -> str:
        """Return more on why the phone is not registered; "" where nothing more is known."""
        return ""

    @property
    def certificate(self) -> Certificate:
        """What the phone presents to a server that asks for it; its key stays with it.

        Raises:
            EngineError: when the container can't be read.
        """
        own = self.container.read(OWN).decode()
        return Certificate(own[: own.index(_END_OF_CERTIFICATE) + len(_END_OF_CERTIFICATE)])

    def present(self, certificate: Certificate) -> None:
        """Let the phone present another certificate; it is restarted, and registers anew.

        Args:
            certificate: with its key; see :mod:`voiplab.certificates` for good ones and bad.

        Raises:
            CertificateError: when its key is missing.
            PhoneError: when it is refused, with the reason, or its network is impaired.
            NotReady: when no answer comes in time.
        """
        certificate.check_key()
        if self.network.capture is not None:
            raise PhoneError(
                f"Phone {self.account.extension} can't be restarted: what impairs its network "
                "would not survive it. Present the certificate first, then impair."
            )
        self.close()
        self.container.put({OWN: Private(certificate.pem + certificate.key)})
        self.container.restart()
        # Its capture has begun anew.
        self.tap = Tap(self.container, self.account.extension, self.network)
        self.connect()
        self.register()

    def leave(self) -> None:
        """Say goodbye to the registrar; calls end. Nothing is awaited: see :meth:`register`."""
        self._registered.clear()
        self._control.command("uadelall")

    def adopt(self) -> None:
        """Take over a phone that runs already; its registration and its calls go on.

        Raises:
            PhoneError: when it has to register anew and is refused.
            NotReady: when it has to register anew and no answer comes in time.
        """
        state = self._control.command("reginfo")
        if self.account.aor in state and "OK" in state.partition(self.account.aor)[2]:
            self._registered.set()
        else:
            self.register()

    @property
    def answering(self) -> Answering:
        """What the phone does when it is called."""
        return self._answering

    @answering.setter
    def answering(self, answering: Answering) -> None:
        mode = "auto" if answering is Answering.AUTO else "manual"
        self._control.command("answermode", mode)
        self._control.command("dnd", str(answering is Answering.DO_NOT_DISTURB).lower())
        self._answering = answering

    def dial(self, number: str) -> Leg:
        """Call a number.

        Args:
            number: an extension of the PBX.

        Returns:
            The phone's leg of the new call.

        Raises:
            PhoneError: when the phone does not dial.
        """
        uri = self.account.uri(number)
        answer = self._control.command("dial", uri)
        found = re.search(r"call id: (\S+)", answer)
        if found is None:
            raise PhoneError(f"Phone {self.account.extension} did not dial {number}: {answer!r}.")
        return self._leg(found[1], uri, incoming=False)

    def answer(self, leg: Leg) -> None:
        """Answer a call that rings."""
        self._control.command("accept", leg.call_id)

    def hang_up(self, leg: Leg) -> None:
        """End a call, or refuse one that rings."""
        if leg.state is not LegState.CLOSED:
            # The other side, or a transfer, may have ended it in this very moment.
            ended = f"call {leg.call_id} not found"
            self._control.command("hangup", leg.call_id, accept=(ended,))

    def hold(self, leg: Leg) -> None:
        """Put the other side on hold (RFC 3264, section 8.4)."""
        self._set_recording_aside(leg)
        self._control.command("hold", leg.call_id)
        leg.on_hold = True

    def resume(self, leg: Leg) -> None:
        """Take the other side back from hold; the phone is silent until it is told to speak."""
        self._set_recording_aside(leg)
        # baresip resumes the call, yet calls the order invalid where no other call was active.
        self._control.command("resume", leg.call_id, accept=("Invalid argument",))
        leg.on_hold = False
        self._microphone.mute()
        self._microphone.renew_in_time()

    def mute(self, leg: Leg) -> None:
        """Send silence from now on; what is said meanwhile is not heard."""
        self._mute(leg, muted=True)

    def unmute(self, leg: Leg) -> None:
        """Send again what is said."""
        self._mute(leg, muted=False)

    def _mute(self, leg: Leg, *, muted: bool) -> None:
        """Turn the mute round until it is as wanted: baresip says each time how it is now."""
        self._control.command("callfind", leg.call_id)
        wanted = "call muted" if muted else "call un-muted"
        for _ in range(2):
            answer = self._control.command("mute").strip()
            if answer == wanted:
                leg.muted = muted
                return
        raise PhoneError(
            f"Phone {self.account.extension} could not be {'' if muted else 'un'}muted: {answer!r}."
        )

    def transfer(self, leg: Leg, number: str) -> None:
        """Send the other side to another number (blind transfer, RFC 5589)."""
        self._control.command("callfind", leg.call_id)
        self._control.command("transfer", self.account.uri(number))

    def send_dtmf(self, leg: Leg, digits: str) -> None:
        """Send digits as telephone events (RFC 4733)."""
        self._control.command("callfind", leg.call_id)
        self._control.command("sndcode", digits)

    def say(self, text: str, *, voice: str = "en") -> None:
        """Speak into the phone: in the call in progress, or else in the next one.

        Args:
            text: what to say.
            voice: an espeak-ng voice, for example ``en`` or ``fr``.

        Raises:
            PhoneError: when the text can't be spoken.
        """
        self._microphone.say(text, voice=voice)
        self._speak_in_calls()

    def play(self, sound: bytes) -> None:
        """Send a sound that is no speech, such as a modem's: in the call in progress, or the next.

        Args:
            sound: a WAV file: mono, 16 bit, at ``account.rate_hz``.

        Raises:
            PhoneError: when it is anything else.
        """
        self._microphone.play(sound)
        self._speak_in_calls()

    def _speak_in_calls(self) -> None:
        active = self.active_legs()
        for leg in active:
            leg.speech = self._microphone.speech
        if active:
            self._microphone.renew_in_time()

    def active_legs(self) -> list[Leg]:
        """Return the legs that are not closed."""
        return [leg for leg in self.legs.values() if leg.state is not LegState.CLOSED]

    def wait_for_incoming(self, peer: str, *, after_s: float, timeout_s: float) -> Leg | None:
        """Wait for a call from someone.

        Args:
            peer: the calling extension.
            after_s: legs that began before this time don't count, in seconds since the epoch.
            timeout_s: the longest to wait, in seconds.

        Returns:
            The leg, or None when none came in time.
        """

        def found() -> Leg | None:
            for leg in self.legs.values():
                if leg.incoming and leg.started_s >= after_s and f"sip:{peer}@" in leg.peer:
                    return leg
            return None

        with self._legs_changed:
            self._legs_changed.wait_for(lambda: found() is not None, timeout_s)
            return found()

    def incoming_near(self, time_s: float) -> Leg | None:
        """Return the call that reached the phone around a time.

        Args:
            time_s: when the PBX began to call, in seconds since the epoch.

        Returns:
            The incoming leg that began nearest to it, or None when none did within seconds.
        """
        distances = [
            (abs(leg.started_s - time_s), leg) for leg in list(self.legs.values()) if leg.incoming
        ]
        distance_s, leg = min(distances, key=lambda each: each[0], default=(math.inf, None))
        return leg if distance_s < _SAME_CALL_S else None

    def heard(self, leg: Leg) -> bytes:
        """Return what came out of the phone's loudspeaker in a call.

        Args:
            leg: a leg of this phone.

        Returns:
            A WAV file: mono, 16 bit; b"" when no sound was ever played.
        """
        if leg.state is LegState.CLOSED and self._control.connected:
            # baresip closes the file before it obeys the next order.
            self._control.command("listcalls")
        return joined(self._files(leg.recordings))

    def _files(self, paths: Iterable[str]) -> Iterator[bytes]:
        for path in paths:
            with contextlib.suppress(FileNotFoundError):  # nothing was ever heard
                yield self.container.read(path)

    def said(self, leg: Leg) -> bytes:
        """Return what the phone was told to say in a call.

        Args:
            leg: a leg of this phone.

        Returns:
            A WAV file: mono, 16 bit; b"" when it was told nothing.
        """
        return self._microphone.read(leg.speech) if leg.speech else b""

    def settle(self) -> None:
        """Forget the packets fetched so far, unless a call is still going on."""
        if not self.active_legs():
            self.tap.mark()

    def close(self) -> None:
        """Let go of the phone; its container stays."""
        self._microphone.stop()
        self._control.close()
        for leg in self.active_legs():
            leg.abandon("the phone was stopped")

    def _leg(self, call_id: str, peer: str, *, incoming: bool, time_s: float | None = None) -> Leg:
        with self._legs_changed:
            leg = self.legs.get(call_id)
            if leg is None:
                started_s = time.time() if time_s is None else time_s
                leg = Leg(call_id, peer, incoming=incoming, started_s=started_s)
                leg.recordings.append(self._recording)
                leg.speech = self._microphone.speech
                self.legs[call_id] = leg
                self._legs_changed.notify_all()
            return leg

    def _follow(self, event: PhoneEvent) -> None:
        if event.name in {"REGISTER_OK", "REGISTER_FAIL"}:
            self._registrar_answers.append(event)
        if event.name == "REGISTER_OK":
            self._registered.set()
        elif event.name == "REGISTER_FAIL":
            self._registered.clear()
            self._registration = event.detail
        if not event.call_id:
            return
        incoming = event.direction == "incoming"
        leg = self._leg(event.call_id, event.peer, incoming=incoming, time_s=event.time_s)
        leg.follow(event)
        if event.name == "CALL_INCOMING" and self._answering is Answering.REFUSE:
            self._control.soon("hangup", leg.call_id)
        if event.name == "CALL_ESTABLISHED":
            self._microphone.renew_in_time()
        if event.name == "CALL_CLOSED" and not self.active_legs():
            self._microphone.rest()
            self._next_recording()

    def last_words(self) -> str:
        """Return how a phone that has stopped did so, in a sentence; "" for any other."""
        if self.container.status() != "exited":
            return ""
        log = self.container.logs(tail=3).strip().splitlines()
        said = f", after it had said {log[-1]!r}" if log else ""
        return f"Phone {self.account.extension} ended with code {self.container.exit_code}{said}. "

    def _gone(self) -> None:
        """Give up the calls of a phone that has stopped, or that another kernel has taken over."""
        for leg in self.active_legs():
            leg.abandon("its phone stopped, or another kernel took it over")

    @property
    def _recording(self) -> str:
        return f"/var/lib/phone/heard-{self._recordings}.wav"

    def _next_recording(self) -> None:
        self._recordings += 1
        self._control.soon("auplay", f"aufile,{self._recording}")

    def _set_recording_aside(self, leg: Leg) -> None:
        """Save what was heard so far: baresip begins its file again at each re-INVITE."""
        present = leg.recordings[-1]
        aside = f"{present}.{len(leg.recordings)}"
        self.container.exec(["mv", present, aside], check=False)
        leg.recordings.insert(-1, aside)
