"""A phone that tries out an Asterisk which was installed by hand: it registers, calls, listens."""

import io
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import soundfile

from voiplab.certificates import Authority
from voiplab.containers import Container
from voiplab.errors import NotReady, PhoneError
from voiplab.installation.machine import Machine
from voiplab.phones import AccessNetwork, Account, Softphone
from voiplab.phones.leg import LegState

SAID = "One, two, three: can I hear myself?"
ANSWERED_WITHIN_S = 10.0
LISTENED_S = 5.0
SIP_PORT = 5060


@dataclass(frozen=True, kw_only=True)
class TrialCall:
    """What became of a phone's registration, and of its call to an echo.

    Attributes:
        registered: whether the server took the phone.
        answered: whether the call was answered.
        said: the level of what the phone said: root mean square, full scale is 1.
        heard: the level of what came back.
        trouble: why it failed, as phone or server said it; "" for nothing.
    """

    registered: bool = False
    answered: bool = False
    said: float = 0.0
    heard: float = 0.0
    trouble: str = ""


def try_call(machine: Machine, extension: str, secret: str, number: str) -> TrialCall:
    """Register a phone of the lab's at a machine's Asterisk, and call a number that echoes.

    Args:
        machine: where Asterisk runs.
        extension: who the phone registers as.
        secret: its password.
        number: what it calls.

    Raises:
        EngineError: when the phone's container can't start.
    """
    now = datetime.now(UTC)
    authority = Authority.create(f"VoIP Lab {machine.name}", now=now)
    container = Softphone.start_container(
        machine.engine,
        machine.network,
        name=f"voiplab-{machine.name}-{secrets.token_hex(4)}",
        labels=machine.labels("phone"),
        trusted=authority.certificate,
        certificate=authority.issue(extension, now=now),
    )
    try:
        return _tried(
            container, machine, Account(extension, secret, f"{machine.name}:{SIP_PORT}"), number
        )
    finally:
        container.stop()  # it takes its leave of the registrar
        container.remove()


def _tried(container: Container, machine: Machine, account: Account, number: str) -> TrialCall:
    phone = Softphone(container, account, AccessNetwork(machine.engine, container))
    phone.connect()
    try:
        try:
            phone.register()
        except (PhoneError, NotReady) as error:
            return TrialCall(trouble=str(error))
        phone.say(SAID)
        leg = phone.dial(number)
        leg.wait(LegState.ESTABLISHED, LegState.CLOSED, timeout_s=ANSWERED_WITHIN_S)
        if leg.established_s is None:
            phone.hang_up(leg)
            reason = leg.reason or f"no answer within {ANSWERED_WITHIN_S:g} s"
            return TrialCall(registered=True, trouble=reason)
        time.sleep(LISTENED_S)
        phone.hang_up(leg)
        leg.wait(LegState.CLOSED, timeout_s=ANSWERED_WITHIN_S)
        return TrialCall(
            registered=True,
            answered=True,
            said=_level(phone.said(leg)),
            heard=_level(phone.heard(leg)),
        )
    finally:
        phone.close()


def _level(wav: bytes) -> float:
    """The root mean square of a WAV file's loudest second."""
    if not wav:
        return 0.0
    samples, rate_hz = soundfile.read(io.BytesIO(wav), dtype="float64")
    seconds = range(0, max(1, len(samples) - rate_hz), rate_hz // 4)
    return max(float(np.sqrt(np.mean(samples[at : at + rate_hz] ** 2))) for at in seconds)
