"""What of a lab runs on the engine: its network, its PBX, its phones' containers."""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Literal, TypeAlias

from voiplab.background import side_by_side
from voiplab.certificates import Authority
from voiplab.config import TLS_PORT, Exchange, Security, User, WrittenUser
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

_MEDIA_ENCRYPTION: Mapping[Security, Literal["none", "sdes", "dtls"]] = {
    Security.PLAIN: "none",
    Security.SDES: "sdes",
    Security.DTLS: "dtls",
}

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
        self._authority: Authority | None = None
        self._asterisk: Asterisk | None = None

    def __repr__(self) -> str:
        return f"<Site of lab {self._name} on {self.engine!r}>"

    @property
    def authority(self) -> Authority:
        """Whose word on a certificate is taken here: made anew, or found with a PBX that runs."""
        if self._authority is None:
            self._authority = (
                Authority.create(f"VoIP Lab {self._name}", now=datetime.now(UTC))
                if self._asterisk is None
                else self._asterisk.authority
            )
        return self._authority

    def make_network(self) -> None:
        """Make the lab's network and its authority; all else comes after them."""
        with ThreadPoolExecutor(1) as aside:
            making = aside.submit(lambda: self.authority)
            self._network = self.engine.create_network(
                f"voiplab-{self._name}", self._labels("network")
            )
            making.result()

    def start_pbx(self, exchange: Exchange, media_address: str) -> Asterisk:
        """Start the PBX's container; it boots while others start."""
        return Asterisk.start(
            self.engine,
            self.network,
            exchange,
            authority=self.authority,
            name=f"voiplab-{self._name}-pbx",
            labels=self._labels("pbx"),
            media_address=media_address,
        )

    def start_phones(
        self,
        accounts: Iterable[Account],
        connect: Connect,
        once: Callable[[], None],
        register: Callable[[Softphone], None] = Softphone.register,
    ) -> list[Softphone]:
        """Start phones side by side and register them.

        Args:
            accounts: who the phones register as.
            connect: makes a phone of a container and an account.
            once: is run while their containers start; they register when it is done.
            register: lets a phone register.

        Returns:
            The registered phones, in the order of their accounts.
        """
        with ThreadPoolExecutor(_STARTS_AT_ONCE) as pool:
            starting = [
                (account, pool.submit(self._start_phone, account.extension)) for account in accounts
            ]
            once()

            def go_on(account: Account, container: Container) -> Softphone:
                phone = connect(container, account)
                phone.connect()
                register(phone)
                return phone

            registering = [
                pool.submit(lambda who, started: go_on(who, started.result()), account, started)
                for account, started in starting
            ]
        return [each.result() for each in registering]

    def _start_phone(self, extension: str) -> Container:
        return self._start_softphone(extension, self._labels("phone") | {EXTENSION: extension})

    def start_spare_phone(self) -> Container:
        """Start a container for a softphone that is no user's."""
        return self._start_softphone("spare", self._labels("spare phone"))

    def _start_softphone(self, name: str, labels: dict[str, str]) -> Container:
        return Softphone.start_container(
            self.engine,
            self.network,
            name=f"voiplab-{self._name}-{name}",
            labels=labels,
            trusted=self.authority.certificate,
            certificate=self.authority.issue(name, now=datetime.now(UTC)),
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
        asterisk = self._asterisk = Asterisk.attach(exchanges[0])
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


def account_of(user: User, exchange: Exchange) -> Account:
    """Return what a user's phone registers with."""
    if isinstance(user, WrittenUser):
        return account_by_hand(user, ALIAS)
    security = exchange.security_of(user)
    return Account(
        user.extension,
        user.secret.get_secret_value(),
        f"{ALIAS}:{TLS_PORT if security.encrypted else SIP_PORT}",
        user.codecs,
        transport="tls" if security.encrypted else user.transport,
        media_encryption=_MEDIA_ENCRYPTION[security],
    )
