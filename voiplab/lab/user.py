"""A user of the lab's PBX."""

from typing import TYPE_CHECKING

from voiplab import config
from voiplab.errors import LabStopped, PhoneError
from voiplab.phones import BrowserAccount

if TYPE_CHECKING:
    from voiplab.lab.lab import Lab
    from voiplab.lab.phone import Phone


class User:
    """A user of the lab's PBX: an endpoint, its authentication, its AoR, its extension.

    Args:
        lab: where the user lives.
        extension: the user's number.
    """

    def __init__(self, lab: "Lab", extension: str) -> None:
        self._lab = lab
        self.extension = extension

    def __repr__(self) -> str:
        return f"<User {self.extension}>"

    @property
    def settings(self) -> config.User:
        """The user as the configuration in force has it.

        Raises:
            UnknownUser: when the user was removed.
        """
        return self._lab.exchange.user(self.extension)

    @property
    def name(self) -> str:
        """The name that other phones show when this user calls."""
        return self.settings.name

    @property
    def number(self) -> str:
        """What is dialled to reach this user: the extension, unless hand-written files differ."""
        return config.number_of(self.settings)

    @property
    def has_phone(self) -> bool:
        """Whether a softphone of the lab belongs to this user."""
        return self.extension in self._lab.phones

    @property
    def phone(self) -> "Phone":
        """The user's softphone.

        Raises:
            LabStopped: when the user has none, or the lab is stopped.
        """
        try:
            return self._lab.phones[self.extension]
        except KeyError:
            raise LabStopped(
                f"User {self.extension} has no softphone in lab {self._lab.name!r}: "
                "the lab was stopped, or the user was added without one."
            ) from None

    def browser_account(self) -> BrowserAccount:
        """Return what the user's phone in a browser needs. It holds the password: don't show it.

        Raises:
            PhoneError: when the user's phone is not one in a browser.
            LabStopped: when the PBX does not run.
        """
        settings = self.settings
        if not settings.webrtc:
            raise PhoneError(
                f"User {self.extension} has no phone in a browser: add a user with "
                'lab.add_user(…, phone="browser").'
            )
        return BrowserAccount(
            lab=self._lab.name,
            extension=self.extension,
            name=settings.name,
            password=settings.secret.get_secret_value(),
            websocket_port=self._lab.pbx.websocket_port,
            media_ports=self._lab.pbx.media_ports(),
        )
