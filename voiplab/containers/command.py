"""A command run inside a container, and what came of it."""

import shlex
import struct
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voiplab.containers.failure import engine_asked
from voiplab.errors import CommandFailed, NotReady

if TYPE_CHECKING:
    from docker import APIClient

TIMED_OUT = (124, 137)
"""timeout(1)'s exit codes when the command ran out of time, and when it had to be killed."""

GRACE_S = 10
"""How much longer than the command's own time-out the engine's answer is awaited."""

STDOUT, STDERR = 1, 2


@dataclass(frozen=True)
class Completed:
    """What a command left: its exit code and all that it wrote."""

    command: tuple[str, ...]
    exit_code: int
    stdout: bytes
    stderr: bytes

    @property
    def text(self) -> str:
        """What it wrote to its standard output, as text."""
        return self.stdout.decode(errors="replace")

    def check(self, where: str) -> "Completed":
        """Return itself if the command succeeded.

        Raises:
            CommandFailed: if it did not, with all of the above.
        """
        if self.exit_code != 0:
            raise CommandFailed(where, list(self.command), self.exit_code, self.stdout, self.stderr)
        return self


@dataclass(frozen=True)
class Command:
    """A command to run in a container.

    Args:
        argv: the program and its arguments; no shell comes between.
        timeout_s: how long it may take.
        user: who runs it; the image's own user if empty.
    """

    argv: tuple[str, ...]
    timeout_s: float
    user: str = ""

    def __str__(self) -> str:
        return shlex.join(self.argv)

    def run(self, api: "APIClient", container_id: str, *, where: str) -> Completed:
        """Run it in a running container and wait for its end.

        The time-out is kept inside the container, by timeout(1): the engine's API has no way to
        end a command, which would otherwise go on unseen.

        The answer is read as a plain HTTP body. The client library's own way, an upgraded
        connection, can lose output that arrives together with the header.

        Args:
            api: the connected client.
            container_id: the container.
            where: the container's name, for messages.

        Raises:
            NotReady: if it took too long.
            LabStopped: if the container does not run.
        """
        from docker.errors import create_api_error_from_http_exception  # noqa: PLC0415  (0.13 s)
        from requests import HTTPError  # noqa: PLC0415

        limited = ["timeout", "--kill-after=1", str(self.timeout_s), *self.argv]
        started = time.monotonic()
        with engine_asked(f"run `{self}` in {where}"):
            exec_id: str = api.exec_create(container_id, limited, user=self.user)["Id"]
            answer = api.post(
                f"{api.base_url}/v{api.api_version}/exec/{exec_id}/start",
                json={"Detach": False, "Tty": False},
                timeout=self.timeout_s + GRACE_S,
            )
            try:
                answer.raise_for_status()
            except HTTPError as error:
                raise create_api_error_from_http_exception(error) from error
            exit_code = api.exec_inspect(exec_id)["ExitCode"]
        if exit_code in TIMED_OUT and time.monotonic() - started >= self.timeout_s:
            raise NotReady(f"`{self}` in {where} did not end within {self.timeout_s:g} s.")
        streams = _demultiplexed(answer.content)
        return Completed(self.argv, exit_code, streams[STDOUT], streams[STDERR])


def _demultiplexed(body: bytes) -> dict[int, bytes]:
    """Split the engine's frames (1 byte stream, 3 unused, 4 length, content) by stream.

    See "Stream format" under ContainerAttach in the Docker Engine API, version 1.41.
    """
    streams = {STDOUT: bytearray(), STDERR: bytearray()}
    offset = 0
    while offset + 8 <= len(body):
        stream, length = struct.unpack_from(">BxxxI", body, offset)
        streams[stream] += body[offset + 8 : offset + 8 + length]
        offset += 8 + length
    return {stream: bytes(content) for stream, content in streams.items()}
