"""A capture, analysed: its calls, their ladders, and how good each stream is."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from voiplab.analysis.dialling import Dialling, diallings
from voiplab.analysis.figures import known
from voiplab.analysis.reception import Reception, receptions
from voiplab.analysis.stream import StreamReport
from voiplab.packets import Capture, Dialog, Ladder
from voiplab.packets.printable import printable
from voiplab.quality import PHONE_DELAY_MS

ASSUMED_DELAY_MS: Final = PHONE_DELAY_MS
"""What two IP telephones take by themselves, from mouth to ear, on a network without delay.

A packet is filled for 20 ms (RFC 3551, section 4.2), the jitter buffer holds two packets and the
sound output one. A capture at one point can't tell the delay, so that R has to assume it.
"""


@dataclass(frozen=True)
class Report:
    """What a capture tells, for people and for programs.

    Each part is computed when it is first asked for.

    Attributes:
        capture: the capture, or several of one clock.
        delay_ms: from mouth to ear, as assumed for the rating.

    >>> from voiplab.packets import pcap_bytes
    >>> Report(Capture.open(pcap_bytes([]))).as_dict()
    {'truncated': False, 'calls': [], 'streams': []}
    """

    capture: Capture
    delay_ms: float = ASSUMED_DELAY_MS

    @property
    def problems(self) -> tuple[str, ...]:
        """A sentence for each capture that is truncated."""
        return self.capture.problems

    @property
    def calls(self) -> tuple[Dialog, ...]:
        """The calls, in the order of their INVITEs."""
        return self.capture.calls

    @cached_property
    def streams(self) -> tuple[StreamReport, ...]:
        """The RTP streams, in the order of `Capture.streams`."""
        rows = (row for _, row in self.capture.streams.iterrows())
        return tuple(
            StreamReport.of(row, delay_ms=self.delay_ms, encrypted=stream.encrypted)
            for row, stream in zip(rows, self.capture.media, strict=True)
        )

    @cached_property
    def receptions(self) -> tuple[Reception, ...]:
        """What receivers reported by RTCP."""
        return receptions(self.capture.rtcp)

    @cached_property
    def diallings(self) -> tuple[Dialling, ...]:
        """What was keyed in."""
        return diallings(self.capture.keys)

    @cached_property
    def call_ids(self) -> tuple[str, ...]:
        """The Call-IDs of the calls; two calls may share one."""
        return tuple(dict.fromkeys(call.call_id for call in self.calls))

    def ladders(self, most: int) -> dict[str, Ladder]:
        """Return the ladders of the first calls by their Call-IDs.

        Where there is no call, the ladder of all that was seen stands under "".

        Args:
            most: how many calls, by Call-ID.
        """
        if self.call_ids:
            return {each: Ladder.of(self.capture.call(each)) for each in self.call_ids[:most]}
        whole = Ladder.of(self.capture)
        return {"": whole} if whole.rungs else {}

    def html(self) -> str:
        """Return the report as one page: tables, ladders, figures and sounds, all within it."""
        from voiplab.analysis.page import page  # noqa: PLC0415 - loads jinja2

        return page(self)

    def as_dict(self) -> dict[str, Any]:
        """Return the report in figures, with keys that stay; what is unknown is None.

        Returns:
            ``{"truncated", "calls": [{"call_id", "from", "to", "status", "pdd_ms",
            "duration_s"}], "streams": [{"src", "dst", "ssrc", "codec", "packets", "lost",
            "jitter_ms_mean", "jitter_ms_max", "r", "mos"}]}``; duration_s is from the answer to
            the BYE.
        """
        return {
            "truncated": self.capture.truncated,
            "calls": [_figures(call) for call in self.calls],
            "streams": [stream.as_dict() for stream in self.streams],
        }


def _figures(call: Dialog) -> dict[str, Any]:
    return {
        "call_id": printable(call.call_id),
        "from": printable(call.caller),
        "to": printable(call.callee),
        "status": call.status,
        "pdd_ms": known(call.pdd_ms),
        "duration_s": known(call.talk_s),
    }
