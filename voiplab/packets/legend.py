"""What the colours of a ladder mean, wherever it is drawn.

The hues are told apart with any colour vision (after Okabe and Ito, "Color universal design",
2008), darkened or lightened until text in them has a contrast of at least 4.5 to 1 (WCAG 2.1,
success criterion 1.4.3). No colour stands alone: each arrow is labelled.
"""

from typing import Final, NamedTuple

from voiplab.packets.rung import Arrow, Kind, Rung


class Colour(NamedTuple):
    """A colour on a light ground, and the same on a dark one."""

    light: str
    dark: str


COLOURS: Final[dict[Kind, Colour]] = {
    "request": Colour("#006AA6", "#6CBDEE"),
    "provisional": Colour("#7A6000", "#E3C64B"),
    "success": Colour("#007255", "#45CDA3"),
    "failure": Colour("#B04300", "#FF9A66"),
    "dtmf": Colour("#B01F68", "#FF93C8"),
    "rtcp": Colour("#5B6770", "#B4BCC3"),
}
MEANINGS: Final[dict[Kind, str]] = {
    "request": "request",
    "provisional": "1xx: under way",
    "success": "2xx: granted",
    "failure": "3xx to 6xx: refused",
    "dtmf": "key (DTMF)",
    "rtcp": "RTCP",
}
MEDIA: Final = Colour("#7B4173", "#D9AED3")
MEDIA_GROUND: Final = Colour("#F5ECF4", "#3B2B39")
MEDIA_MEANING: Final = "RTP media"
LIFELINE: Final = Colour("#999999", "#7A7A7A")


def legend(rungs: tuple[Rung, ...]) -> list[tuple[str, Colour]]:
    """Return what the colours in a ladder mean, only those that are there.

    Args:
        rungs: the ladder's.

    >>> legend((Arrow(0.0, 0, 1, "BYE", "request", "BYE sip:a@b SIP/2.0"),))
    [('request', Colour(light='#006AA6', dark='#6CBDEE'))]
    """
    kinds = {rung.kind for rung in rungs if isinstance(rung, Arrow)}
    entries = [(MEANINGS[kind], colour) for kind, colour in COLOURS.items() if kind in kinds]
    if any(not isinstance(rung, Arrow) for rung in rungs):
        entries.append((MEDIA_MEANING, MEDIA))
    return entries
