"""A ladder for a page: HTML and SVG that need no script and no address outside.

Each rung is a `details` element, whose summary is the drawing and whose content is the message:
it opens by click or by Enter, also where a notebook is not trusted. JupyterLab then takes out SVG
and style sheets (@jupyterlab/apputils, sanitizer.ts); what is left reads as a list of sentences.
"""

from collections.abc import Sequence
from html import escape

from voiplab.packets.legend import COLOURS, LIFELINE, MEDIA, MEDIA_GROUND, Colour, legend
from voiplab.packets.rung import Actor, Arrow, Band, Flow, Rung, bands_at

_LEAST_LANE_PX, _MOST_LANE_PX = 200, 320  # for each actor
_CHARACTER_PX, _MARGIN_PX = 7, 40
_HINT = "Click an arrow, or press Enter on it, to read the whole message."


def draw_html(actors: Sequence[Actor], rungs: tuple[Rung, ...], *, more: int = 0) -> str:
    """Draw a ladder.

    Args:
        actors: from left to right.
        rungs: from top to bottom.
        more: how many rungs there are that are not drawn: a last line says so.

    Returns:
        One `div` element, with its style sheet in it. It has no id, so that any number of them
        can stand in a page.
    """
    if not rungs:
        return f'<div class="vl-ladder">{STYLE}<p>No message was captured.</p></div>'
    names = ", ".join(actor.name for actor in actors)
    width_px = 90 + _lane_px(rungs) * len(actors)
    drawn = "".join(_rung(actors, rungs, rung) for rung in rungs)
    left_out = f"<p>… and {more} more</p>" if more else ""
    return (
        f'<div class="vl-ladder" role="group" aria-label="{escape(f"Ladder of {names}")}">{STYLE}'
        f'<div class="vl-rungs" style="min-width:{width_px}px">{_heads(actors)}{drawn}</div>'
        f"{left_out}<p>{_legend(rungs)} {_HINT}</p></div>"
    )


def _lane_px(rungs: tuple[Rung, ...]) -> int:
    """Return how wide the space between two lifelines is at least, for the labels there."""
    lines: list[Arrow | Flow] = []
    for rung in rungs:
        lines += [rung] if isinstance(rung, Arrow) else rung.flows
    longest = max((len(each.label) for each in lines if abs(each.src - each.dst) <= 1), default=0)
    return min(max(_CHARACTER_PX * longest + _MARGIN_PX, _LEAST_LANE_PX), _MOST_LANE_PX)


def _heads(actors: Sequence[Actor]) -> str:
    heads = '<span class="vl-plain">, </span>'.join(
        f'<b style="left:{_x(number, actors):.3f}%" title="{escape(actor.address)}">'
        f"{escape(actor.name)}</b>"
        for number, actor in enumerate(actors)
    )
    return (
        '<div class="vl-row vl-heads"><span class="vl-time"></span>'
        f'<span class="vl-lane"><span class="vl-plain">Hosts: </span>{heads}</span></div>'
    )


def _rung(actors: Sequence[Actor], rungs: tuple[Rung, ...], rung: Rung) -> str:
    ground = "".join(_ground(actors, band) for band in bands_at(rungs, rung.time_s))
    if isinstance(rung, Arrow):
        again = " vl-again" if rung.retransmitted else ""
        return _row(
            actors, ground, rung, f"vl-{rung.kind}{again}", f"{rung.time_s:.3f} s", rung.text
        )
    until = f"{rung.time_s:.3f} s to {rung.end_s:.3f} s"
    times = [f"{rung.time_s:.3f} s", *[""] * len(rung.flows)]
    return "".join(
        _row(actors, ground, flow, "vl-media", time, f"{flow.text}\n{until}".strip())
        for time, flow in zip(times, rung.flows, strict=False)
    )


def _row(  # noqa: PLR0913, PLR0917 - what is drawn, and on what
    actors: Sequence[Actor], ground: str, line: Arrow | Flow, kind: str, time: str, text: str
) -> str:
    who = f"{actors[line.src].name} → {actors[line.dst].name}"
    hover = f"{time} {who}: {text.partition(chr(10))[0] or line.label}".strip()
    src, dst = _x(line.src, actors), _x(line.dst, actors)
    lifelines = "".join(_lifeline(_x(number, actors)) for number in range(len(actors)))
    label = f'<span class="vl-label" style="{_place(src, dst)}">{escape(line.label)}</span>'
    return (
        f'<details class="{kind}"><summary class="vl-row" title="{escape(hover)}">'
        f'<span class="vl-time">{time}</span> <span class="vl-lane">'
        f'<svg aria-hidden="true" focusable="false">{ground}{lifelines}{_arrow(src, dst)}</svg>'
        f'<span class="vl-plain">{escape(who)}: </span>{label}</span></summary>'
        f"<pre>{escape(text.rstrip())}</pre></details>"
    )


def _x(number: int, actors: Sequence[Actor]) -> float:
    """Return where an actor's lifeline stands, in per cent of the lane."""
    return 100 * (number + 0.5) / len(actors)


def _place(src: float, dst: float) -> str:
    if src == dst:
        return f"left:{src:.3f}%;padding-left:18px;text-align:left"
    left, width = min(src, dst), abs(src - dst)
    return f"left:{left:.3f}%;width:{width:.3f}%"


def _lifeline(x: float) -> str:
    return f'<line class="vl-life" x1="{x:.3f}%" x2="{x:.3f}%" y1="0" y2="100%"/>'


def _ground(actors: Sequence[Actor], band: Band) -> str:
    left, right = (_x(number, actors) for number in band.actors)
    if left == right:
        return ""
    return (
        f'<rect class="vl-ground" x="{left:.3f}%" width="{right - left:.3f}%" y="0" height="100%"/>'
    )


def _arrow(src: float, dst: float) -> str:
    if src == dst:
        return (
            f'<svg x="{src:.3f}%" y="12" overflow="visible">'
            '<path class="vl-line" fill="none" d="M0 0h10v10h-4"/>'
            '<path class="vl-head" d="M0 10l8 -4v8z"/></svg>'
        )
    head = "M0 0l-10 -5v10z" if dst > src else "M0 0l10 -5v10z"
    return (
        f'<line class="vl-line" x1="{src:.3f}%" x2="{dst:.3f}%" y1="24" y2="24"/>'
        f'<svg x="{dst:.3f}%" y="24" overflow="visible"><path class="vl-head" d="{head}"/></svg>'
    )


def _legend(rungs: tuple[Rung, ...]) -> str:
    by_colour = {colour: f"vl-{kind}" for kind, colour in COLOURS.items()} | {MEDIA: "vl-media"}
    return (
        " · ".join(
            f'<span class="vl-key {by_colour[colour]}">→ {escape(meaning)}</span>'
            for meaning, colour in legend(rungs)
        )
        + "."
    )


def _style() -> str:
    colours: dict[str, Colour] = {f"vl-{kind}": colour for kind, colour in COLOURS.items()}
    colours |= {"vl-media": MEDIA, "vl-ground": MEDIA_GROUND, "vl-life": LIFELINE}
    light = "".join(f"--{name}:{colour.light};" for name, colour in colours.items())
    dark = "".join(f"--{name}:{colour.dark};" for name, colour in colours.items())
    kinds = "".join(
        f".vl-ladder .{name}{{--vl-colour:var(--{name})}}"
        for name in (*(f"vl-{kind}" for kind in COLOURS), "vl-media")
    )
    # JupyterLab says at the body whether its theme is a light one; a page follows the system.
    return (
        f"<style>.vl-ladder{{{light}{_LIGHT}}}"
        f"@media screen and (prefers-color-scheme:dark){{body:not([data-jp-theme-light])"
        f" .vl-ladder{{{dark}{_DARK}}}}}"
        f"body[data-jp-theme-light=false] .vl-ladder{{{dark}{_DARK}}}{kinds}{_LAYOUT}</style>"
    )


_LIGHT = "--vl-paper:#fff;--vl-text:#222;--vl-soft:#595959;--vl-raised:#f4f4f4"
_DARK = "--vl-paper:#181818;--vl-text:#eee;--vl-soft:#b5b5b5;--vl-raised:#2b2b2b"
_LAYOUT = (
    ".vl-ladder{background:var(--vl-paper);color:var(--vl-text);"
    "font:13px/1.4 system-ui,sans-serif;overflow-x:auto}"
    ".vl-ladder>p{color:var(--vl-soft);margin:6px 0 6px 90px}"
    ".vl-ladder .vl-row{display:flex;list-style:none;height:34px;margin:0}"
    ".vl-ladder .vl-heads{height:30px}"
    ".vl-ladder summary{cursor:pointer}"
    ".vl-ladder summary::-webkit-details-marker{display:none}"
    ".vl-ladder summary:hover,.vl-ladder details[open]>summary{background:var(--vl-raised)}"
    ".vl-ladder summary:focus-visible{outline:2px solid var(--vl-request);outline-offset:-2px}"
    ".vl-ladder .vl-time{flex:0 0 78px;padding:14px 12px 0 0;text-align:right;"
    "color:var(--vl-soft);font-size:12px;font-variant-numeric:tabular-nums}"
    ".vl-ladder .vl-lane{flex:1;position:relative}"
    ".vl-ladder .vl-lane>svg{position:absolute;inset:0;width:100%;height:100%;overflow:visible}"
    ".vl-ladder .vl-heads b{position:absolute;top:4px;transform:translateX(-50%);"
    "white-space:nowrap;border:1px solid var(--vl-life);border-radius:5px;padding:1px 9px;"
    "background:var(--vl-raised)}"
    ".vl-ladder .vl-label{position:absolute;top:3px;box-sizing:border-box;padding:0 14px;"
    "text-align:center;white-space:nowrap;overflow:hidden;text-overflow:ellipsis;"
    "color:var(--vl-colour)}"
    ".vl-ladder .vl-key{color:var(--vl-colour);white-space:nowrap}"
    ".vl-ladder .vl-life{stroke:var(--vl-life)}"
    ".vl-ladder .vl-ground{fill:var(--vl-ground)}"
    ".vl-ladder .vl-line{stroke:var(--vl-colour);stroke-width:1.6}"
    ".vl-ladder .vl-media .vl-line{stroke-width:3}"
    ".vl-ladder .vl-again .vl-line{stroke-dasharray:5 4}"
    ".vl-ladder .vl-head{fill:var(--vl-colour)}"
    ".vl-ladder .vl-rungs details pre{margin:0 0 8px 90px;padding:8px 12px;"
    "border-left:3px solid var(--vl-colour);"
    "background:var(--vl-raised);color:var(--vl-text);white-space:pre-wrap;"
    "overflow-wrap:anywhere;font:12px/1.45 ui-monospace,monospace}"
    ".vl-ladder .vl-plain{position:absolute;width:1px;height:1px;overflow:hidden;"
    "clip-path:inset(50%);white-space:nowrap}"
)
STYLE = _style()
"""The style sheet, which stands in each ladder."""
