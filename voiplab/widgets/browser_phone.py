"""A phone in the notebook, into which one talks."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final, Protocol

import anywidget
import traitlets

from voiplab.errors import NotRecorded, PhoneError, VoipLabError
from voiplab.lab import RecordedUser, User
from voiplab.phones import BrowserAccount
from voiplab.widgets.phone_texts import TEXTS

if TYPE_CHECKING:
    import pandas as pd

_STATIC: Final = Path(__file__).parent / "static"

STATISTICS: Final = (
    "time",
    "call_s",
    "peer",
    "codec",
    "received_packets",
    "received_lost",
    "received_jitter_ms",
    "sent_packets",
    "sent_lost",
    "sent_jitter_ms",
    "round_trip_ms",
    "heard_level_db",
    "said_level_db",
)
"""The columns of :attr:`BrowserPhone.statistics`."""


class Subscriber(Protocol):
    """Who may have a phone in a browser: a :class:`voiplab.User`."""

    def browser_account(self) -> BrowserAccount:
        """Return who to register as, and where the PBX is now."""


class BrowserPhone(anywidget.AnyWidget):
    """A phone that registers and calls from the page in which it is shown.

    A user has one: making another closes the former. Of a user in a recording it shows what it
    looks like, and says that there is no PBX to register at.

    Args:
        user: one that was added with ``phone="browser"``. It is asked for its account each time
            that the phone connects; the password goes to the page when the page asks, and into
            nothing that is saved.

    Raises:
        PhoneError: when the user's phone is not one in a browser.
        LabStopped: when the PBX does not run.

    Attributes:
        registration: ``not shown``, ``connecting``, ``registered``, ``refused`` or
            ``disconnected``.
        call_state: ``idle``, ``dialling``, ``ringing``, ``incoming`` or ``established``.
        peer: the number at the other end of the call, or "".
        muted: whether the other side hears nothing.
        on_hold: whether the other side was put on hold.
        second: what the browser measured in the last second of a call: see :attr:`statistics`.

    Each attribute is a trait: ``phone.observe(handler, "call_state")``. What is asked of the phone
    is done by the page, once the cell that asks has ended: a cell can't wait for it.
    """

    _esm = _STATIC / "browser_phone.js"
    _css = _STATIC / "browser_phone.css"

    extension = traitlets.Unicode().tag(sync=True)
    name = traitlets.Unicode().tag(sync=True)
    texts = traitlets.Dict().tag(sync=True)
    registration = traitlets.Unicode("not shown").tag(sync=True)
    call_state = traitlets.Unicode("idle").tag(sync=True)
    peer = traitlets.Unicode().tag(sync=True)
    muted = traitlets.Bool(default_value=False).tag(sync=True)
    on_hold = traitlets.Bool(default_value=False).tag(sync=True)
    notice = traitlets.Dict().tag(sync=True)
    second = traitlets.Dict()

    _phones: ClassVar[dict[tuple[str, str], "BrowserPhone"]] = {}

    def __init__(self, user: Subscriber | RecordedUser) -> None:
        texts = dict(TEXTS)
        try:
            account = user.browser_account()
            key, name = (account.lab, account.extension), account.name
        except NotRecorded as refusal:
            if not isinstance(user, RecordedUser):
                raise
            key, name = ("", user.extension), user.name
            texts["line_cut"] = str(refusal)
        super().__init__(extension=key[1], name=name, texts=texts)
        self._user = user
        self._seconds: list[dict[str, Any]] = []
        self.on_msg(self._hear)
        former = self._phones.get(key)
        if former is not None:
            former.close()
        self._phones[key] = self

    def __repr__(self) -> str:
        return f"<BrowserPhone {self.extension}, {self.registration}>"

    def call(self, number: User | str) -> None:
        """Call someone.

        Args:
            number: a user, or any number of the PBX, for example ``"*43"`` for the echo test.

        Raises:
            PhoneError: when the phone is in no page, or the number can't be dialled.
        """
        dialled = number.extension if isinstance(number, User) else number
        if not re.fullmatch(r"[\w*#+.-]{1,40}", dialled, re.ASCII):
            raise PhoneError(
                f"{dialled!r} can't be dialled: give 1 to 40 digits, letters, or * # + . _ -."
            )
        self._order("call", dialled)

    def answer(self) -> None:
        """Answer the call that rings."""
        self._order("answer")

    def reject(self) -> None:
        """Refuse the call that rings: 603 Decline."""
        self._order("reject")

    def hang_up(self) -> None:
        """End the call, or refuse the one that rings."""
        self._order("hang_up")

    def hold(self) -> None:
        """Put the other side on hold (RFC 3264, section 8.4)."""
        self._order("hold", True)  # noqa: FBT003 - the value of a message

    def resume(self) -> None:
        """Take the other side back from hold."""
        self._order("hold", False)  # noqa: FBT003 - likewise

    def mute(self) -> None:
        """Send silence instead of the microphone."""
        self._order("mute", True)  # noqa: FBT003 - likewise

    def unmute(self) -> None:
        """Send the microphone again."""
        self._order("mute", False)  # noqa: FBT003 - likewise

    def send_dtmf(self, digits: str) -> None:
        """Press keys during the call (RFC 4733).

        Args:
            digits: one or more of ``0123456789*#``.

        Raises:
            PhoneError: when the phone is in no page, or there are no such keys.
        """
        if not re.fullmatch(r"[0-9*#]+", digits):
            raise PhoneError(f"{digits!r} can't be pressed: a phone has the keys 0 to 9, * and #.")
        self._order("send_dtmf", digits)

    @property
    def message(self) -> str:
        """What the phone says to its user at the moment, in a sentence, or ""."""
        if not self.notice:
            return ""
        return str(self.texts[self.notice["name"]]).format_map(self.notice["values"])

    @property
    def statistics(self) -> "pd.DataFrame":
        """What the browser measured, a row a second of each call.

        Returns:
            ``time`` (UTC), ``call_s`` (seconds since it was answered), ``peer``, ``codec``; for
            ``received`` and for ``sent`` the packets and those lost since the call began and the
            jitter in ms (RFC 3550, of sent media as the PBX reports it); ``round_trip_ms``; and
            the levels of what was heard and said, in dB below full scale.
        """
        import pandas as pd  # noqa: PLC0415 - heavy: loaded when a table is wanted

        table = pd.DataFrame(self._seconds, columns=list(STATISTICS))
        table["time"] = pd.to_datetime(table["time"], unit="s", utc=True)
        return table

    def _order(self, order: str, *values: str | bool) -> None:
        if self.registration == "not shown":
            raise PhoneError(
                f"The phone of {self.extension} is in no page yet: show it at the end of a cell, "
                "and go on in the next one."
            )
        self.send({"order": order, "values": list(values)})

    def _hear(self, _widget: object, content: dict[str, Any], _buffers: object) -> None:
        """Take a message from the page."""
        if "second" in content:
            self._seconds.append(content["second"])
            self.second = content["second"]
        elif content.get("ask") == "account":
            self.send(self._answered())

    def _answered(self) -> dict[str, Any]:
        try:
            account = self._user.browser_account()
        except VoipLabError as error:
            return {"account": None, "reason": str(error)}
        return {
            "account": {
                "name": account.name,
                "password": account.password,
                "websocket_port": account.websocket_port,
                "media_ports": {str(port): at for port, at in account.media_ports.items()},
            }
        }
