"""The report as one page that needs nothing but itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from voiplab.analysis.figures import known
from voiplab.analysis.picture import Picture, Player, picture_of, player_of
from voiplab.packets import Dialog, Ladder
from voiplab.packets.packet import host
from voiplab.packets.printable import printable

if TYPE_CHECKING:
    from voiplab.analysis.report import Report
    from voiplab.analysis.stream import StreamReport

PARTS: Final = 5
"""How many calls are shown with their ladder, figures and sound."""

_ROWS = 200
_STREAMS_IN_A_FIGURE = 4
_PACKETS_IN_A_FIGURE = 200_000


@dataclass(frozen=True, slots=True)
class Part:
    """One call, or what belongs to none.

    Attributes:
        title: who with whom.
        facts: names and values.
        ladder: the drawing, as HTML.
        pictures: the figures.
        sounds: its streams, to listen to.
    """

    title: str
    facts: tuple[tuple[str, str], ...]
    ladder: str
    pictures: tuple[Picture, ...]
    sounds: tuple[Player, ...]


def page(report: "Report") -> str:
    """Return a report as an HTML page: tables, ladders, figures and sounds, all within it.

    Args:
        report: the report.
    """
    environment = Environment(
        loader=PackageLoader("voiplab.analysis"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
        finalize=lambda value: printable(value) if type(value) is str else value,
    )  # fmt: skip
    environment.filters["figure"] = _figure
    environment.filters["file_name"] = lambda name: Path(name).name
    names = ", ".join(Path(reader.name).name for reader in report.capture.readers)
    parts = _parts(report)
    left_out = len(report.call_ids) - PARTS
    return environment.get_template("page.html.j2").render(
        report=report,
        title=f"What {names} tells" if names else "What the capture tells",
        summary=_summary(report),
        parts=parts,
        rows=_ROWS,
        several=len(report.capture.readers) > 1,
        unrated=tuple(dict.fromkeys(s.rating.reason for s in report.streams if s.rating.reason)),
        left_out=f"The ladders, figures and sounds of {_count(left_out, 'more call')} are left out."
        if left_out > 0
        else "",
    )


def _summary(report: "Report") -> str:
    calls = _count(len(report.calls), "call").capitalize()
    return f"{calls}, {_count(len(report.streams), 'RTP stream')}."


def _count(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"


def _parts(report: "Report") -> list[Part]:
    ladders = report.ladders(PARTS)
    return [_part(report, call_id, ladder) for call_id, ladder in ladders.items()]


def _part(report: "Report", call_id: str, ladder: Ladder) -> Part:
    calls = [call for call in report.calls if call.call_id == call_id]
    numbers = [
        number
        for number, stream in enumerate(report.streams)
        if (stream.call_id == call_id or not report.calls) and stream.is_speech
    ][:_STREAMS_IN_A_FIGURE]
    since_s = next((c.answered_s for c in calls if c.answered_s is not None), None)
    return Part(
        title=" and ".join(f"{c.caller} → {c.callee}" for c in calls) or "All that was seen",
        facts=tuple(fact for call in calls for fact in _facts(call)),
        ladder=ladder.html(),
        pictures=tuple(_pictures(report, numbers, since_s)),
        sounds=tuple(
            player_of(report.capture, number, report.streams[number].label) for number in numbers
        ),
    )


def _facts(call: Dialog) -> list[tuple[str, str]]:
    return [
        ("status", f"{call.status} {call.reason}" if call.status else "no final answer"),
        ("post-dial delay", _figure(call.pdd_ms, 0, " ms")),
        ("talk", _figure(call.talk_s, 1, " s")),
        ("hung up by", call.hung_up_by or "–"),
        ("Call-ID", call.call_id),
    ]


def _pictures(report: "Report", numbers: Sequence[int], since_s: float | None) -> list[Picture]:
    from voiplab.plots import plot_jitter, plot_mos  # noqa: PLC0415 - loads matplotlib

    if not numbers:
        return []
    capture = report.capture
    labels = _labels([report.streams[number] for number in numbers])
    ratings = {
        label.replace(" → ", "\n→ "): report.streams[number].rating
        for label, number in zip(labels, numbers, strict=True)
    }
    pictures = []
    if any(rating.r is not None for rating in ratings.values()):
        pictures.append(picture_of(plot_mos(ratings)))
    lines = {}
    for label, number in zip(labels, numbers, strict=True):
        if report.streams[number].packets <= _PACKETS_IN_A_FIGURE:
            line = capture.arrivals(number)
            line["time_s"] -= 0.0 if since_s is None else since_s - capture.start_s
            lines[label] = line
    if lines:
        axes = plot_jitter(lines)
        if since_s is None:
            axes.set_xlabel("time since the capture's first frame (s)")
        pictures.append(picture_of(axes))
    return pictures


def _labels(streams: "Sequence[StreamReport]") -> list[str]:
    """Return a label a stream: its hosts, and where those don't tell it apart its number too."""
    labels: list[str] = []
    for stream in streams:
        label = f"{host(stream.src)} → {host(stream.dst)}"
        again = sum(each.partition(" #")[0] == label for each in labels)
        labels.append(f"{label} #{again + 1}" if again else label)
    return labels


def _figure(value: object, digits: int, unit: str = "") -> str:
    """Write a figure for people, a dash for what is unknown."""
    number = known(value, digits=digits)
    return "–" if number is None else f"{number:.{digits}f}{unit}"
