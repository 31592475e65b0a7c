"""Codecs, and what the E-model knows about each."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class EquipmentImpairment:
    """What a codec does to narrowband speech, on the E-model's scale.

    Attributes:
        ie: the equipment impairment factor Ie, without packet loss.
        bpl: the packet-loss robustness factor Bpl, or None where no value is published.
        source: where the values are published.
    """

    ie: float
    bpl: float | None
    source: str


@dataclass(frozen=True)
class Codec:
    """A speech codec.

    Attributes:
        name: what people call it.
        encodings: what SDP (RFC 3551, RFC 7587) and Asterisk call it, in lower case.
        narrowband: its impairment, or None where the narrowband E-model has no value for it.
        concealed: its impairment with a packet-loss concealment that the codec itself does not
            bring, where that is published.
        unrated: why `narrowband` is None, in a sentence.
    """

    name: str
    encodings: tuple[str, ...]
    narrowband: EquipmentImpairment | None = None
    concealed: EquipmentImpairment | None = None
    unrated: str | None = None


_LOSS_TABLE = "ITU-T G.113 (11/2007), appendix I, table of Ie and Bpl"
_IE_TABLE = "ITU-T G.113 (11/2007), appendix I, table of Ie; no Bpl is published"
_G711 = EquipmentImpairment(0, 4.3, f"{_LOSS_TABLE}: G.711 without concealment")
_G711_CONCEALED = EquipmentImpairment(0, 25.1, f"{_LOSS_TABLE}: G.711 with its appendix I")

CODECS: Final = (
    Codec("G.711 µ-law", ("pcmu", "ulaw"), _G711, _G711_CONCEALED),
    Codec("G.711 A-law", ("pcma", "alaw"), _G711, _G711_CONCEALED),
    Codec(
        "G.729A",
        ("g729", "g729a"),
        EquipmentImpairment(11, 19.0, f"{_LOSS_TABLE}: G.729 annex A with voice detection"),
    ),
    Codec("GSM full rate", ("gsm",), EquipmentImpairment(20, None, _IE_TABLE)),
    Codec(
        "G.726 at 32 kbit/s",
        ("g726-32", "g726", "aal2-g726-32"),
        EquipmentImpairment(7, None, _IE_TABLE),
    ),
    Codec(
        "G.722",
        ("g722",),
        unrated="G.722 carries wideband speech (50 to 7000 Hz); the narrowband E-model "
        "(ITU-T G.107) has no value for it, and the wideband one (ITU-T G.107.1) another scale.",
    ),
    Codec(
        "Opus",
        ("opus",),
        unrated="Opus adapts its bandwidth and bit rate as it goes; ITU-T G.113 gives the "
        "narrowband E-model (ITU-T G.107) no value for it.",
    ),
)
"""The codecs that the lab's phones and the course's captures use.

G.711 with nothing to conceal losses is the default, because that is what the lab's phones are:
baresip 1.1 has no concealment for G.711, and its Bpl of 4.3 says how badly that hears losses.
"""


def find_codec(encoding: str) -> Codec | None:
    """Return the codec of that name, or None when this table has none.

    Args:
        encoding: the name that SDP or Asterisk uses, in any case.

    >>> find_codec("PCMA").name
    'G.711 A-law'
    """
    wanted = encoding.lower()
    return next((codec for codec in CODECS if wanted in codec.encodings), None)
