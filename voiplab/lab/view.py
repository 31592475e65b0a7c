"""What can be asked of a lab: of one that runs, and of one that only a recording tells of."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal, Protocol

from voiplab.config import Codec, Security
from voiplab.evidence import CallView

if TYPE_CHECKING:
    import pandas as pd


class UserView(Protocol):
    """A user of a lab or of its recording."""

    extension: str

    @property
    def name(self) -> str:
        """The name that other phones show when this user calls."""

    @property
    def number(self) -> str:
        """What is dialled to reach this user."""


class LabView(Protocol):
    """What a lab and its recording have in common: what is written for the one works with both."""

    @property
    def name(self) -> str:
        """What the lab is called."""

    @property
    def users(self) -> Sequence[UserView]:
        """The users, in the order of their extensions."""

    @property
    def calls(self) -> Sequence[CallView]:
        """The calls, in the order in which they were made."""

    def __getitem__(self, extension: str) -> UserView:
        """Return the user with an extension."""

    def add_user(  # noqa: PLR0913 - as Lab's
        self,
        extension: str,
        *,
        name: str = "",
        phone: bool | Literal["browser"] = True,
        codecs: Iterable[Codec] | None = None,
        voicemail: bool = False,
        security: Security | str | None = None,
    ) -> UserView:
        """Add a user."""

    def asterisk(self, command: str) -> str:
        """Run a line of Asterisk's command line and return what it prints."""

    def registrations(self) -> "pd.DataFrame":
        """Return who is registered: a row a user, with the address of its phone."""

    def software(self) -> dict[str, str]:
        """Return names and versions of what the lab is made of."""

    def stop(self) -> None:
        """End it."""
