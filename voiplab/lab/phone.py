"""A user's softphone, from which calls are made."""

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from voiplab.certificates import why_refused
from voiplab.config import Security
from voiplab.containers import Container
from voiplab.errors import PhoneError, VoipLabError
from voiplab.lab.call import Call
from voiplab.lab.call_request import CallRequest
from voiplab.lab.user import User
from voiplab.pbx.asterisk import ALIAS
from voiplab.phones import AccessNetwork, Account, Softphone

if TYPE_CHECKING:
    from voiplab.lab.lab import Lab


class Phone(Softphone):
    """A user's softphone in a lab.

    Args:
        container: where it runs.
        account: who it registers as.
        network: what lies between it and the PBX.
        lab: where its calls are kept.
    """

    def __init__(
        self, container: Container, account: Account, network: AccessNetwork, lab: "Lab"
    ) -> None:
        super().__init__(container, account, network)
        self._lab = lab

    @property
    def extension(self) -> str:
        """The number of the phone's user."""
        return self.account.extension

    def explanation(self) -> str:
        """Return why PBX or phone would refuse to speak to the other; "" where neither does."""
        if self.account.transport != "tls":
            if self._lab.exchange.security is Security.REQUIRED:
                return "This PBX requires encryption: it listens for SIP over TLS alone."
            return ""
        try:
            trusted = self._lab.authority.certificate
            server, own = self._lab.pbx.certificate, self.certificate
        except VoipLabError:
            # The PBX or the phone is gone, which is told elsewhere.
            return ""
        now = datetime.now(UTC)
        return why_refused(server, trusted=trusted, name=ALIAS, now=now) or why_refused(
            own, trusted=trusted, name=None, now=now
        )

    def call(
        self,
        callee: User | str,
        *,
        say: str | None = None,
        reply: str | None = None,
        voice: str = "en",
        answered_within_s: float | None = 30.0,
    ) -> Call:
        """Call someone, and wait until the call is answered.

        Args:
            callee: a user, or any number of the PBX, for example ``"*43"`` for the echo test.
            say: what to say as soon as the call is answered.
            reply: what the called user's phone says then.
            voice: the espeak-ng voice that says it, for example ``en`` or ``fr``.
            answered_within_s: how long it may ring, in seconds; None returns at once, while it
                may still ring.

        Returns:
            The call.

        Raises:
            CallFailed: when it is refused or not answered, with the SIP status code. Its
                evidence is kept as well: see ``lab.calls[-1].evidence``.
            LabStopped: when the lab does not run.
            PhoneError: when this phone can't dial or speak.
        """
        number = callee.number if isinstance(callee, User) else callee
        self._lab.check_running()
        request = CallRequest(
            caller=self.extension, number=_dialable(number), say=say, reply=reply, voice=voice
        )
        call = Call(self._lab, self, request)
        if reply is not None and isinstance(callee, User):
            callee.phone.say(reply, voice=voice)
        if say is not None:
            self.say(say, voice=voice)
        call.dial()
        self._lab.calls.append(call)
        if answered_within_s is not None:
            call.wait_until_answered(answered_within_s)
        return call


def _dialable(number: str) -> str:
    if not re.fullmatch(r"[0-9A-Za-z*#+._-]{1,40}", number):
        raise PhoneError(
            f"{number!r} can't be dialled: a number has 1 to 40 digits, letters, or * # + . _ -."
        )
    return number
