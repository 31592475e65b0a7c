"""A file in a container that grows, followed over one connection."""

from typing import TYPE_CHECKING

from voiplab.containers.execution import Execution

if TYPE_CHECKING:
    from docker import APIClient

# tail(1) looks for news at an interval: told of each write instead, it would wake up with every
# packet. The engine closes the command's input when the connection ends, even if this process was
# killed; then tail ends as well.
_SCRIPT = (
    '{ until [ -s "$3" ]; do sleep 0.1; done; head -c "$1" "$3"; '
    'exec tail -c "+$2" -f ---disable-inotify -s "$4" "$3"; } & '
    "read -r _; kill $!; wait"
)


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
        self._tail = Execution(api, container_id, command, where=where)

    def __repr__(self) -> str:
        return f"<Following of a file in {self._where}, {'ended' if self.ended else 'going on'}>"

    @property
    def ended(self) -> bool:
        """Whether nothing more comes."""
        return self._tail.ended

    def read(self) -> bytes:
        """Return what has come since the last time; b"" when nothing has, or it has ended."""
        return self._tail.read()

    def close(self) -> None:
        """End it, and the command in the container with it; closing twice is allowed."""
        self._tail.close()
