"""What crossed a phone's network, as its own capture saw it."""

from voiplab.containers import Container
from voiplab.errors import EvidenceError

FOLDER = "/var/lib/phone/capture"
CAPTURE = f"{FOLDER}/phone.pcap"
_FILE_HEADER_BYTES = 24  # libpcap's file format, draft-ietf-opsawg-pcap, section 4


class Tap:
    """A growing capture inside a phone's container, fetched piece by piece.

    Args:
        container: the phone's.
        name: whose phone it is, for messages.
    """

    def __init__(self, container: Container, name: str) -> None:
        self._container = container
        self._name = name
        self._offset = 0
        self._header = b""
        self._since_mark = bytearray()

    def fetch(self) -> bytes:
        """Return the capture since the last mark, as a file that begins with its header.

        Raises:
            EngineError: when the container can't be read.
        """
        fresh = self._container.read_from(CAPTURE, self._offset)
        self._offset += len(fresh)
        self._since_mark += fresh
        if not self._header and len(self._since_mark) >= _FILE_HEADER_BYTES:
            self._header = bytes(self._since_mark[:_FILE_HEADER_BYTES])
            del self._since_mark[:_FILE_HEADER_BYTES]
        return self._header + bytes(self._since_mark)

    def mark(self) -> None:
        """Forget what was fetched so far: no call needs it any more."""
        if self._header:
            self._since_mark.clear()

    def check(self) -> None:
        """Make sure that the capture is still being written.

        Raises:
            EvidenceError: when it has stopped or found no room, with the reason.
        """
        looked = self._container.exec(["tap-trouble"], check=False)
        reason = looked.stdout.decode(errors="replace").strip()
        if reason:
            raise EvidenceError(
                f"The capture at phone {self._name} is not complete: {reason}. Make room on the "
                "engine's disk (`docker system df`) or give more to Lab(capture_room=…), then "
                "start the lab anew."
            )
