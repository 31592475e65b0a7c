"""What crosses one phone's network, heard as it passes."""

import time
from contextlib import suppress
from dataclasses import dataclass
from math import inf, isnan
from typing import TYPE_CHECKING

from voiplab.errors import CaptureError, VoipLabError
from voiplab.packets.growing import GrowingCapture, Piece
from voiplab.phones.tap import CAPTURE

if TYPE_CHECKING:
    from voiplab.containers import Container
    from voiplab.containers.following import Following
    from voiplab.impairment import Settings
    from voiplab.lab.phone import Phone

_FILE_HEADER_BYTES = 24
_RETRY_S = 5.0
# Who looks for what is new at this interval reads it at most so much later.
_SWITCH_OVER_S = 3.0


@dataclass
class Heard:
    """A piece of what crossed a phone's network.

    Attributes:
        piece: what it holds.
        capture: what it was read from, which numbers its streams.
    """

    piece: Piece
    capture: GrowingCapture


class Ear:
    """Follows the captures at one phone: its own, and the one beside its network's impairment.

    It reads them by itself: what :class:`voiplab.phones.tap.Tap` fetches is not touched.

    Args:
        phone: the phone.
        interval_s: how often its container looks for what is new, in seconds.

    Attributes:
        address: the phone's IP address.
        history: what its network has done since this began, one after the other.
        last_s: when the last packet was seen, in seconds since the epoch; 0 before the first.
        closed: whether it listens no more.
    """

    def __init__(self, phone: "Phone", interval_s: float) -> None:
        self.phone = phone
        self.address = phone.address
        self.history: list[Settings] = []
        self.last_s = 0.0
        self.closed = False
        self._interval_s = interval_s
        self._own = _Source(phone.container, CAPTURE, interval_s, phone.tap.settled_bytes)
        self._beside: _Source | None = None
        self._beside_since_s = inf
        self._held: list[Heard] = []
        self._switch_by = inf

    def __repr__(self) -> str:
        return f"<Ear at phone {self.phone.extension}>"

    def listen(self) -> list[Heard]:
        """Return what has passed since the last time, in its order; never waits for more."""
        self._note_settings()
        self._look_beside()
        heard = self._own.read()
        if self._beside is not None:
            # Nothing of the own capture counts from the moment of the switch on.
            until_s = self._beside_since_s
            heard = [Heard(each.piece.between(-inf, until_s), each.capture) for each in heard]
            self._held += self._beside.read()
            done = self._own.closed or self._own.last_s >= self._beside_since_s
            if done or time.monotonic() > self._switch_by:
                self._own.close()
                heard += self._held
                self._held = []
        for each in heard:
            if not isnan(each.piece.last_s):
                self.last_s = max(self.last_s, each.piece.last_s)
        return heard

    def _note_settings(self) -> None:
        settings = self.phone.network.impairments
        if settings is not None and (not self.history or self.history[-1] != settings):
            self.history.append(settings)

    def _look_beside(self) -> None:
        beside = self.phone.network.capture
        if beside is None:
            return
        container, file, since_s = beside
        if self._beside is not None and self._beside.container.id == container.id:
            return
        if self._beside is not None:
            self._beside.close()
        self._beside = _Source(container, file, self._interval_s)
        self._beside_since_s = since_s
        self._switch_by = time.monotonic() + _SWITCH_OVER_S

    def close(self) -> None:
        """Stop listening; closing twice is allowed."""
        self.closed = True
        self._own.close()
        if self._beside is not None:
            self._beside.close()


class _Source:
    """A capture in a container, followed; taken up again when its container was restarted."""

    def __init__(
        self, container: "Container", file: str, interval_s: float, offset: int = 0
    ) -> None:
        self.container = container
        self.closed = False
        self.last_s = 0.0
        self._file = file
        self._interval_s = interval_s
        self._capture = GrowingCapture()
        self._following: Following | None = None
        self._retry_at = 0.0
        self._again = False
        self._open(offset)

    def _open(self, offset: int) -> None:
        self._capture = GrowingCapture()
        try:
            self._following = self.container.follow(
                self._file,
                head_bytes=_FILE_HEADER_BYTES,
                offset=offset,
                interval_s=self._interval_s,
            )
        except VoipLabError:
            self._following = None
        self._retry_at = time.monotonic() + _RETRY_S

    def read(self) -> list[Heard]:
        if self.closed:
            return []
        if self._following is None or self._following.ended:
            if time.monotonic() >= self._retry_at:
                self._take_up_again()
            return []
        try:
            piece = self._capture.take(self._following.read())
        except CaptureError:
            # The file was begun anew meanwhile.
            self._take_up_again()
            return []
        if isnan(piece.last_s):
            return []
        if self._again:
            piece = piece.between(self.last_s, inf)
            self._again = False
        self.last_s = max(self.last_s, piece.last_s)
        return [Heard(piece, self._capture)]

    def _take_up_again(self) -> None:
        """Read it from its beginning, and pass over what was read before."""
        self._let_go()
        self._again = True
        self._open(0)

    def _let_go(self) -> None:
        if self._following is not None:
            with suppress(OSError):
                self._following.close()

    def close(self) -> None:
        self.closed = True
        self._let_go()
