"""The control port of a baresip softphone: JSON in netstrings over TCP."""

import asyncio
import itertools
import json
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from voiplab import background
from voiplab.errors import PhoneError

LONGEST_MESSAGE = 1_000_000


@dataclass(frozen=True, slots=True)
class PhoneEvent:
    """Something that happened at a softphone.

    Attributes:
        time_s: when it arrived here, in seconds since the epoch.
        name: baresip's name for it, for example ``CALL_ESTABLISHED``.
        call_id: the SIP Call-ID of the call that it is about (RFC 3261, section 8.1.1.4), or "".
        peer: the other side's SIP URI, or "".
        direction: "incoming", "outgoing" or "".
        detail: baresip's remark, for example ``486 Busy Here``.
    """

    time_s: float
    name: str
    call_id: str = ""
    peer: str = ""
    direction: str = ""
    detail: str = ""


Listener = Callable[[PhoneEvent], None]


def netstring(payload: bytes) -> bytes:
    """Frame bytes as a netstring (D. J. Bernstein, 1997): length, colon, bytes, comma.

    >>> netstring(b"hello")
    b'5:hello,'
    """
    return b"%d:%s," % (len(payload), payload)


async def read_netstring(reader: asyncio.StreamReader) -> bytes:
    """Read one netstring.

    Args:
        reader: the stream that holds it.

    Returns:
        The bytes between colon and comma.

    Raises:
        asyncio.IncompleteReadError: when the stream ends.
        PhoneError: when what arrives is not a netstring.
    """
    digits = (await reader.readuntil(b":"))[:-1]
    if not digits.isdigit() or int(digits) > LONGEST_MESSAGE:
        raise PhoneError(
            f"The softphone's control port sent {digits[:40]!r} where the length of a netstring "
            "belongs. Does another program listen there?"
        )
    payload = await reader.readexactly(int(digits) + 1)
    return payload[:-1]


class Control:
    """A connection to a softphone's control port, kept on the background event loop.

    A softphone obeys one connection at a time: a new one takes over from the one before.

    Args:
        name: whose phone it is, for messages.
        on_event: is called with each event, on the background thread; it is to return at once.
        on_end: is called when the softphone ends the connection; likewise.
    """

    def __init__(
        self, name: str, on_event: Listener, on_end: Callable[[], None] = lambda: None
    ) -> None:
        self._name = name
        self._on_event = on_event
        self._on_end = on_end
        self._writer: asyncio.StreamWriter | None = None
        self._reading: asyncio.Task[None] | None = None
        self._answers: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._tokens = itertools.count(1)

    def __repr__(self) -> str:
        return f"<Control of {self._name}, {'connected' if self.connected else 'not connected'}>"

    @property
    def connected(self) -> bool:
        """Whether the softphone answers on this connection."""
        return self._writer is not None and not self._writer.is_closing()

    def connect(self, host: str, port: int, timeout_s: float = 2.0) -> bool:
        """Connect, and prove it by a command that is answered.

        Args:
            host: where the control port is published.
            port: its TCP port.
            timeout_s: the longest to wait, in seconds.

        Returns:
            True when connected; False when nothing answers there yet, so that it can be polled.
        """
        try:
            background.run(self._connect(host, port), timeout_s)
        except (OSError, TimeoutError, EOFError):
            self.close()
            return False
        return True

    async def _connect(self, host: str, port: int) -> None:
        reader, self._writer = await asyncio.open_connection(host, port)
        self._reading = asyncio.create_task(self._read(reader))
        await self._command("uafind", "sip:nobody")

    async def _read(self, reader: asyncio.StreamReader) -> None:
        try:
            while True:
                message = json.loads(await read_netstring(reader))
                if message.get("response"):
                    answer = self._answers.pop(str(message.get("token")), None)
                    if answer is not None and not answer.done():
                        answer.set_result(message)
                elif message.get("event"):
                    self._on_event(_event(message))
        except (OSError, EOFError, asyncio.IncompleteReadError):
            # Whoever waits for an answer is told below.
            self._on_end()
        finally:
            self._end()

    def _end(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()
        answers, self._answers = self._answers, {}
        for answer in answers.values():
            if not answer.done():
                answer.set_exception(EOFError())

    def close(self) -> None:
        """End the connection; closing twice is allowed."""

        def end() -> None:
            if self._reading is not None:
                self._reading.cancel()
            self._end()

        background.loop().call_soon_threadsafe(end)

    def command(
        self,
        name: str,
        params: str | None = None,
        *,
        timeout_s: float = 5.0,
        accept: Collection[str] = (),
    ) -> str:
        """Give the softphone an order and return what it says.

        Args:
            name: one of baresip's commands, for example ``dial``.
            params: what the command takes.
            timeout_s: the longest to wait for the answer, in seconds.
            accept: refusals that don't count as such.

        Returns:
            What baresip prints.

        Raises:
            PhoneError: when it refuses, does not answer in time, or can't be reached.
        """
        try:
            answer = background.run(self._command(name, params), timeout_s)
        except TimeoutError as error:
            raise PhoneError(
                f"The phone of {self._name} did not answer {name!r} within {timeout_s:g} s. "
                "The machine may be overloaded; try again."
            ) from error
        except (OSError, EOFError) as error:
            raise PhoneError(
                f"The phone of {self._name} can't be reached, so it could not be told to "
                f"{name!r}. Did its container stop, or did another kernel take it over? "
                "See `voiplab status`."
            ) from error
        if not answer.get("ok") and str(answer.get("data")).strip() not in accept:
            raise PhoneError(
                f"The phone of {self._name} refused {name!r}: "
                f"{str(answer.get('data', '')).strip() or 'no reason given'}."
            )
        return str(answer.get("data", ""))

    async def _command(self, name: str, params: str | None = None) -> dict[str, Any]:
        if self._writer is None:
            raise EOFError
        token = str(next(self._tokens))
        order = {"command": name, "token": token}
        if params is not None:
            order["params"] = params
        answer: asyncio.Future[dict[str, Any]] = background.loop().create_future()
        self._answers[token] = answer
        self._writer.write(netstring(json.dumps(order, ensure_ascii=False).encode()))
        try:
            return await answer
        finally:
            self._answers.pop(token, None)

    def soon(self, name: str, params: str | None = None) -> None:
        """Give an order from the background thread without waiting for the answer."""
        if self._writer is not None:
            order = {"command": name, "params": params or ""}
            self._writer.write(netstring(json.dumps(order, ensure_ascii=False).encode()))


def _event(message: dict[str, Any]) -> PhoneEvent:
    return PhoneEvent(
        time_s=time.time(),
        name=str(message.get("type", "")),
        call_id=str(message.get("id", "")),
        peer=str(message.get("peeruri", "")),
        direction=str(message.get("direction", "")),
        detail=str(message.get("param", "")),
    )
