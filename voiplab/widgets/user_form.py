"""The form that describes one user."""

from typing import Any

import ipywidgets

from voiplab import config
from voiplab.config import BROWSER_CODECS, PHONE_CODECS, Exchange, Security
from voiplab.errors import ConfigError
from voiplab.widgets.field import Field
from voiplab.widgets.words import _

# Any extension: for checking the other fields by themselves.
_SOMEBODY = "00"


class UserForm(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """A field for each thing that a user is made of, checked as it is typed.

    Attributes:
        exchange: what a new extension must agree with.

    >>> form = UserForm()
    >>> form.extension.value = "20 01"
    >>> form.extension.sentence
    "User extension: '20 01' is not an extension: it takes 2 to 8 digits, such as '2001'."
    """

    def __init__(self) -> None:
        self.exchange = Exchange()
        self._changing: config.User | None = None
        self.extension = Field(_("Extension"), placeholder="2003", check=self._check_extension)
        self.name = Field(
            _("Name"),
            placeholder=_("Reception"),
            check=lambda text: config.User(
                extension=_SOMEBODY, name=text, mailbox=self._mailbox(), codecs=PHONE_CODECS
            ),
        )
        self.phone = Field(
            _("Phone"),
            kind="choice",
            value="softphone",
            options=[
                ("softphone", _("Softphone of the lab")),
                ("browser", _("In the browser")),
                ("none", _("None")),
            ],
        )
        self.codecs = Field(
            _("Codecs, the preferred one first"),
            value=", ".join(PHONE_CODECS),
            check=lambda text: config.User(extension=_SOMEBODY, codecs=_codecs(text)),
        )
        self.security = Field(
            _("Encrypted"),
            kind="choice",
            options=[
                ("", _("As for all of the lab")),
                ("plain", _("Nothing")),
                ("sdes", _("TLS, and SRTP by SDES")),
                ("dtls", _("TLS, and SRTP by DTLS")),
            ],
            check=self._check_security,
        )
        self.voicemail = Field(_("Voicemail when nobody answers"), kind="switch", value=False)
        self.ring_s = Field(
            _("Rings for"),
            kind="number",
            value=25.0,
            least=1,
            most=300,
            step=1,
            unit="s",
            check=lambda seconds: config.User(extension=_SOMEBODY, ring_s=seconds),
        )
        self.call_waiting = Field(
            _("A second call reaches a busy phone"), kind="switch", value=False
        )
        self._later = ipywidgets.VBox([self.ring_s, self.call_waiting])
        self._later.add_class("voiplab-form")
        self.phone.observe(lambda _change: self._suggest_codecs(), "value")
        self.phone.observe(lambda _change: self.security.check(), "value")
        self.voicemail.observe(lambda _change: self.name.check(), "value")
        super().__init__(
            [
                self.extension,
                self.name,
                self.phone,
                self.codecs,
                self.security,
                self.voicemail,
                self._later,
            ]
        )
        self.add_class("voiplab-form")
        self.clear()

    def _check_extension(self, text: str) -> None:
        if text and self._changing is None:
            self.exchange.with_user(config.User(extension=text))

    def _check_security(self, chosen: str) -> None:
        named = self.extension.value and self.extension.right
        user = config.User(
            extension=self.extension.value if named else _SOMEBODY,
            webrtc=self.phone.value == "browser",
            security=_security(chosen),
        )
        if not user.webrtc:
            Exchange(security=self.exchange.security, users=(user,))

    def _mailbox(self) -> config.Mailbox | None:
        return config.Mailbox() if self.voicemail.value else None

    def _suggest_codecs(self) -> None:
        usual = {", ".join(PHONE_CODECS), ", ".join(BROWSER_CODECS)}
        if self._changing is None and self.codecs.value in usual:
            self.codecs.value = ", ".join(_usual(self.phone.value))

    def fill(self, user: config.User, *, phone: str) -> None:
        """Describe a user who is there.

        Args:
            user: who.
            phone: ``softphone``, ``browser`` or ``none``.
        """
        self._changing = user
        self.extension.value = user.extension
        self.name.value = user.name
        self.phone.value = phone
        self.codecs.value = ", ".join(user.codecs)
        self.security.value = str(user.security or "")
        self.voicemail.value = user.mailbox is not None
        self.ring_s.value = float(user.ring_s)
        self.call_waiting.value = user.call_waiting
        self.extension.disabled = self.phone.disabled = True
        self.security.disabled = user.webrtc
        self._later.layout.display = None

    def clear(self) -> None:
        """Describe nobody yet."""
        self._changing = None
        self.extension.value = self.name.value = ""
        self.phone.value = "softphone"
        self.codecs.value = ", ".join(PHONE_CODECS)
        self.voicemail.value = False
        self.security.value = ""
        self.extension.disabled = self.phone.disabled = self.security.disabled = False
        self._later.layout.display = "none"
        for field in self._fields():
            field.check()

    def _fields(self) -> list[Field]:
        return [self.extension, self.name, self.codecs, self.security, self.ring_s]

    def check(self) -> None:
        """Make sure that what is described can be.

        Raises:
            ConfigError: the first sentence that stands beside a field.
        """
        if not self.extension.value:
            self.extension.sentence = _("Every user has an extension: type 2 to 8 digits.")
        for field in self._fields():
            if field.sentence or not (field.check() or field.right):
                raise ConfigError(field.sentence)

    def to_add(self) -> dict[str, Any]:
        """Return what `Lab.add_user` takes beside the extension, without what it does anyway."""
        phone = self.phone.value
        named: dict[str, Any] = {}
        if self.name.value.strip():
            named["name"] = self.name.value.strip()
        if phone != "softphone":
            named["phone"] = "browser" if phone == "browser" else False
        if _codecs(self.codecs.value) != _usual(phone):
            named["codecs"] = _codecs(self.codecs.value)
        if self.voicemail.value:
            named["voicemail"] = True
        if self.security.value:
            named["security"] = self.security.value
        return named

    def to_change(self) -> dict[str, Any]:
        """Return what `Lab.change_user` takes: the fields that differ from the user's."""
        user = self._changing
        if user is None:
            return {}
        wanted: dict[str, Any] = {
            "name": self.name.value.strip(),
            "codecs": _codecs(self.codecs.value),
            "security": _security(self.security.value),
            "ring_s": int(self.ring_s.value),
            "call_waiting": self.call_waiting.value,
        }
        changes = {field: value for field, value in wanted.items() if getattr(user, field) != value}
        if self.voicemail.value != (user.mailbox is not None):
            changes["mailbox"] = self._mailbox()
        return changes


def _security(chosen: str) -> Security | None:
    return Security(chosen) if chosen else None


def _codecs(text: str) -> tuple[Any, ...]:
    return tuple(text.lower().replace(",", " ").split())


def _usual(phone: str) -> tuple[config.Codec, ...]:
    return BROWSER_CODECS if phone == "browser" else PHONE_CODECS
