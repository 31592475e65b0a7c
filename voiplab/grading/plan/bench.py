"""The lab under test, and what the cases leave to one another."""

import contextlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from voiplab import config
from voiplab.errors import ConfigError, VoipLabError
from voiplab.lab import Lab, Phone
from voiplab.lab.site import account_of
from voiplab.phones import Account, Softphone

Progress = Callable[[str], None]

_FIRST_EXTENSION = 2001
_NAMES = ("Alice", "Bob")

SAID = (
    "The birch canoe slid on the smooth planks.",
    "Glue the sheet to the dark blue background.",
)
"""What the two ends of a call say: sentences by which the IEEE has telephones tested (1969)."""


@dataclass(slots=True)
class Bench:
    """The lab under test.

    Attributes:
        lab: which runs.
        patience_s: how long phones may take to come back after a restart, in seconds.
        progress: is told each step in a few words.
        pair: the extensions of the two users who call each other.
        added: the users whom the plan has added, and removes again.
    """

    lab: Lab
    patience_s: float
    progress: Progress
    pair: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)

    @property
    def phones(self) -> tuple[Phone, Phone]:
        """The phones of the two users who call each other.

        Raises:
            ConfigError: when there are no two, and none can be added.
        """
        if len(self.pair) < 2:  # noqa: PLR2004 - a call has two ends
            self._make_pair()
        one, other = self.pair
        return self.lab[one].phone, self.lab[other].phone

    def take_pair(self) -> None:
        """Let two users call each other who have phones already, if there are two."""
        with_phone = [user.extension for user in self.lab.users if user.has_phone]
        self.pair = with_phone[:2] if len(with_phone) > 1 else []

    def _make_pair(self) -> None:
        if self.lab.exchange.written:
            known = ", ".join(user.extension for user in self.lab.users) or "nobody"
            raise ConfigError(
                "A call takes two users with phones, and the files of this lab describe "
                f"{known}: add an endpoint, an auth and an aor to pjsip.conf."
            )
        while len(self.pair) < 2:  # noqa: PLR2004 - as above
            self.pair.append(self.add_user())

    def add_user(self) -> str:
        """Add a user with a phone, who is removed again at the end; return the extension."""
        extension = self.free_extension()
        self.progress(f"adding user {extension}")
        self.lab.add_user(extension, name=_NAMES[len(self.added) % len(_NAMES)])
        self.added.append(extension)
        return extension

    def free_extension(self) -> str:
        """Return the first number from 2001 on that nobody has."""
        taken = {user.extension for user in self.lab.users}
        number = _FIRST_EXTENSION
        while str(number) in taken:
            number += 1
        return str(number)

    def account(self, extension: str, password: str | None = None) -> Account:
        """Return what a phone of this lab registers with.

        Args:
            extension: as whom, whether there is such a user or not.
            password: its password; that of the user, or a random one, when it is not given.
        """
        exchange = self.lab.exchange
        known = {user.extension: user for user in exchange.users}
        stranger = config.User(extension=extension, codecs=config.PHONE_CODECS)
        account = account_of(known.get(extension, stranger), exchange)
        return account if password is None else replace(account, password=password)

    @contextmanager
    def spare_phone(self, extension: str) -> Iterator[Softphone]:
        """Have a phone that is nobody's, for as long as a block lasts."""
        with self.lab.spare_phone(self.account(extension)) as phone:
            yield phone

    def clear_up(self) -> None:
        """Remove the users whom the plan has added, as far as the lab still allows."""
        while self.added:
            with contextlib.suppress(VoipLabError):
                self.lab.remove_user(self.added.pop())


def refusal(phone: Softphone) -> str:
    """Let a phone try to register, and return what the registrar answers when it refuses.

    Args:
        phone: with the account to try.

    Returns:
        For example ``401 Unauthorized``; "" when it was accepted.

    Raises:
        NotReady: when no answer comes.
    """
    before = len(phone.registrar_answers)
    try:
        phone.register()
    except VoipLabError:
        answers = phone.registrar_answers[before:]
        if not answers:
            raise
        return answers[-1].detail
    return ""
