"""A lab: one Asterisk, its users, their phones, and the life and death of it all."""

import atexit
import re
import secrets
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from voiplab import config
from voiplab.config import Exchange
from voiplab.containers import (
    Container,
    Engine,
    Network,
    Owner,
    image,
    lab_labels,
    labs,
    orphans,
    sweep,
)
from voiplab.errors import ConfigError, LabStopped, UnknownUser, VoipLabError
from voiplab.lab import tables
from voiplab.lab.phone import Phone
from voiplab.lab.runs import runs_folder
from voiplab.lab.user import User
from voiplab.pbx import Asterisk
from voiplab.pbx.asterisk import ALIAS, SIP_PORT
from voiplab.phones import Account

if TYPE_CHECKING:
    import pandas as pd

    from voiplab.lab.call import Call

# Names that nobody chose: what is left of such a lab belongs to nobody once its owner is dead.
_UNNAMED = "lab-"
_STARTS_AT_ONCE = 8

Progress = Callable[[str], None]


class Lab:
    """A real Asterisk with users, softphones and calls, that ends when it is told to.

    Args:
        name: what the lab is called on the engine, at most 30 lower-case letters, digits and
            hyphens; without it, one that nobody else has.
        users: names by extension, to be there from the start.
        exchange: the PBX's configuration to begin with.
        runs: the folder in which calls leave their evidence.
        engine: the container engine; without it, the one that answers.
        detached: whether the lab goes on when this process ends.
        capture_room: keep each phone's capture in memory, in at most so much: ``64k``, ``16m``;
            without it, on the engine's disk.
        progress: is told each step in a few words.

    ``with Lab() as lab: …`` starts it and stops it; ``Lab.start()`` and ``lab.stop()`` do the
    same in a notebook.
    """

    def __init__(  # noqa: PLR0913 - all are optional and named
        self,
        name: str | None = None,
        *,
        users: Mapping[str, str] | None = None,
        exchange: Exchange | None = None,
        runs: Path | str | None = None,
        engine: Engine | None = None,
        detached: bool = False,
        capture_room: str | None = None,
        progress: Progress = lambda _step: None,
    ) -> None:
        self.name = _checked(name) if name is not None else f"{_UNNAMED}{secrets.token_hex(2)}"
        self.runs = Path(runs) if runs is not None else runs_folder()
        self.phones: dict[str, Phone] = {}
        self.calls: list[Call] = []
        self._chosen = name is not None
        self._users = dict(users or {})
        self._first = exchange or Exchange()
        self._engine = engine
        self._owner = None if detached else Owner.this_process()
        self._capture_room = capture_room
        self._progress = progress
        self._asterisk: Asterisk | None = None
        self._network: Network | None = None
        self._ours = False
        self._ending = threading.Lock()

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
        runs: Path | str | None = None,
        engine: Engine | None = None,
        detached: bool = False,
        capture_room: str | None = None,
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
            runs=runs,
            engine=engine,
            detached=detached,
            capture_room=capture_room,
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
        found = [each for each in labs(engine) if name in {None, each.name}]
        if len(found) != 1:
            raise LabStopped(
                f"No lab {name!r} runs. Start one: Lab.start() or `voiplab up`."
                if name is not None
                else "No lab runs. Start one: Lab.start() or `voiplab up`."
                if not found
                else "Several labs run: " + ", ".join(each.name for each in found) + ". Name one."
            )
        lab = cls(found[0].name, runs=runs, engine=engine, detached=True)
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
        """Start what the lab consists of; when that fails, or is interrupted, nothing stays."""
        if self._asterisk is not None:
            raise LabStopped(f"Lab {self.name!r} runs already.")
        exchange = self._first
        for extension, name in self._users.items():
            exchange = exchange.with_user(_user(extension, name))
        engine = self._engine = self._engine or Engine.connect()
        image(engine, "asterisk")
        if self._users:
            image(engine, "phone")
        self._make_way(engine)
        self._ours = True
        if self._owner is not None:
            atexit.register(self.stop)
        try:
            self._start_all(engine, exchange)
        except BaseException:
            self._ours = True
            self.stop(collect=False)
            raise

    def _make_way(self, engine: Engine) -> None:
        """Remove what a killed process left of this lab, and of labs without a chosen name."""
        for orphan in orphans(engine):
            if orphan.name == self.name or orphan.name.startswith(_UNNAMED):
                self._progress(f"removing what was left of {orphan.name}")
                sweep(engine, orphan.name)
        for running in labs(engine):
            if running.name == self.name:
                raise LabStopped(
                    f"A lab {self.name!r} runs already. Take it up with Lab.attach({self.name!r}), "
                    f"choose another name, or stop it with `voiplab down {self.name}`."
                )

    def _start_all(self, engine: Engine, exchange: Exchange) -> None:
        self._progress("making a network")
        network = self._network = engine.create_network(
            f"voiplab-{self.name}", self._labels("network")
        )
        self._progress("starting Asterisk" + (" and phones" if self._users else ""))
        with ThreadPoolExecutor(_STARTS_AT_ONCE) as pool:
            pbx = pool.submit(
                Asterisk.start,
                engine,
                network,
                exchange,
                name=f"voiplab-{self.name}-pbx",
                labels=self._labels("pbx"),
            )
            starting = {each: pool.submit(self._start_container, each) for each in self._users}
            asterisk = self._asterisk = pbx.result()
            asterisk.connect()
            list(
                pool.map(
                    lambda each: self._connect(each, starting[each].result(), exchange.user(each)),
                    starting,
                )
            )

    def _labels(self, role: str, **more: str) -> dict[str, str]:
        labels = lab_labels(self.name, role=role, owner=self._owner)
        return labels | {f"voiplab.{key}": value for key, value in more.items()}

    def _start_container(self, extension: str) -> Container:
        if self._engine is None or self._network is None:
            raise LabStopped(f"Lab {self.name!r} does not run.")
        return Phone.start_container(
            self._engine,
            self._network,
            name=f"voiplab-{self.name}-{extension}",
            labels=self._labels("phone", extension=extension),
            capture_room=self._capture_room,
        )

    def _connect(
        self, extension: str, container: Container, settings: config.User, *, adopt: bool = False
    ) -> Phone:
        account = Account(
            extension, settings.secret.get_secret_value(), f"{ALIAS}:{SIP_PORT}", settings.codecs
        )
        phone = Phone(container, account, self)
        phone.connect()
        if adopt:
            phone.adopt()
        else:
            phone.register()
        self.phones[extension] = phone
        return phone

    def take_up(self) -> None:
        """Connect to a lab that runs, with all that belongs to it; its calls go on."""
        self._let_go()
        engine = self._engine = self._engine or Engine.connect()
        parts = engine.containers({"voiplab.lab": self.name})
        by_role: dict[str, list[Container]] = {}
        for part in parts:
            by_role.setdefault(part.labels.get("voiplab.role", ""), []).append(part)
        if not by_role.get("pbx"):
            raise LabStopped(
                f"Lab {self.name!r} has no PBX any more. Remove the rest of it with "
                f"`voiplab down {self.name}`, then start it anew."
            )
        asterisk = self._asterisk = Asterisk.attach(by_role["pbx"][0])
        asterisk.connect()
        self._network = engine.network(f"voiplab-{self.name}")
        users = {user.extension: user for user in asterisk.exchange.users}
        for container in by_role.get("phone", []):
            extension = container.labels["voiplab.extension"]
            if extension in users:
                self._connect(extension, container, users[extension], adopt=True)

    def stop(self, *, collect: bool = True) -> None:
        """End the calls, keep their evidence, and remove all that was started.

        Stopping twice is allowed. A lab that was attached to goes on; it is only let go of.

        Args:
            collect: whether calls in progress leave their evidence.
        """
        with self._ending:
            atexit.unregister(self.stop)
            try:
                if collect and self._asterisk is not None:
                    self._end_calls()
            finally:
                self._let_go()
                if self._ours and self._engine is not None:
                    sweep(self._engine, self.name)
                self._ours = False

    def _let_go(self) -> None:
        for phone in self.phones.values():
            phone.close()
        self.phones.clear()
        asterisk, self._asterisk = self._asterisk, None
        if asterisk is not None:
            asterisk.close()

    def _end_calls(self) -> None:
        for call in self.calls:
            try:
                if call.state != "closed" or not call.kept:
                    call.hang_up()
            except VoipLabError as error:
                self._progress(f"{call}: its evidence is not complete: {error}")

    def check_running(self) -> None:
        """Make sure that the lab runs.

        Raises:
            LabStopped: when it does not.
        """
        if self._asterisk is None:
            raise LabStopped(
                f"Lab {self.name!r} is stopped: nothing can be done in it any more. "
                "Start a new one: lab = Lab.start()."
            )
        _ = self._asterisk.ami

    @property
    def pbx(self) -> Asterisk:
        """The PBX.

        Raises:
            LabStopped: when the lab does not run.
        """
        if self._asterisk is None:
            self.check_running()
            raise LabStopped(self.name)
        return self._asterisk

    @property
    def exchange(self) -> Exchange:
        """The PBX's configuration in force, as a model."""
        return self.pbx.exchange

    # Users

    @property
    def users(self) -> list[User]:
        """The users, in the order of their extensions."""
        return [User(self, extension) for extension in sorted(self._extensions())]

    def _extensions(self) -> set[str]:
        return {user.extension for user in self.exchange.users}

    def __getitem__(self, extension: str) -> User:
        """Return the user with an extension.

        Raises:
            UnknownUser: when nobody has it.
        """
        if extension not in self._extensions():
            known = ", ".join(user.extension for user in self.users) or "nobody"
            raise UnknownUser(
                f"No user has extension {extension!r} in lab {self.name!r}; there are: {known}. "
                f"Add one with lab.add_user({extension!r})."
            )
        return User(self, extension)

    def add_user(
        self,
        extension: str,
        *,
        name: str = "",
        phone: bool = True,
        codecs: Iterable[config.Codec] = ("ulaw", "alaw"),
        voicemail: bool = False,
    ) -> User:
        """Add a user while the lab runs, with a strong random password and a softphone.

        Args:
            extension: the number, 2 to 8 digits.
            name: what other phones show when the user calls; the extension when empty.
            phone: whether to start a softphone and register it.
            codecs: Asterisk's names of the codecs to offer, the preferred one first: ``ulaw``,
                ``alaw``, ``g722``, ``opus``.
            voicemail: whether unanswered calls go to a mailbox.

        Returns:
            The user.

        Raises:
            ConfigError: when Asterisk would not take it, or the extension is taken.
            EngineError: when the phone can't be started.
        """
        settings = config.User(
            extension=extension,
            name=name,
            codecs=tuple(codecs),
            mailbox=config.Mailbox() if voicemail else None,
        )
        return self._add([settings], phones=phone)[0]

    def add_users(self, names: Mapping[str, str], *, phone: bool = True) -> list[User]:
        """Add several users at once; their phones start side by side.

        Args:
            names: by extension.
            phone: whether to start softphones and register them.

        Returns:
            The users, in the order given.

        Raises:
            ConfigError: when one of them can't be; then none is added.
            EngineError: when a phone can't be started.
        """
        return self._add(
            [_user(extension, name) for extension, name in names.items()],
            phones=phone,
        )

    def _add(self, newcomers: list[config.User], *, phones: bool) -> list[User]:
        self.check_running()

        def with_newcomers(exchange: Exchange) -> Exchange:
            for newcomer in newcomers:
                exchange = exchange.with_user(newcomer)
            return exchange

        with_newcomers(self.exchange)
        added: list[str] = []
        try:
            with ThreadPoolExecutor(_STARTS_AT_ONCE) as pool:
                starting = [
                    (newcomer, pool.submit(self._start_container, newcomer.extension))
                    for newcomer in newcomers
                    if phones
                ]
                added = [newcomer.extension for newcomer in newcomers]
                self.pbx.change(with_newcomers)
                list(
                    pool.map(
                        lambda each: self._connect(each[0].extension, each[1].result(), each[0]),
                        starting,
                    )
                )
        except BaseException:
            self._remove(added)
            raise
        return [User(self, newcomer.extension) for newcomer in newcomers]

    def change_user(self, extension: str, **changes: object) -> User:
        """Change a user while the lab runs; a changed password or codec reaches the phone too.

        Args:
            extension: whose.
            changes: fields of :class:`voiplab.config.User`: ``name``, ``secret``, ``codecs`` …

        Returns:
            The user.

        Raises:
            UnknownUser: when nobody has the extension.
            ConfigError: when Asterisk would not take the change.
        """
        user = self[extension]
        changed = config.User(**(dict(user.settings) | changes))
        self.pbx.change(lambda exchange: exchange.replacing_user(changed))
        phone = self.phones.get(extension)
        if phone is not None and changes.keys() & {"secret", "codecs"}:
            phone.close()
            self._connect(extension, phone.container, user.settings)
        return user

    def remove_user(self, extension: str) -> None:
        """Remove a user while the lab runs: its phone first, then its configuration.

        Raises:
            UnknownUser: when nobody has the extension.
            ConfigError: when something else of the PBX needs the user.
        """
        _ = self[extension]
        self.exchange.without_user(extension)
        self._remove([extension])

    def _remove(self, extensions: list[str]) -> None:
        for extension in extensions:
            phone = self.phones.pop(extension, None)
            if phone is not None:
                phone.close()
        if self._engine is not None:
            for extension in extensions:
                for container in self._engine.containers(
                    {"voiplab.lab": self.name, "voiplab.extension": extension}
                ):
                    container.remove()

        def without(exchange: Exchange) -> Exchange:
            for extension in extensions:
                if extension in self._extensions():
                    exchange = exchange.without_user(extension)
            return exchange

        self.pbx.change(without)

    def change(self, edit: Callable[[Exchange], Exchange]) -> None:
        """Change anything in the PBX's configuration while it runs.

        Args:
            edit: takes the configuration in force and returns the one that is to be.

        Raises:
            ConfigError: when the new configuration would not be valid.
        """
        self.pbx.change(edit)

    # What can be seen

    def asterisk(self, command: str) -> str:
        """Run a line of Asterisk's command line and return what it prints.

        Args:
            command: for example ``pjsip show endpoints``.

        Raises:
            AmiError: when Asterisk refuses it.
            LabStopped: when the lab does not run.
        """
        return self.pbx.command(command)

    def registrations(self) -> "pd.DataFrame":
        """Return who is registered: a row a user, with the address of its phone."""
        return tables.registrations(self.pbx)

    def events(self) -> "pd.DataFrame":
        """Return what Asterisk's management interface has reported: a row an event."""
        return tables.events(self.pbx.events())

    def cdrs(self) -> "pd.DataFrame":
        """Return Asterisk's call detail records: a row a finished call."""
        return tables.call_records(self.pbx.call_records())

    def software(self) -> dict[str, str]:
        """Return names and versions of what the lab is made of."""
        if self._engine is None:
            return {}
        return {"asterisk": self.pbx.version(), "engine": self._engine.describe()}

    def configuration(self) -> dict[str, str]:
        """Return the configuration files in force by name, without their secrets."""
        return self.pbx.configuration()


def _checked(name: str) -> str:
    if not re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,28}[a-z0-9])?", name):
        raise ConfigError(
            f"A lab can't be called {name!r}: take 1 to 30 lower-case letters, digits and hyphens, "
            "with a letter or digit at both ends."
        )
    return name


# The codecs of plain telephony (G.711), whose samples every figure of the course can explain.
_PHONE_CODECS = ("ulaw", "alaw")


def _user(extension: str, name: str) -> config.User:
    return config.User(extension=extension, name=name, codecs=_PHONE_CODECS)
