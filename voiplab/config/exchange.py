"""The exchange: everything that Asterisk is told."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, ValidationError, model_validator

from voiplab.config.by_hand.users import users_of
from voiplab.config.conference import Conference
from voiplab.config.part import Part, sentence
from voiplab.config.ring_group import RingGroup
from voiplab.config.security import Security
from voiplab.config.services import Services
from voiplab.config.text import Secret, random_secret
from voiplab.config.user import User
from voiplab.errors import ConfigError, UnknownUser

Port = Annotated[int, Field(ge=1024, le=65535)]

WEBRTC_LEGS: Final = 20
"""How many legs of calls an exchange that serves browsers has ports for, unless told otherwise."""

_MOST_WEBRTC_LEGS: Final = 200

_KEPT_BY_HAND: Final = (
    "language", "rtp_first_port", "rtp_last_port", "webrtc", "ami_user", "ami_secret",
)  # fmt: skip
_NO_SERVICES: Final = Services(**dict.fromkeys(Services.model_fields))


class Exchange(Part):
    """A telephone exchange: users, ring groups, conferences and services under distinct numbers.

    An exchange is a value: what changes it returns another one, checked anew.

    Args:
        users: who may register and be called.
        ring_groups: extensions at which several users ring.
        conferences: extensions at which callers hear each other.
        services: the numbers at which the exchange itself answers.
        language: what its prompts are spoken in.
        rtp_first_port: first UDP port for media, even (RFC 3550, section 11).
        rtp_last_port: last UDP port for media. A bridged call takes two pairs of ports.
        webrtc: whether SIP is listened for on a WebSocket as well, for phones in a browser.
        security: what is encrypted between the exchange and the phones of users who have no
            security of their own; `required` admits none in clear.
        written: names and texts of files that were written by hand, which take the place of those
            that would be rendered. The users are then those of its pjsip.conf.
        ami_user: who may log in to the management interface.
        ami_secret: that user's password; random unless given.

    Raises:
        ConfigError: a number that two want, a member that nobody is, a range without ports.

    >>> exchange = Exchange().with_user(User(extension="2001", name="Front desk"))
    >>> exchange.user("2001").name
    'Front desk'
    >>> exchange.with_user(User(extension="2001"))
    Traceback (most recent call last):
    voiplab.errors.ConfigError: 2001 is taken by the user Front desk: choose another number.
    """

    users: tuple[User, ...] = ()
    ring_groups: tuple[RingGroup, ...] = ()
    conferences: tuple[Conference, ...] = ()
    services: Services = Field(default_factory=Services)
    language: Literal["en", "fr"] = "en"
    rtp_first_port: Port = 10000
    rtp_last_port: Port = 20000
    webrtc: bool = False
    security: Security = Security.PLAIN
    written: Annotated[tuple[tuple[str, str], ...], Field(repr=False)] = ()
    ami_user: Literal["voiplab"] = "voiplab"
    ami_secret: Secret = Field(default_factory=random_secret)

    @model_validator(mode="before")
    @classmethod
    def _described_by_hand(cls, fields: object) -> object:
        if not isinstance(fields, dict) or not fields.get("written"):
            return fields
        return fields | {"users": users_of(dict(fields["written"])), "services": _NO_SERVICES}

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if self.written:
            return self
        taken: dict[str, str] = {}
        for number, owner in self._numbers():
            if number in taken:
                raise ValueError(f"{number} is taken by {taken[number]}: choose another number.")
            taken[number] = owner
        known = {user.extension for user in self.users}
        for group in self.ring_groups:
            for member in group.members:
                if member not in known:
                    raise ValueError(
                        f"the ring group {group.extension} rings {member}, but no user has that "
                        "extension: add the user first, or take it out of the group."
                    )
        self._serves_its_users()
        self._keeps_its_promise()
        if self.rtp_first_port % 2:
            raise ValueError(
                f"RTP takes even ports (RFC 3550, section 11), and the range starts at "
                f"{self.rtp_first_port}: start at {self.rtp_first_port + 1}."
            )
        if self.rtp_last_port - self.rtp_first_port < 3:  # noqa: PLR2004 - two pairs of ports
            raise ValueError(
                f"the ports {self.rtp_first_port} to {self.rtp_last_port} don't hold the two pairs "
                "that one call takes: widen the range."
            )
        return self

    def _serves_its_users(self) -> None:
        """Refuse phones in a browser that could not reach the exchange."""
        if self.webrtc and len(self.media_ports) > _MOST_WEBRTC_LEGS:
            raise ValueError(
                f"the ports {self.rtp_first_port} to {self.rtp_last_port} are too many to publish "
                f"each by itself for browsers: narrow them to {2 * _MOST_WEBRTC_LEGS} at most, or "
                "use with_webrtc()."
            )
        for user in self.users:
            if user.webrtc and not self.webrtc:
                raise ValueError(
                    f"the phone of {user.extension} is a web page, and this exchange has no "
                    "WebSocket: build it with webrtc=True."
                )

    def _keeps_its_promise(self) -> None:
        """Refuse what would be in clear where encryption is required."""
        if self.security is not Security.REQUIRED:
            return
        if self.webrtc:
            raise ValueError(
                "a browser's SIP comes over a WebSocket in clear (ws), which an exchange that "
                "requires encryption does not open: give it sdes or dtls, or leave browsers out."
            )
        for user in self.users:
            if user.security is Security.PLAIN:
                raise ValueError(
                    f"the user {user.extension} is to be in clear, and this exchange requires "
                    "encryption: choose sdes or dtls for the user, or another security for the "
                    "exchange."
                )

    def _numbers(self) -> Iterator[tuple[str, str]]:
        """Each number, with what it belongs to in words."""
        for field, number in self.services:
            if number:
                yield number, f"the service {field.replace('_', ' ')}"
        for user in self.users:
            yield user.extension, f"the user {user.name}".rstrip()
        for group in self.ring_groups:
            yield group.extension, "a ring group"
        for conference in self.conferences:
            yield conference.extension, "a conference"

    def user(self, extension: str) -> User:
        """The user who has an extension.

        Raises:
            UnknownUser: nobody has it.
        """
        for user in self.users:
            if user.extension == extension:
                return user
        have = ", ".join(user.extension for user in self.users) or "nobody"
        raise UnknownUser(f"No user has the extension {extension!r:.60}: there is {have}.")

    def security_of(self, user: User) -> Security:
        """What is encrypted between the exchange and a user's phone: plain, sdes or dtls.

        >>> required = Exchange(security="required", users=(User(extension="2001"),))
        >>> str(required.security_of(required.user("2001")))
        'sdes'
        """
        security = user.security or self.security
        return Security.SDES if security is Security.REQUIRED else security

    @property
    def encrypts(self) -> bool:
        """Whether any user's signalling or speech is encrypted.

        >>> Exchange().encrypts
        False
        """
        return any(self.security_of(user).encrypted for user in self.users)

    def with_user(self, user: User) -> Self:
        """The same exchange with one more user."""
        return self._changed(users=(*self.users, user))

    def without_user(self, extension: str) -> Self:
        """The same exchange without the user who has an extension.

        Raises:
            UnknownUser: nobody has it.
            ConfigError: the user is still a member of a ring group.
        """
        gone = self.user(extension)
        return self._changed(users=tuple(user for user in self.users if user is not gone))

    def replacing_user(self, user: User) -> Self:
        """The same exchange with a user in the place of the one with the same extension.

        Raises:
            UnknownUser: nobody has that extension.
        """
        old = self.user(user.extension)
        return self._changed(users=tuple(user if one is old else one for one in self.users))

    def with_ring_group(self, group: RingGroup) -> Self:
        """The same exchange with one more ring group."""
        return self._changed(ring_groups=(*self.ring_groups, group))

    def without_ring_group(self, extension: str) -> Self:
        """The same exchange without the ring group that has an extension.

        Raises:
            ConfigError: there is none.
        """
        kept = tuple(group for group in self.ring_groups if group.extension != extension)
        if len(kept) == len(self.ring_groups):
            raise ConfigError(
                f"No ring group has the extension {extension!r:.60}: name one that is."
            )
        return self._changed(ring_groups=kept)

    def with_conference(self, conference: Conference) -> Self:
        """The same exchange with one more conference."""
        return self._changed(conferences=(*self.conferences, conference))

    def without_conference(self, extension: str) -> Self:
        """The same exchange without the conference that has an extension.

        Raises:
            ConfigError: there is none.
        """
        kept = tuple(room for room in self.conferences if room.extension != extension)
        if len(kept) == len(self.conferences):
            raise ConfigError(
                f"No conference has the extension {extension!r:.60}: name one that is."
            )
        return self._changed(conferences=kept)

    def with_webrtc(self) -> Self:
        """The same exchange, serving phones in a browser too.

        A browser reaches the media ports through the engine, which publishes each by itself: the
        range is narrowed to `WEBRTC_LEGS` pairs of ports, enough for half as many bridged calls.

        >>> Exchange().with_webrtc().rtp_last_port
        10039
        """
        return self._changed(webrtc=True, rtp_last_port=self.rtp_first_port + 2 * WEBRTC_LEGS - 1)

    def with_security(self, security: Security | str) -> Self:
        """The same exchange with another security for all who have none of their own.

        Raises:
            ConfigError: there is no such security, or a user's own contradicts it.

        >>> Exchange().with_security("dtls").security
        <Security.DTLS: 'dtls'>
        """
        return self._changed(security=security)

    @property
    def media_ports(self) -> range:
        """The UDP ports that RTP is sent from; the odd one after each is for RTCP.

        >>> list(Exchange(rtp_last_port=10005).media_ports)
        [10000, 10002, 10004]
        """
        return range(self.rtp_first_port, self.rtp_last_port, 2)

    def with_written(self, files: Mapping[str, str]) -> Self:
        """An exchange whose users are those of hand-written files; the rest stays as it is.

        Args:
            files: texts by file name, ``pjsip.conf`` and ``extensions.conf`` among them.

        >>> by_hand = Exchange().with_written({"pjsip.conf": "", "extensions.conf": ""})
        >>> by_hand.with_user(User(extension="2001"))
        Traceback (most recent call last):
        voiplab.errors.ConfigError: This exchange is written by hand: change its pjsip.conf and \
extensions.conf, and load them with lab.load(…).
        """
        kept = {name: getattr(self, name) for name in _KEPT_BY_HAND}
        return type(self)(**kept, written=tuple(files.items()))

    def _changed(self, **fields: Any) -> Self:  # noqa: ANN401 - any field of any type
        if self.written:
            raise ConfigError(
                "This exchange is written by hand: change its pjsip.conf and extensions.conf, and "
                "load them with lab.load(…)."
            )
        return type(self)(**(dict(self) | fields))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The exchange that `to_json` wrote.

        Raises:
            ConfigError: the text is not one.
        """
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise ConfigError(sentence(cls, error)) from None

    def to_json(self) -> str:
        """The exchange with its secrets in clear: keep it where only its owner reads.

        >>> exchange = Exchange(users=(User(extension="2001"),))
        >>> Exchange.from_json(exchange.to_json()) == exchange
        True
        """
        return self.model_dump_json(context={"reveal": True})
