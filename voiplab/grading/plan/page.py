"""The report of a test plan as one page that needs nothing but itself."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from voiplab.analysis.picture import Picture, Player, picture_of, player_of_samples
from voiplab.errors import EvidenceError
from voiplab.evidence import Evidence
from voiplab.grading.plan.case import Case, Outcome, Shown
from voiplab.packets.printable import printable
from voiplab.secrecy import overhear

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from voiplab.grading.plan.plan import TestPlan

_STREAMS_AT_A_PHONE = 2
_EFFECTIVE = 0.05  # of full scale: speech at its usual level

_MARKS = {Outcome.PASSED: "✓", Outcome.FAILED: "✗", Outcome.NOT_RUN: "–"}


@dataclass(frozen=True, slots=True)
class Part:
    """What is shown of one call.

    Attributes:
        title: which call.
        folder: where its evidence lies.
        text: what is to be known before; "" for nothing.
        ladder: its SIP messages, as HTML; "" where nothing holds any.
        hidden: whether TLS hid them on the network.
        pictures: its figures.
        sounds: what was said and heard, to listen to.
    """

    title: str
    folder: str
    text: str = ""
    ladder: str = ""
    hidden: bool = False
    pictures: tuple[Picture, ...] = ()
    sounds: tuple[Player, ...] = ()


def page(plan: "TestPlan") -> str:
    """Return the report as an HTML page: tables, figures, ladders and sounds, all within it.

    Args:
        plan: the test plan.

    Raises:
        EvidenceError: when the evidence of a call can't be read.
    """
    environment = Environment(
        loader=PackageLoader("voiplab.grading.plan"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
        finalize=lambda value: printable(value) if type(value) is str else value,
    )  # fmt: skip
    environment.filters["mark"] = _MARKS.__getitem__
    environment.filters["slug"] = lambda outcome: outcome.value.replace(" ", "-")
    return environment.get_template("plan.html.j2").render(
        plan=plan,
        date=f"{plan.started.day} {plan.started:%B %Y, %H:%M} UTC",
        counts=_counts(plan),
        parts={case.key: list(_parts(case)) for case in plan.cases},
        restarts={case.key: list(_restarts(case)) for case in plan.cases},
    )


def _counts(plan: "TestPlan") -> list[tuple[Outcome, int]]:
    numbers = [(each, sum(case.outcome is each for case in plan.cases)) for each in Outcome]
    return [(outcome, number) for outcome, number in numbers if number]


def _restarts(case: Case) -> Iterator[Picture]:
    from voiplab.grading.plan.figure import (  # noqa: PLC0415 - loads matplotlib
        last_moment_s,
        plot_restart,
    )

    until_s = last_moment_s(*case.restarts)
    for restart in case.restarts:
        yield picture_of(plot_restart(restart, until_s=until_s))


def _parts(case: Case) -> Iterator[Part]:
    for exhibit in case.exhibits:
        evidence = Evidence.open(exhibit.folder)
        ladder = evidence.ladder()
        shown = Part(
            title=exhibit.title,
            folder=str(exhibit.folder),
            ladder=ladder.html() if ladder.rungs else "",
            hidden=evidence.record.signalling is not None,
        )
        if exhibit.shown is Shown.CALL:
            shown = _call(shown, evidence)
        if exhibit.shown is Shown.EAVESDROPPER:
            shown = _eavesdropper(shown, evidence)
        yield shown


def _call(part: Part, evidence: Evidence) -> Part:
    from voiplab.plots import plot_jitter, plot_mos, plot_waveform  # noqa: PLC0415 - matplotlib

    pictures = []
    if any(direction.r is not None for direction in evidence.directions):
        pictures.append(picture_of(plot_mos(evidence.quality.ratings())))
    sounds, players = {}, list[Player]()
    for direction in evidence.directions:
        for who, kind in ((direction.sender, "said"), (direction.receiver, "heard")):
            with suppress(EvidenceError):  # who said nothing has no recording
                label = f"{who} {kind}"
                sounds[label] = evidence.samples(who, kind)
                players.append(player_of_samples(*sounds[label], label))
    if sounds:
        pictures.append(picture_of(plot_waveform(sounds)))
    lines = {label: line for label, line in evidence.timelines().items() if len(line)}
    if lines:
        pictures.append(picture_of(plot_jitter(lines)))
    return replace(part, pictures=tuple(pictures), sounds=tuple(players))


def _eavesdropper(part: Part, evidence: Evidence) -> Part:
    """Show what was said, and what somebody who has all packets makes of it."""
    from voiplab.plots import plot_waveform  # noqa: PLC0415 - matplotlib

    sounds, players = {}, list[Player]()
    # At one of the two phones: at the other, the same is heard.
    for each in overhear(evidence)[:_STREAMS_AT_A_PHONE]:
        if each.said is None:
            continue
        number = len(players) + 1
        spoken, listened = f"said ({number})", f"overheard ({number})"
        quiet = quietly(each.samples)
        sounds[spoken], sounds[listened] = each.said, (quiet, each.rate_hz)
        players.append(player_of_samples(quiet, each.rate_hz, listened, f"{each.verdict}."))
    if not sounds:
        return part
    return replace(
        part,
        text="What was said, and what an eavesdropper who has all packets and knows the codec "
        "makes of it, at most as loud as speech.",
        pictures=(picture_of(plot_waveform(sounds)),),
        sounds=tuple(players),
    )


def quietly(samples: "npt.NDArray[np.floating]") -> "npt.NDArray[np.floating]":
    """Return a sound at most as loud as speech: what was encrypted is loud noise.

    >>> import numpy as np
    >>> noise = np.ones(8000)
    >>> float(np.abs(quietly(noise)).max())
    0.05
    """
    import numpy as np  # noqa: PLC0415 - heavy: loaded when sound is wanted

    effective = float(np.sqrt(np.mean(np.square(samples)))) if len(samples) else 0.0
    return samples * min(1.0, _EFFECTIVE / effective) if effective else samples
