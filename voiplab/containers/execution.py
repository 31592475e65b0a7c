"""A command in a container whose output is read while it goes on."""

import socket
import struct
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from voiplab.background import in_one_piece
from voiplab.containers.failure import engine_asked

if TYPE_CHECKING:
    from docker import APIClient

STDOUT = 1

_HEAD = struct.Struct(">BxxxI")
_AT_ONCE = 1 << 18


class Execution:
    """A command that goes on; closing it, or the end of this process, ends the command's input.

    The engine's API has no way to end a command: what is run here must end with its input.

    Args:
        api: the connected client.
        container_id: the container.
        argv: the command and its arguments; no shell comes between.
        where: the container's name, for messages.

    Raises:
        LabStopped: if the container does not run.
    """

    def __init__(
        self, api: "APIClient", container_id: str, argv: Sequence[str], *, where: str
    ) -> None:
        self._api = api
        self._where = where
        self._frames = b""
        self.ended = False
        with engine_asked(f"run `{argv[0]}` in {where}"):
            self._id, self._answer = in_one_piece(lambda: self._begin(container_id, argv))
        # The client has no other way to read what is there without waiting for more.
        body: Any = self._answer.raw
        file = body._fp.fp  # noqa: SLF001 - as above
        self._socket: socket.socket = file.raw._sock  # noqa: SLF001 - as above
        self._socket.settimeout(0)
        # What came together with the header of the engine's answer.
        self._early = bytes(file.peek())

    def _begin(self, container_id: str, argv: Sequence[str]) -> tuple[str, Any]:
        begun = self._api.exec_create(container_id, list(argv), stdin=True, user="root")
        answer = self._api.post(
            f"{self._api.base_url}/v{self._api.api_version}/exec/{begun['Id']}/start",
            json={"Detach": False, "Tty": False},
            timeout=None,
            stream=True,
        )
        answer.raise_for_status()
        return str(begun["Id"]), answer

    def read(self, wait_s: float = 0.0) -> bytes:
        """Return what it has written to its standard output since the last time.

        Args:
            wait_s: how long to wait when there is nothing yet.

        Returns:
            b"" when nothing has come, or it has ended.
        """
        received, self._early = [self._frames, self._early], b""
        self._socket.settimeout(wait_s)
        while not self.ended:
            try:
                part = self._socket.recv(_AT_ONCE)
            except (BlockingIOError, InterruptedError, TimeoutError):
                break
            except OSError:
                part = b""
            received.append(part)
            self.ended = not part
            self._socket.settimeout(0)
        content, self._frames = whole_frames(b"".join(received))
        return content

    def exit_code(self) -> int | None:
        """Return what it ended with; None while it goes on."""
        with engine_asked(f"see what became of a command in {self._where}"):
            seen = self._api.exec_inspect(self._id)
        return None if seen["Running"] else int(seen["ExitCode"])

    def close(self) -> None:
        """End its input; closing twice is allowed."""
        self.ended = True
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._answer.close()


def whole_frames(received: bytes) -> tuple[bytes, bytes]:
    """Take the engine's frames apart (see command.py).

    Returns:
        What was written to the standard output, and the frame that is not whole yet.
    """
    content, at = [], 0
    while at + _HEAD.size <= len(received):
        stream, length = _HEAD.unpack_from(received, at)
        end = at + _HEAD.size + length
        if end > len(received):
            break
        if stream == STDOUT:
            content.append(received[at + _HEAD.size : end])
        at = end
    return b"".join(content), received[at:]
