"""The life and death of a lab."""

import atexit
import re
import secrets
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from ipaddress import ip_address
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from voiplab import config
from voiplab.certificates import Authority
from voiplab.config import Exchange, Security
from voiplab.containers import LOOPBACK, Container, Engine, Owner, labs, orphans, sweep
from voiplab.errors import ConfigError, LabStopped, VoipLabError
from voiplab.lab import by_hand
from voiplab.lab.runs import runs_folder
from voiplab.lab.site import Site, account_of
from voiplab.pbx import Asterisk
from voiplab.phones import Account, Softphone

if TYPE_CHECKING:
    from voiplab.lab.call import Call
    from voiplab.lab.monitor import Monitor
    from voiplab.lab.phone import Phone

# Names that nobody chose: what is left of such a lab belongs to nobody once its owner is dead.
_UNNAMED = "lab-"

PHONE_CODECS = config.PHONE_CODECS
BROWSER_CODECS = config.BROWSER_CODECS

Progress = Callable[[str], None]


class Lifetime(ABC):
    """What starts with a lab and ends with it: its site, its PBX, its phones.

    Takes what :class:`voiplab.Lab` takes.
    """

    def __init__(  # noqa: PLR0913 - all are optional and named
        self,
        name: str | None = None,
        *,
        users: Mapping[str, str] | None = None,
        exchange: Exchange | None = None,
        configuration: Mapping[str, str] | Path | str | None = None,
        runs: Path | str | None = None,
        engine: Engine | None = None,
        detached: bool = False,
        capture_room: str | None = None,
        browser_phones: bool | str = False,
        security: Security | str | None = None,
        progress: Progress = lambda _step: None,
    ) -> None:
        self.name = _checked(name) if name is not None else f"{_UNNAMED}{secrets.token_hex(3)}"
        self.runs = Path(runs) if runs is not None else runs_folder()
        self.phones: dict[str, Phone] = {}
        self.calls: list[Call] = []
        self._first = exchange or Exchange()
        if security is not None:
            self._first = self._first.with_security(security)
        self._media_address = _address(browser_phones)
        if browser_phones and not self._first.webrtc:
            self._first = self._first.with_webrtc()
        for extension, shown in (users or {}).items():
            self._first = self._first.with_user(
                config.User(extension=extension, name=shown, codecs=PHONE_CODECS)
            )
        self._with_phone = tuple(users or {})
        if configuration is not None:
            self._first = by_hand.exchange_of(configuration, self._first, users)
            self._with_phone = tuple(
                user.extension for user in by_hand.with_phone(self._first.users)
            )
        self._engine = engine
        self._owner = None if detached else Owner.this_process()
        self._capture_room = capture_room
        self._progress = progress
        self._site: Site | None = None
        self._asterisk: Asterisk | None = None
        self._ours = False
        self._ending = threading.Lock()
        self._monitor: Monitor | None = None

    def __repr__(self) -> str:
        if self._asterisk is None:
            return f"<Lab {self.name}, stopped>"
        return f"<Lab {self.name}, {len(self.exchange.users)} users, {len(self.phones)} phones>"

    # Life and death

    @classmethod
    def start(  # noqa: PLR0913 - as the class
        cls,
        name: str | None = None,
        *,
        users: Mapping[str, str] | None = None,
        exchange: Exchange | None = None,
        configuration: Mapping[str, str] | Path | str | None = None,
        runs: Path | str | None = None,
        engine: Engine | None = None,
        detached: bool = False,
        capture_room: str | None = None,
        browser_phones: bool | str = False,
        security: Security | str | None = None,
        progress: Progress = lambda _step: None,
    ) -> Self:
        """Start a lab and return it, with its Asterisk booted and its phones registered.

        Takes what the class takes.

        Raises:
            EngineError: when there is no engine, an image is missing, or a container can't start.
            NotReady: when something did not come up in time.
            LabStopped: when a lab of that name runs already.
        """
        lab = cls(
            name,
            users=users,
            exchange=exchange,
            configuration=configuration,
            runs=runs,
            engine=engine,
            detached=detached,
            capture_room=capture_room,
            browser_phones=browser_phones,
            security=security,
            progress=progress,
        )
        lab.begin()
        return lab

    @classmethod
    def attach(cls, name: str | None = None, *, runs: Path | str | None = None) -> Self:
        """Take up a lab that runs already, for example from a second notebook.

        Its phones obey the last who attached. The lab does not end with this process.

        Args:
            name: the lab's name; without it, the only lab that runs.
            runs: the folder in which calls leave their evidence.

        Raises:
            LabStopped: when there is no such lab, or more than one and no name.
        """
        engine = Engine.connect()
        found = [each.name for each in labs(engine) if name in {None, each.name}]
        if not found:
            what = "No lab runs" if name is None else f"No lab {name!r} runs"
            raise LabStopped(f"{what}. Start one: Lab.start() or `voiplab up`.")
        if len(found) > 1:
            raise LabStopped(f"Several labs run: {', '.join(found)}. Name one of them.")
        lab = cls(found[0], runs=runs, engine=engine, detached=True)
        lab.take_up()
        return lab

    def __enter__(self) -> Self:
        self.begin()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def begin(self) -> None:
        """Start what the lab consists of; when that fails, or is interrupted, nothing stays.

        Raises:
            EngineError: when there is no engine, an image is missing, or a container can't start.
            NotReady: when something did not come up in time.
            LabStopped: when a lab of that name runs already.
        """
        if self._asterisk is not None:
            raise LabStopped(f"Lab {self.name!r} runs already.")
        site = self._site = self._make_site()
        site.check_images("asterisk", *(["phone"] if self._with_phone else []))
        self._make_way(site.engine)
        self._ours = True
        if self._owner is not None:
            atexit.register(self.stop)
        try:
            self._progress("making a network")
            site.make_network()
            self._progress("starting Asterisk" + (" and phones" if self._with_phone else ""))
            self._start_phones(
                [self._first.user(extension) for extension in self._with_phone],
                self._first,
                self._start_pbx,
            )
        except BaseException:
            self.stop()
            raise

    def _make_site(self) -> Site:
        engine = self._engine or Engine.connect()
        return Site(engine, self.name, owner=self._owner, capture_room=self._capture_room)

    def _make_way(self, engine: Engine) -> None:
        """Remove what a killed process left of this lab, and of labs without a chosen name."""
        for orphan in orphans(engine):
            if orphan.name == self.name or orphan.name.startswith(_UNNAMED):
                self._progress(f"removing what was left of {orphan.name}")
                sweep(engine, orphan.name)
        if self.name in [running.name for running in labs(engine)]:
            raise LabStopped(
                f"A lab {self.name!r} runs already. Take it up with Lab.attach({self.name!r}), "
                f"choose another name, or stop it with `voiplab down {self.name}`."
            )

    def _start_pbx(self) -> None:
        self._asterisk = self._running_site().start_pbx(self._first, self._media_address)
        self._asterisk.connect()

    def _start_phones(
        self, users: Iterable[config.User], exchange: Exchange, once: Callable[[], None]
    ) -> None:
        accounts = [account_of(user, exchange) for user in users]
        register = by_hand.register if exchange.written else Softphone.register
        self._running_site().start_phones(accounts, self._keep_phone, once, register)

    @abstractmethod
    def _keep_phone(self, container: Container, account: Account) -> "Phone":
        """Make a phone of the lab of a container that runs."""

    def take_up(self) -> None:
        """Connect to a lab that runs, with all that belongs to it; its calls go on.

        Raises:
            LabStopped: when its PBX is gone.
            NotReady: when a part of it does not answer in time.
        """
        self._let_go()
        site = self._site = self._site or self._make_site()
        self._asterisk, phones = site.find()
        exchange = self._asterisk.exchange
        users = {user.extension: user for user in exchange.users}
        for extension in users.keys() & phones.keys():
            phone = self._keep_phone(phones[extension], account_of(users[extension], exchange))
            phone.network.find()
            phone.connect()
            with by_hand.refusals_allowed(self._asterisk.exchange):
                phone.adopt()

    def stop(self) -> None:
        """End the calls, keep their evidence, and remove all that was started.

        Stopping twice is allowed. A lab that was attached to goes on; it is only let go of.
        """
        with self._ending:
            atexit.unregister(self.stop)
            try:
                self._end_calls()
            finally:
                self._let_go()
                if self._ours and self._site is not None:
                    self._site.remove()
                self._ours = False

    def _let_go(self) -> None:
        if self._monitor is not None:
            self._monitor.stop()
        for phone in self.phones.values():
            phone.close()
        self.phones.clear()
        asterisk, self._asterisk = self._asterisk, None
        if asterisk is not None:
            asterisk.close()

    def _end_calls(self) -> None:
        for call in self.calls:
            if call.kept:
                continue
            try:
                call.hang_up()
            except VoipLabError as error:
                self._progress(f"{call}: its evidence is not complete: {error}")

    def check_running(self) -> None:
        """Make sure that the lab runs.

        Raises:
            LabStopped: when it does not.
        """
        _ = self.pbx.ami

    def _running_site(self) -> Site:
        if self._site is None:
            raise self._stopped()
        return self._site

    def _stopped(self) -> LabStopped:
        return LabStopped(
            f"Lab {self.name!r} is stopped: nothing can be done in it any more. "
            "Start a new one: lab = Lab.start()."
        )

    @property
    def pbx(self) -> Asterisk:
        """The PBX.

        Raises:
            LabStopped: when the lab does not run.
        """
        if self._asterisk is None:
            raise self._stopped()
        return self._asterisk

    @property
    def authority(self) -> Authority:
        """The lab's certificate authority, whom its PBX and its phones trust.

        Raises:
            LabStopped: when the lab was never started.
        """
        return self._running_site().authority

    @property
    def exchange(self) -> Exchange:
        """The PBX's configuration in force, as a model."""
        return self.pbx.exchange


def _checked(name: str) -> str:
    if not re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,28}[a-z0-9])?", name):
        raise ConfigError(
            f"A lab can't be called {name!r}: take 1 to 30 lower-case letters, digits and hyphens, "
            "with a letter or digit at both ends."
        )
    return name


def _address(browser_phones: bool | str) -> str:  # noqa: FBT001 - as the lab takes it
    """Where media from browsers is to arrive; only the lab's own machine reaches the usual one."""
    if not isinstance(browser_phones, str):
        return LOOPBACK
    try:
        address = ip_address(browser_phones)
    except ValueError:
        address = None
    if address is None or address.is_unspecified:
        raise ConfigError(
            f"Browsers can't send their media to {browser_phones!r}: give the IP address at which "
            "they reach the machine of the lab, or True where they run on it."
        )
    return str(address)
