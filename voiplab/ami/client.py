"""A connection to Asterisk's management interface."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

import panoramisk
from panoramisk.ami_protocol import AMIProtocol

from voiplab import background
from voiplab.ami.event import Event
from voiplab.errors import AmiError

Listener = Callable[[Event], None]

_log = logging.getLogger(__name__)

# Latin-1 maps each byte to one character, so nothing is lost where a chunk cuts a character.
_WIRE = "latin-1"


class _Protocol(AMIProtocol):  # type: ignore[misc]
    """A protocol that knows its session from the first byte, so that no early end is missed."""

    def __init__(self, session: "_Session") -> None:
        self._session = session

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.factory = self._session


class _Session(panoramisk.Manager):  # type: ignore[misc]
    """A manager whose connection, once lost, stays lost until somebody asks for a new one."""

    pinger: asyncio.TimerHandle | None

    def connection_made(self, connecting: "asyncio.Task[Any]") -> None:
        if not connecting.cancelled() and connecting.exception() is None:
            super().connection_made(connecting)

    def connection_lost(self, exc: object) -> None:
        self._connected = False
        self.authenticated = False
        if self.pinger:
            self.pinger.cancel()
            self.pinger = None
        self.awaiting_actions.clear()
        self.on_disconnect(self, exc)


class Ami:
    """A connection to Asterisk's management interface, kept on the background event loop.

    Args:
        host: where Asterisk listens.
        port: on which TCP port.
        username: the manager's name in ``manager.conf``.
        secret: its secret; never shown.

    >>> Ami("127.0.0.1", 5038, "voiplab", "top secret")
    <Ami voiplab@127.0.0.1:5038, not connected>
    """

    def __init__(self, host: str, port: int, username: str, secret: str) -> None:
        self._host = host
        self._port = port
        self._username = username
        self._secret = secret
        self._session: _Session | None = None
        self._lost: asyncio.Future[None] | None = None
        self._listeners: list[Listener] = []

    def __repr__(self) -> str:
        state = "connected" if self.connected else "not connected"
        return f"<Ami {self._username}@{self._host}:{self._port}, {state}>"

    @property
    def connected(self) -> bool:
        """Whether Asterisk has accepted the login and the connection still stands."""
        return self._session is not None and bool(self._session.authenticated)

    def connect(self, timeout_s: float = 5.0) -> bool:
        """Log in and wait until Asterisk has fully booted.

        Args:
            timeout_s: the longest to wait for an answer, in seconds.

        Returns:
            True when connected; False when nothing answers there yet, so that it can be polled.

        Raises:
            AmiError: when Asterisk refuses the name or the secret.
        """
        try:
            return background.run(self._connect(), timeout_s)
        except (OSError, TimeoutError, EOFError):
            self.close()
            return False

    async def _connect(self) -> bool:
        loop = background.loop()
        booted: asyncio.Future[None] = loop.create_future()
        lost: asyncio.Future[None] = loop.create_future()
        session = _Session(
            host=self._host,
            port=self._port,
            loop=loop,
            encoding=_WIRE,
            log=_log,
            on_disconnect=lambda *_: _settle(lost),
        )
        session.config["protocol_factory"] = lambda: _Protocol(session)
        session.register_event("FullyBooted", lambda *_: _settle(booted))
        session.register_event("*", self._dispatch)
        self._session, self._lost = session, lost
        await session.connect()
        # The protocol is set by the task's callback, which runs right after it.
        await asyncio.sleep(0)
        login = session.send_action(
            {
                "Action": "Login",
                "Username": self._username,
                "Secret": self._secret,
                "Events": "on",
            }
        )
        answer = await self._unless_lost(login)
        if not answer.success:
            self._close()
            raise AmiError(
                f"Asterisk's management interface at {self._host}:{self._port} refused the login "
                f"of {self._username!r}: {answer.message}. Compare manager.conf with the secret "
                "in use, or start the lab anew."
            )
        session.authenticated = True
        await self._unless_lost(booted)
        return True

    async def _unless_lost(self, awaited: "asyncio.Future[Any]") -> Any:  # noqa: ANN401 - as awaited
        lost = self._lost
        if lost is None:
            raise EOFError
        await asyncio.wait({awaited, lost}, return_when=asyncio.FIRST_COMPLETED)
        if not awaited.done():
            raise EOFError
        return awaited.result()

    def close(self) -> None:
        """End the connection; closing twice is allowed."""
        background.loop().call_soon_threadsafe(self._close)

    def _close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.close()

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with each event from now on, on the background thread.

        Args:
            listener: is to return at once; it may not call this object.

        Returns:
            A function that ends the subscription.
        """
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _dispatch(self, _session: object, message: Mapping[str, Any]) -> None:
        fields = {key: _as_text(value) for key, value in message.items() if key != "content"}
        event = Event(time.time(), fields.pop("Event", ""), fields)
        for listener in tuple(self._listeners):
            listener(event)

    def action(self, name: str, *, timeout_s: float = 10.0, **fields: str) -> list[dict[str, str]]:
        """Send an action and return what Asterisk answers.

        Args:
            name: the action, for example ``CoreStatus``.
            timeout_s: the longest to wait for the answer, in seconds.
            fields: the action's headers.

        Returns:
            The response's headers first, then those of each event of the list that it announces.

        Raises:
            AmiError: when there is no connection, no answer in time, or the answer is an error.
        """
        for value in (name, *fields, *fields.values()):
            if "\r" in value or "\n" in value:
                raise AmiError(
                    f"{name!r} can't be sent to Asterisk: {value!r} holds a line break, which "
                    "would start a header of its own. Write it on one line."
                )
        try:
            messages = background.run(self._action({"Action": name, **fields}), timeout_s)
        except TimeoutError as error:
            raise AmiError(
                f"Asterisk did not answer {name} within {timeout_s:g} s. Look at its log: "
                "it may hang or be overloaded."
            ) from error
        except EOFError as error:
            raise AmiError(
                f"No connection to Asterisk's management interface at {self._host}:{self._port}, "
                f"so {name} can't be answered. Is the PBX running? See `voiplab status`."
            ) from error
        answer = messages[0]
        if answer.get("Response") in {"Error", "Fail", "Failure"}:
            reason = answer.get("Output") or answer.get("Message") or "no reason given"
            raise AmiError(f"Asterisk refused {name}: {reason.strip().rstrip('.')}.")
        return messages

    async def _action(self, headers: dict[str, str]) -> list[dict[str, str]]:
        session = self._session
        if session is None or not session.authenticated:
            raise EOFError
        wire = {key: value.encode().decode(_WIRE) for key, value in headers.items()}
        answer = await self._unless_lost(session.send_action(wire))
        messages = answer if isinstance(answer, list) else [answer]
        return [{key: _as_text(value) for key, value in each.items()} for each in messages]

    def command(self, line: str, *, timeout_s: float = 10.0) -> str:
        """Run a line of Asterisk's command line.

        Args:
            line: for example ``pjsip show endpoints``.
            timeout_s: the longest to wait for the answer, in seconds.

        Returns:
            What Asterisk prints, line by line as it prints it.

        Raises:
            AmiError: as for :meth:`action`; an unknown command is an error too.
        """
        try:
            return self.action("Command", Command=line, timeout_s=timeout_s)[0].get("Output", "")
        except AmiError as error:
            if "No such command" not in str(error):
                raise
            raise AmiError(
                f"Asterisk has no command {line!r}: see `core show help`. "
                "Is the module that brings it loaded?"
            ) from error


def _settle(future: "asyncio.Future[None]") -> None:
    if not future.done():
        future.set_result(None)


def _as_text(value: object) -> str:
    lines = value if isinstance(value, list) else [value]
    wire = "\n".join(str(line) for line in lines)
    return wire.encode(_WIRE, "replace").decode("utf-8", "replace")
