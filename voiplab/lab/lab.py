"""A lab: one Asterisk, its users, their phones and the calls between them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from voiplab import config
from voiplab.background import side_by_side
from voiplab.config import Complaints, Exchange, Security
from voiplab.containers import Container
from voiplab.errors import ConfigError, UnknownUser
from voiplab.lab import by_hand, tables
from voiplab.lab.lifetime import BROWSER_CODECS, PHONE_CODECS, Lifetime
from voiplab.lab.phone import Phone
from voiplab.lab.site import account_of
from voiplab.lab.user import User
from voiplab.phones import Account, Softphone

if TYPE_CHECKING:
    import pandas as pd

    from voiplab.lab.monitor import Monitor


class Lab(Lifetime):
    """A real Asterisk with users, softphones and calls, that ends when it is told to.

    Args:
        name: what the lab is called on the engine, at most 30 lower-case letters, digits and
            hyphens; without it, one that nobody else has.
        users: names by extension, to be there from the start.
        exchange: the PBX's configuration to begin with.
        configuration: hand-written files, which say who the users are: a folder with
            ``pjsip.conf`` and ``extensions.conf``, or their texts by file name; see :meth:`load`.
        runs: the folder in which calls leave their evidence.
        engine: the container engine; without it, the one that answers.
        detached: whether the lab goes on when this process ends.
        capture_room: keep each phone's capture in memory, in at most so much: ``64k``, ``16m``;
            without it, on the engine's disk.
        browser_phones: whether users may have a phone in a browser: the PBX then listens on a
            WebSocket, has media ports for ten bridged calls at a time, and the engine publishes
            these on 127.0.0.1. For browsers on other machines, the IP address at which they reach
            this one: the media ports are published there, for all who reach it.
        security: what is encrypted between PBX and phones: ``plain``, nothing; ``sdes`` or
            ``dtls``, SIP by TLS and speech by SRTP with keys agreed on in that way; ``required``,
            as ``sdes``, and the PBX refuses all that is in clear. Without it, what the exchange
            says. Users may have another of their own.
        progress: is told each step in a few words.

    ``with Lab() as lab: …`` starts it and stops it; ``Lab.start()`` and ``lab.stop()`` do the
    same in a notebook.

    >>> Lab("demo")
    <Lab demo, stopped>
    """

    def _keep_phone(self, container: Container, account: Account) -> Phone:
        network = self._running_site().access_network(container)
        phone = self.phones[account.extension] = Phone(container, account, network, self)
        return phone

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
            known = ", ".join(sorted(self._extensions())) or "nobody"
            add = f"Add one with lab.add_user({extension!r})."
            if self.exchange.written:
                add = (
                    f"Write an endpoint [{extension}] in pjsip.conf, and load it with lab.load(…)."
                )
            raise UnknownUser(
                f"No user has extension {extension!r} in lab {self.name!r}; there are: {known}. "
                f"{add}"
            )
        return User(self, extension)

    def add_user(  # noqa: PLR0913 - all but one are optional and named
        self,
        extension: str,
        *,
        name: str = "",
        phone: bool | Literal["browser"] = True,
        codecs: Iterable[config.Codec] | None = None,
        voicemail: bool = False,
        security: Security | str | None = None,
    ) -> User:
        """Add a user while the lab runs, with a strong random password and a phone.

        Args:
            extension: the number, 2 to 8 digits.
            name: what other phones show when the user calls.
            phone: whether to start a softphone and register it; ``"browser"`` for a phone that
                :class:`voiplab.BrowserPhone` shows in the notebook.
            codecs: Asterisk's names of the codecs to offer, the preferred one first: ``ulaw``,
                ``alaw``, ``g722``, ``opus``. Without it G.711 alone, and in a browser Opus first.
            voicemail: whether unanswered calls go to a mailbox.
            security: what is encrypted between PBX and phone: ``plain``, ``sdes`` or ``dtls``;
                without it, what is so for all of the lab.

        Returns:
            The user.

        Raises:
            ConfigError: when Asterisk would not take it, the extension is taken, or the lab was
                started without phones in browsers.
            EngineError: when the phone can't be started.
        """
        in_browser = phone == "browser"
        if in_browser and not self.exchange.webrtc:
            raise ConfigError(
                f"Lab {self.name!r} serves no phones in browsers, and its ports can't be published "
                "any more now that it runs: start one with Lab.start(browser_phones=True)."
            )
        if codecs is None:
            codecs = BROWSER_CODECS if in_browser else PHONE_CODECS
        settings = config.User(
            extension=extension,
            name=name,
            codecs=tuple(codecs),
            webrtc=in_browser,
            mailbox=config.Mailbox() if voicemail else None,
            security=security,
        )
        return self._add([settings], phones=phone is True)[0]

    def add_users(
        self,
        names: Mapping[str, str],
        *,
        phone: bool = True,
        codecs: Iterable[config.Codec] = PHONE_CODECS,
    ) -> list[User]:
        """Add several users at once; their phones start side by side.

        Args:
            names: by extension.
            phone: whether to start softphones and register them.
            codecs: as for :meth:`add_user`.

        Returns:
            The users, in the order given.

        Raises:
            ConfigError: when one of them can't be; then none is added.
            EngineError: when a phone can't be started.
        """
        offered = tuple(codecs)
        newcomers = [
            config.User(extension=extension, name=name, codecs=offered)
            for extension, name in names.items()
        ]
        return self._add(newcomers, phones=phone)

    def _add(self, newcomers: list[config.User], *, phones: bool) -> list[User]:
        self.check_running()

        def with_newcomers(exchange: Exchange) -> Exchange:
            for newcomer in newcomers:
                exchange = exchange.with_user(newcomer)
            return exchange

        # Refused here, nothing has happened yet.
        exchange = with_newcomers(self.exchange)
        if phones:
            self._running_site().check_images("phone")
        try:
            self._start_phones(
                newcomers if phones else (), exchange, lambda: self.pbx.change(with_newcomers)
            )
        except BaseException:
            self._remove([newcomer.extension for newcomer in newcomers])
            raise
        return [User(self, newcomer.extension) for newcomer in newcomers]

    @contextmanager
    def spare_phone(self, account: Account) -> Iterator[Softphone]:
        """Have a softphone that is no user's, to try accounts with, for as long as a block lasts.

        Args:
            account: who it is to be at first.

        Yields:
            The phone, under control and not registered: see ``phone.register()``; for another
            try, give ``phone.account`` another value.

        Raises:
            EngineError: when it can't be started.
        """
        site = self._running_site()
        container = site.start_spare_phone()
        try:
            phone = Softphone(container, account, site.access_network(container))
            phone.connect()
            try:
                yield phone
            finally:
                phone.close()
        finally:
            container.remove()

    def change_user(self, extension: str, **changes: object) -> User:
        """Change a user while the lab runs; what a phone must know of the change reaches it too.

        Args:
            extension: whose.
            changes: fields of :class:`voiplab.config.User`: ``name``, ``secret``, ``codecs``,
                ``security`` …

        Returns:
            The user.

        Raises:
            UnknownUser: when nobody has the extension.
            ConfigError: when Asterisk would not take the change.
        """
        user = self[extension]
        # Refused here, nothing has happened yet.
        self.exchange.replacing_user(user.settings)
        changed = config.User(**(dict(user.settings) | changes))
        self.change(lambda exchange: exchange.replacing_user(changed))
        return user

    def remove_user(self, extension: str) -> None:
        """Remove a user while the lab runs: its phone first, then its configuration.

        Raises:
            UnknownUser: when nobody has the extension.
            ConfigError: when something else of the PBX needs the user.
        """
        _ = self[extension]
        # Refused here, nothing has happened yet.
        self.exchange.without_user(extension)
        self._remove([extension])

    def _remove(self, extensions: list[str]) -> None:
        for extension in extensions:
            phone = self.phones.pop(extension, None)
            if phone is not None:
                phone.close()
            self._running_site().remove_phone(extension)

        def without(exchange: Exchange) -> Exchange:
            there = {user.extension for user in exchange.users}
            for extension in there.intersection(extensions):
                exchange = exchange.without_user(extension)
            return exchange

        self.pbx.change(without)

    # The rest of the PBX

    def add_ring_group(self, extension: str, members: Iterable[User | str]) -> None:
        """Let several users' phones ring at one number; who answers first has the call.

        Args:
            extension: the number, 2 to 8 digits.
            members: users or their extensions.

        Raises:
            ConfigError: when the number is taken, or a member is nobody.
        """
        group = config.RingGroup(
            extension=extension,
            members=tuple(each.extension if isinstance(each, User) else each for each in members),
        )
        self.change(lambda exchange: exchange.with_ring_group(group))

    def add_conference(self, extension: str) -> None:
        """Let all who call a number hear one another.

        Args:
            extension: the number, 2 to 8 digits.

        Raises:
            ConfigError: when the number is taken.
        """
        conference = config.Conference(extension=extension)
        self.change(lambda exchange: exchange.with_conference(conference))

    def change(self, edit: Callable[[Exchange], Exchange]) -> None:
        """Change anything in the PBX's configuration while it runs.

        Phones that must know of it, such as that all speech is encrypted now, register anew.

        Args:
            edit: takes the configuration in force and returns the one that is to be.

        Raises:
            ConfigError: when the new configuration would not be valid.
        """
        before = {user.extension: account_of(user, self.exchange) for user in self.exchange.users}
        self.pbx.change(edit)
        after = {user.extension: account_of(user, self.exchange) for user in self.exchange.users}
        changed = [
            self._renew(phone, after[extension])
            for extension, phone in list(self.phones.items())
            if extension in after and after[extension] != before.get(extension)
        ]
        side_by_side(Phone.register, changed)

    # Files written by hand

    def load(self, configuration: Mapping[str, str] | Path | str) -> Complaints:
        """Put hand-written files in force, over the lab's others, and let the phones register.

        The users are then those of its ``pjsip.conf``, and each has a phone that registers with
        what the files say; that one is refused is no error here. Users who were added by Python
        are there no more, and none can be added: the files are changed, and loaded again.

        Asterisk reads the files anew while calls go on; what it reads only when it starts, such as
        transports, and files that it complains about, make it start again. Without calls, all
        phones register anew.

        Args:
            configuration: a folder with ``pjsip.conf``, ``extensions.conf`` and whatever ``.conf``
                files they include; or their texts by file name.

        Returns:
            What Asterisk complains about, in its own words; see :meth:`complaints`.

        Raises:
            ConfigError: when one of the two is missing, or a file can't be taken.
            NotReady: when Asterisk ends over the files; the next that are loaded start it again.
            LabStopped: when the lab does not run.
        """
        files = config.read_files(configuration)
        self._running_site().check_images("phone")
        calm = by_hand.idle(self.phones.values())
        if calm and self.pbx.running:
            by_hand.take_leave(self.phones.values(), self.pbx)
        self.pbx.load(files)
        self._follow_files(anew=calm)
        return self.complaints()

    def _follow_files(self, *, anew: bool) -> None:
        users = by_hand.with_phone(self.exchange.users)
        accounts = {user.extension: account_of(user, self.exchange) for user in users}
        for extension in self.phones.keys() - accounts.keys():
            self.phones.pop(extension).close()
            self._running_site().remove_phone(extension)
        changed: list[Softphone] = [
            self._renew(phone, accounts[extension])
            for extension, phone in list(self.phones.items())
            if anew or phone.account != accounts[extension]
        ]
        newcomers = [accounts[each] for each in accounts.keys() - self.phones.keys()]
        changed += self._running_site().start_phones(
            newcomers, self._keep_phone, once=lambda: None, register=lambda _phone: None
        )
        by_hand.register_all(changed)

    def _renew(self, phone: Phone, account: Account) -> Phone:
        phone.close()
        anew = self._keep_phone(phone.container, account)
        anew.network.find()
        anew.connect()
        return anew

    def complaints(self) -> Complaints:
        """Return what Asterisk complains about: the errors, warnings and notices of its log.

        It begins anew with each :meth:`load`; what goes wrong later, such as a phone that gives a
        wrong password, is added to it.
        """
        return self.pbx.complaints()

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

    def monitor(self) -> "Monitor":
        """Return what measures the calls in progress, second by second.

        It is the same one each time. It does not run until it is started, or subscribed to; the
        lab's end is its end.
        """
        if self._monitor is None:
            from voiplab.lab.monitor import Monitor  # noqa: PLC0415 - loads numpy

            self._monitor = Monitor(self)
        return self._monitor

    def software(self) -> dict[str, str]:
        """Return names and versions of what the lab is made of."""
        engine = self._running_site().engine
        return {"asterisk": self.pbx.version(), "engine": engine.describe()}

    def configuration(self) -> dict[str, str]:
        """Return the configuration files in force by name, without their secrets."""
        return self.pbx.configuration()
