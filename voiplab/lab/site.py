"""What of a lab runs on the engine: its network, its PBX, its phones' containers."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeAlias

from voiplab.background import side_by_side
from voiplab.config import Exchange, User, WrittenUser
from voiplab.containers import Container, Engine, Network, Owner, image, lab_labels, sweep
from voiplab.containers.label import LAB, ROLE
from voiplab.errors import LabStopped
from voiplab.lab.by_hand import account_by_hand
from voiplab.pbx import Asterisk
from voiplab.pbx.asterisk import ALIAS, SIP_PORT
from voiplab.phones import AccessNetwork, Account, Softphone
from voiplab.phones.softphone import CONTROL_PORT

EXTENSION = "voiplab.extension"

_STARTS_AT_ONCE = 8

Connect: TypeAlias = Callable[[Container, Account], Softphone]


class Site:
    """The containers and the network of one lab.

    Args:
        engine: where they run.
        name: the lab's name, which labels them all.
        owner: the process that they end with; None when they outlive it.
        capture_room: how much memory each phone's capture may take; None keeps it on disk.
    """

    def __init__(
        self, engine: Engine, name: str, *, owner: Owner | None, capture_room: str | None
    ) -> None:
        self.engine = engine
        self._name = name
        self._owner = owner
        self._capture_room = capture_room
        self._network: Network | None = None

    def __repr__(self) -> str:
        return f"<Site of lab {self._name} on {self.engine!r}>"

    def make_network(self) -> None:
        """Make the lab's network; all else comes after it."""
        self._network = self.engine.create_network(f"voiplab-{self._name}", self._labels("network"))

    def start_pbx(self, exchange: Exchange, media_address: str) -> Asterisk:
        """Start the PBX's container; it boots while others start."""
        return Asterisk.start(
            self.engine,
            self.network,
            exchange,
            name=f"voiplab-{self._name}-pbx",
            labels=self._labels("pbx"),
            media_address=media_address,
        )

    def start_phones(
        self,
        users: Iterable[User],
        connect: Connect,
        once: Callable[[], None],
        register: Callable[[Softphone], None] = Softphone.register,
    ) -> list[Softphone]:
        """Start phones side by side and register them.

        Args:
            users: whose phones.
            connect: makes a phone of a container and an account.
            once: is run while their containers start; they register when it is done.
            register: lets a phone register.

        Returns:
            The registered phones, in the order of their users.
        """
        with ThreadPoolExecutor(_STARTS_AT_ONCE) as pool:
            starting = [(user, pool.submit(self._start_phone, user.extension)) for user in users]
            once()

            def go_on(user: User, container: Container) -> Softphone:
                phone = connect(container, account_of(user))
                phone.connect()
                register(phone)
                return phone

            registering = [
                pool.submit(lambda user, started: go_on(user, started.result()), user, started)
                for user, started in starting
            ]
        return [each.result() for each in registering]

    def _start_phone(self, extension: str) -> Container:
        return Softphone.start_container(
            self.engine,
            self.network,
            name=f"voiplab-{self._name}-{extension}",
            labels=self._labels("phone") | {EXTENSION: extension},
            capture_room=self._capture_room,
        )

    def start_spare_phone(self) -> Container:
        """Start a container for a softphone that is no user's."""
        return Softphone.start_container(
            self.engine,
            self.network,
            name=f"voiplab-{self._name}-spare",
            labels=self._labels("spare phone"),
            capture_room=self._capture_room,
        )

    def access_network(self, phone: Container) -> AccessNetwork:
        """Return what lies between a phone and the PBX; reaching for it starts nothing."""
        return AccessNetwork(
            self.engine, phone, control_port=CONTROL_PORT, capture_room=self._capture_room
        )

    def find(self) -> tuple[Asterisk, dict[str, Container]]:
        """Find what runs of the lab already.

        Returns:
            The PBX, connected, and the phones' containers by extension.

        Raises:
            LabStopped: when there is no PBX.
        """
        parts = self.engine.containers({LAB: self._name})
        labelled = [(part.labels, part) for part in parts]
        exchanges = [part for labels, part in labelled if labels.get(ROLE) == "pbx"]
        if not exchanges:
            raise LabStopped(
                f"Lab {self._name!r} has no PBX any more. Remove the rest of it with "
                f"`voiplab down {self._name}`, then start it anew."
            )
        asterisk = Asterisk.attach(exchanges[0])
        asterisk.connect()
        self._network = self.engine.network(f"voiplab-{self._name}")
        return asterisk, {
            labels[EXTENSION]: part for labels, part in labelled if labels.get(ROLE) == "phone"
        }

    def remove_phone(self, extension: str) -> None:
        """Remove a phone's container, with its network's; nothing happens when there is none."""
        parts = self.engine.containers({LAB: self._name, EXTENSION: extension})
        side_by_side(Container.remove, parts)

    def remove(self) -> None:
        """Remove all that carries the lab's name."""
        sweep(self.engine, self._name)

    @property
    def network(self) -> Network:
        """The lab's network.

        Raises:
            LabStopped: before it was made.
        """
        if self._network is None:
            raise LabStopped(f"Lab {self._name!r} does not run: it has no network.")
        return self._network

    def check_images(self, *names: str) -> None:
        """Make sure that images are there before anything is started.

        Raises:
            ImageMissing: when one has not been built.
        """
        for name in names:
            image(self.engine, name)

    def _labels(self, role: str) -> dict[str, str]:
        return lab_labels(self._name, role=role, owner=self._owner)


def account_of(user: User) -> Account:
    """Return what a user's phone registers with."""
    if isinstance(user, WrittenUser):
        return account_by_hand(user, f"{ALIAS}:{SIP_PORT}")
    return Account(
        user.extension, user.secret.get_secret_value(), f"{ALIAS}:{SIP_PORT}", user.codecs
    )
