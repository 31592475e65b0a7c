"""The files inside a container, on its disk and in its memory.

The engine's own requests for files work whether the container runs or not, and don't see what is
below a tmpfs; commands run inside see all, while it runs.
"""

import re
import secrets
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from voiplab.containers.archive import packed, unpacked
from voiplab.containers.command import Command, Completed
from voiplab.containers.failure import engine_asked
from voiplab.errors import CommandFailed, EngineError

if TYPE_CHECKING:
    from docker import APIClient

TIMEOUT_S = 30.0

TAR_FATAL = 2
"""tar's exit code when it could not read; 1 is for a file that changed meanwhile."""


class Filesystem:
    """Reads and writes files in a container, as root.

    Args:
        api: the connected client.
        container_id: the container.
        where: its name, for messages.
        tmpfs: the folders that it keeps in memory.
    """

    def __init__(
        self, api: "APIClient", container_id: str, *, where: str, tmpfs: Iterable[str]
    ) -> None:
        self._api = api
        self._id = container_id
        self._where = where
        self._tmpfs = tuple(PurePosixPath(folder) for folder in tmpfs)

    def put(self, files: Mapping[str, bytes | str]) -> None:
        """Write files: content by absolute path."""
        if any(self._in_memory(path) for path in files):
            self._put_in_memory(files)
        else:
            self._put_on_disk(files)

    def read(self, path: str) -> bytes:
        """Return a file's content."""
        try:
            return self._get(path)[PurePosixPath(path).name]
        except KeyError:
            raise FileNotFoundError(f"{path} in {self._where} is not a file.") from None

    def read_from(self, path: str, offset: int) -> bytes:
        """Return a file's content from an offset on."""
        tail = self._run("tail", "-c", f"+{offset + 1}", path)
        if tail.exit_code != 0:
            raise FileNotFoundError(f"{self._where} has no {path}: {_said(tail)}")
        return tail.stdout

    def folder(self, path: str) -> dict[str, bytes]:
        """Return a folder's files, deep down: content by path below it."""
        within = PurePosixPath(path).name
        return {
            str(PurePosixPath(file).relative_to(within)): content
            for file, content in self._get(path).items()
            if file != within
        }

    def _in_memory(self, path: str) -> bool:
        return any(PurePosixPath(path).is_relative_to(folder) for folder in self._tmpfs)

    def _run(self, *argv: str) -> Completed:
        return Command(argv, TIMEOUT_S, user="root").run(self._api, self._id, where=self._where)

    def _put_on_disk(self, files: Mapping[str, bytes | str]) -> None:
        with engine_asked(f"write files into {self._where}"):
            self._api.put_archive(self._id, "/", packed(files))

    def _put_in_memory(self, files: Mapping[str, bytes | str]) -> None:
        parcel = f"/.voiplab-{secrets.token_hex(4)}.tar"
        self._put_on_disk({parcel: packed(files)})
        try:
            self._run("tar", "-xf", parcel, "-C", "/").check(self._where)
        except CommandFailed as error:
            if re.search(rb"Wrote only|No space left", error.stderr):
                full = ", ".join(str(folder) for folder in self._tmpfs)
                raise EngineError(
                    f"Could not write files into {self._where}: no space left in {full}."
                ) from error
            raise
        finally:
            self._run("rm", "-f", parcel)

    def _get(self, path: str) -> dict[str, bytes]:
        """Return a file, or a folder's files, by path from the parent folder on."""
        if self._in_memory(path):
            return self._get_from_memory(PurePosixPath(path))
        return self._get_from_disk(path)

    def _get_from_disk(self, path: str) -> dict[str, bytes]:
        from docker.errors import APIError  # noqa: PLC0415  (0.13 s)

        with engine_asked(f"read {path} in {self._where}"):
            try:
                chunks, _ = self._api.get_archive(self._id, path)
                return unpacked(chunks)
            except APIError as error:
                if re.search("could not find the file|not a directory", str(error), re.IGNORECASE):
                    raise FileNotFoundError(f"{self._where} has no {path}.") from error
                raise

    def _get_from_memory(self, path: PurePosixPath) -> dict[str, bytes]:
        tar = self._run("tar", "-C", str(path.parent), "-cf", "-", path.name)
        if tar.exit_code >= TAR_FATAL:
            raise FileNotFoundError(f"{self._where} has no {path}: {_said(tar)}")
        return unpacked([tar.stdout])


def _said(failed: Completed) -> str:
    return failed.stderr.decode(errors="replace").strip()
