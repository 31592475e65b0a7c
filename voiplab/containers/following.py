"""A file in a container that grows, followed over one connection."""

import socket
import struct
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from voiplab.containers.failure import engine_asked

if TYPE_CHECKING:
    from docker import APIClient

STDOUT = 1

# tail(1) looks for news at an interval: told of each write instead, it would wake up with every
# packet. The engine closes the command's input when the connection ends, even if this process was
# killed; then tail ends as well.
_SCRIPT = (
    '{ until [ -s "$3" ]; do sleep 0.1; done; head -c "$1" "$3"; '
    'exec tail -c "+$2" -f ---disable-inotify -s "$4" "$3"; } & '
    "read -r _; kill $!; wait"
)
_HEAD = struct.Struct(">BxxxI")
_AT_ONCE = 1 << 18


class Following:
    """What is written into a file from now on, as it comes; reading it never waits.

    Args:
        api: the connected client.
        container_id: the container.
        path: the file; it is waited for when it isn't there yet.
        head_bytes: how much of the file's beginning is read in any case.
        offset: where to go on from there: how many bytes of the file to pass over.
        interval_s: how often the container looks for what is new.
        where: the container's name, for messages.

    Raises:
        LabStopped: if the container does not run.
    """

    def __init__(  # noqa: PLR0913 - all are named
        self,
        api: "APIClient",
        container_id: str,
        path: str,
        *,
        head_bytes: int,
        offset: int,
        interval_s: float,
        where: str,
    ) -> None:
        start = str(max(offset, head_bytes) + 1)
        command = ["sh", "-c", _SCRIPT, "sh", str(head_bytes), start, path, str(interval_s)]
        self._where = where
        self._frames = b""
        self.ended = False
        with engine_asked(f"follow {path} in {where}"):
            exec_id: str = api.exec_create(container_id, command, stdin=True, user="root")["Id"]
            self._answer = api.post(
                f"{api.base_url}/v{api.api_version}/exec/{exec_id}/start",
                json={"Detach": False, "Tty": False},
                timeout=None,
                stream=True,
            )
            self._answer.raise_for_status()
        # The client has no other way to read what is there without waiting for more.
        body: Any = self._answer.raw
        file = body._fp.fp  # noqa: SLF001 - as above
        self._socket: socket.socket = file.raw._sock  # noqa: SLF001 - as above
        self._socket.settimeout(0)
        # What came together with the header of the engine's answer.
        self._early = bytes(file.peek())

    def __repr__(self) -> str:
        return f"<Following of a file in {self._where}, {'ended' if self.ended else 'going on'}>"

    def read(self) -> bytes:
        """Return what has come since the last time; b"" when nothing has, or it has ended."""
        received, self._early = [self._frames, self._early], b""
        while not self.ended:
            try:
                part = self._socket.recv(_AT_ONCE)
            except (BlockingIOError, InterruptedError):
                break
            except OSError:
                part = b""
            received.append(part)
            self.ended = not part
        content, self._frames = _whole_frames(b"".join(received))
        return content

    def close(self) -> None:
        """End it, and the command in the container with it; closing twice is allowed."""
        self.ended = True
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._answer.close()


def _whole_frames(received: bytes) -> tuple[bytes, bytes]:
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
