"""Files on their way into and out of a container: tar archives, as the engine wants them."""

import io
import tarfile
import time
from collections.abc import Iterable, Mapping


class Private(str):
    """A file's text that only root may read.

    >>> Private("-----BEGIN PRIVATE KEY-----")
    <private>
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return "<private>"


def packed(files: Mapping[str, bytes | str]) -> bytes:
    """Pack files into a tar archive to be unpacked at a container's root.

    A file that begins with `#!` is made executable. Its time of change keeps fractions of a
    second: Asterisk reloads a file only if that time (or the size) differs from the last one's.

    Args:
        files: content by absolute path; text is encoded as UTF-8.

    >>> unpacked([packed({"/etc/motd": "hello"})])
    {'etc/motd': b'hello'}
    """
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for path, text_or_bytes in files.items():
            content = text_or_bytes.encode() if isinstance(text_or_bytes, str) else text_or_bytes
            entry = tarfile.TarInfo(path.lstrip("/"))
            entry.size = len(content)
            entry.mode = 0o755 if content.startswith(b"#!") else 0o644
            if isinstance(text_or_bytes, Private):
                entry.mode = 0o600
            entry.mtime = time.time()
            tar.addfile(entry, io.BytesIO(content))
    return archive.getvalue()


def unpacked(chunks: Iterable[bytes]) -> dict[str, bytes]:
    """Return the regular files of a tar archive that comes in chunks: content by path."""
    archive = io.BytesIO(b"".join(chunks))
    with tarfile.open(fileobj=archive) as tar:
        return {
            entry.name: content.read()
            for entry in tar
            if entry.isreg() and (content := tar.extractfile(entry)) is not None
        }
