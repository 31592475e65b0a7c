"""What each codec costs in quality (ITU-T G.113, appendix I)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Impairment:
    """A codec's place in the E-model.

    Attributes:
        codec: what it is.
        ie: equipment impairment factor at no loss.
        bpl: packet-loss robustness factor, or None where the source gives none.
        source: where the values come from.
    """

    codec: str
    ie: float
    bpl: float | None
    source: str


_IE = "ITU-T G.113 (11/2007), appendix I, table I.1"
_BPL = "ITU-T G.113 (11/2007), appendix I, table I.4"

G711_CONCEALED = Impairment("G.711 with packet loss concealment", 0, 25.1, _BPL)
G711_PLAIN = Impairment("G.711 without packet loss concealment", 0, 4.3, _BPL)

# By the name that SDP gives a codec, in lower case.
IMPAIRMENTS = {
    "g729": Impairment("G.729A with voice activity detection", 11, 19.0, _BPL),
    "g723": Impairment("G.723.1 at 6.3 kbit/s with voice activity detection", 15, 16.1, _BPL),
    "gsm-efr": Impairment("GSM enhanced full rate", 5, 10.0, _BPL),
    "gsm": Impairment("GSM full rate", 20, None, _IE),
    "g728": Impairment("G.728 at 16 kbit/s", 7, None, _IE),
    "g726-32": Impairment("G.726 at 32 kbit/s", 7, None, _IE),
}

_WIDER = {"g722", "opus", "speex", "amr-wb", "evs", "l16", "silk"}


def impairment_of(codec: str | None, *, concealed: bool = True) -> Impairment | str:
    """Return what the narrowband E-model needs to know about a codec.

    Args:
        codec: the name that SDP gives it, in any case; None or "" when it is unknown.
        concealed: for G.711, whether the receiver hides lost packets (G.711, appendix I).

    Returns:
        Its impairment, or a sentence that says why there is none.

    >>> impairment_of("PCMA").bpl, impairment_of("PCMA", concealed=False).bpl
    (25.1, 4.3)
    >>> impairment_of("opus")
    'ITU-T G.113 gives no narrowband impairment factor for opus, a codec of wider band.'
    """
    if not codec:
        return "The codec is unknown: no session description named it."
    name = codec.lower()
    if name in {"pcmu", "pcma"}:
        return G711_CONCEALED if concealed else G711_PLAIN
    if name in IMPAIRMENTS:
        return IMPAIRMENTS[name]
    wider = ", a codec of wider band" if name in _WIDER else ""
    return f"ITU-T G.113 gives no narrowband impairment factor for {codec}{wider}."
