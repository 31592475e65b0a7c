"""Codecs, and what the E-model and a link's planner know about each."""

from dataclasses import dataclass
from typing import Final

from voiplab.quality.framing import Framing


@dataclass(frozen=True)
class EquipmentImpairment:
    """What a codec does to speech, on the scale of one E-model.

    Attributes:
        ie: the equipment impairment factor Ie (narrowband) or Ie,WB (wideband), without loss.
        bpl: the packet-loss robustness factor, or None where no value is published.
        source: where the values are published.
        checked: whether the values were found in a second text beside the one that is named.
    """

    ie: float
    bpl: float | None
    source: str
    checked: bool = True


@dataclass(frozen=True)
class Codec:
    """A speech codec.

    Attributes:
        name: what people call it.
        encodings: what SDP (RFC 3551, RFC 7587) and Asterisk call it, in lower case; for the mode
            of a codec that has several, its name with the mode.
        framing: how it cuts speech into frames, or None where that depends on a mode.
        narrowband: its impairment on the scale of ITU-T G.107, or None.
        concealed: the same with a packet-loss concealment that the codec itself does not bring,
            where that is published.
        wideband: its impairment on the scale of ITU-T G.107.1, heard with one ear, or None.
        both_ears: the same heard with both, where that is published.
        unrated: why it has no impairment at all, in a sentence.
    """

    name: str
    encodings: tuple[str, ...]
    framing: Framing | None = None
    narrowband: EquipmentImpairment | None = None
    concealed: EquipmentImpairment | None = None
    wideband: EquipmentImpairment | None = None
    both_ears: EquipmentImpairment | None = None
    unrated: str | None = None


_IE = "ITU-T G.113 (09/2024), appendix I, table I.1"
_IE_AND_BPL = "ITU-T G.113 (09/2024), appendix I, table I.4"
_ONE_EAR = "ITU-T G.113 (09/2024), appendix IV, table IV.1"
_BOTH_EARS = "ITU-T G.113 (09/2024), appendix IV, tables IV.3 and IV.4"

_G711 = EquipmentImpairment(0, 4.3, f"{_IE_AND_BPL}: G.711, no concealment")
_G711_CONCEALED = EquipmentImpairment(0, 25.1, f"{_IE_AND_BPL}: G.711 with its appendix I")
_G711_FRAMING = Framing(
    frame_ms=0.125, frame_bits=8, look_ahead_ms=0, source="ITU-T G.711; RFC 3551, section 4.5.14"
)
# Two quadrature mirror filters of 24 taps at 16 kHz: together they delay by 23 samples.
_G722_FRAMING = Framing(
    frame_ms=0.125,
    frame_bits=8,
    look_ahead_ms=23 / 16,
    source="ITU-T G.722, sections 3.1 and 4.4 (filters); RFC 3551, section 4.5.2",
)
_OPUS_FRAMING = Framing(
    frame_ms=2.5,
    frame_bits=None,
    look_ahead_ms=6.5,
    source="RFC 6716, section 2.1.4; libopus, OPUS_GET_LOOKAHEAD: 312 samples at 48 kHz",
)

_G726_IE = {40: 2.0, 32: 7.0, 24: 25.0, 16: 50.0}
_AMR_KBPS = (4.75, 5.15, 5.9, 6.7, 7.4, 7.95, 10.2, 12.2)
# By bit rate: Ie,WB with one ear, Ie,WB and Bpl,WB with both. That 23.85 kbit/s is worse than
# 23.05 is no slip: it is so in every table.
_AMR_WB: Final[dict[float, tuple[float, float | None, float | None]]] = {
    6.6: (41, 56, None),
    8.85: (26, 41, None),
    12.65: (13, 20, 4.3),
    14.25: (10, None, None),
    15.85: (7, 17, None),
    18.25: (5, None, None),
    19.85: (3, None, None),
    23.05: (1, 8, 4.6),
    23.85: (8, 10, 4.9),
}
_G722_IE = {64: 13.0, 56: 20.0, 48: 31.0}
_OPUS_SOURCE = (
    "M. Alahmadi, P. Počta and H. Melvin, ACM Transactions on Multimedia Computing 17(4), 133 "
    "(2021), values from the authors' program: estimated by an instrumental model, not by "
    "listeners, and taken to be on the scale of ITU-T G.107.1"
)
_OPUS_WIDEBAND = {"13-vbr": (19.96, 19.50), "15-cbr": (18.06, 18.74)}


def _g726(kbps: int) -> Codec:
    asterisk = ("g726", "aal2-g726-32") if kbps == 32 else ()  # noqa: PLR2004 - the usual rate
    return Codec(
        f"G.726 at {kbps} kbit/s",
        (f"g726-{kbps}", *asterisk),
        Framing(
            frame_ms=0.125,
            frame_bits=kbps // 8,
            look_ahead_ms=0,
            source="ITU-T G.726; RFC 3551, section 4.5.4",
        ),
        EquipmentImpairment(_G726_IE[kbps], None, f"{_IE}; no Bpl is published"),
    )


def _g722(kbps: int) -> Codec:
    # Fewer bits for speech leave the frame as long: the rest may carry data (G.722, section 1.1).
    return Codec(
        "G.722" if kbps == 64 else f"G.722 at {kbps} kbit/s",  # noqa: PLR2004 - the usual rate
        ("g722",) if kbps == 64 else (f"g722-{kbps}",),  # noqa: PLR2004 - as above
        _G722_FRAMING,
        wideband=EquipmentImpairment(
            _G722_IE[kbps], None, f"{_ONE_EAR}; no Bpl,WB was found", checked=False
        ),
    )


def _amr(kbps: float) -> Codec:
    return Codec(
        f"AMR at {kbps:g} kbit/s",
        (f"amr-{kbps:g}",),
        Framing(
            frame_ms=20,
            frame_bits=round(kbps * 20),
            look_ahead_ms=5,
            source="3GPP TS 26.090, section 4.2; RFC 4867, section 4.3: bandwidth-efficient",
            packet_bits=4,
            frame_header_bits=6,
        ),
        unrated=_AMR_UNRATED,
    )


def _amr_wb(kbps: float) -> Codec:
    ie, ie_both, bpl_both = _AMR_WB[kbps]
    return Codec(
        f"AMR-WB at {kbps:g} kbit/s",
        (f"amr-wb-{kbps:g}",),
        Framing(
            frame_ms=20,
            frame_bits=round(kbps * 20),
            look_ahead_ms=5,
            source="3GPP TS 26.190, section 4.2; RFC 4867, section 4.3: bandwidth-efficient",
            packet_bits=4,
            frame_header_bits=6,
        ),
        wideband=EquipmentImpairment(ie, None, f"{_ONE_EAR}; Bpl,WB is published for both ears"),
        both_ears=None if ie_both is None else EquipmentImpairment(ie_both, bpl_both, _BOTH_EARS),
    )


def _ilbc(frame_ms: int, frame_bits: int, name: str) -> Codec:
    return Codec(
        f"iLBC, frames of {frame_ms} ms",
        (name,),
        Framing(
            frame_ms=frame_ms,
            frame_bits=frame_bits,
            look_ahead_ms=5 if frame_ms == 20 else 10,  # noqa: PLR2004 - the shorter frame
            source="RFC 3951, sections 2.1 and 4.6 (its enhancer's delay); RFC 3952, section 3",
        ),
        unrated="No equipment impairment factor of iLBC was found in ITU-T G.113.",
    )


def _opus_wideband(mode: str) -> Codec:
    kbps, kind = mode.split("-")
    ie, bpl = _OPUS_WIDEBAND[mode]
    return Codec(
        f"Opus, wideband, {kbps} kbit/s {kind.upper()}",
        (f"opus-wb-{mode}",),
        _OPUS_FRAMING,
        wideband=EquipmentImpairment(ie, bpl, _OPUS_SOURCE, checked=False),
    )


_AMR_UNRATED = (
    "ITU-T G.113 (09/2024) has no value for AMR; those of GSM EFR, its relative at 12.2 kbit/s, "
    "are another codec's."
)

CODECS: Final = (
    Codec("G.711 µ-law", ("pcmu", "ulaw"), _G711_FRAMING, _G711, _G711_CONCEALED),
    Codec("G.711 A-law", ("pcma", "alaw"), _G711_FRAMING, _G711, _G711_CONCEALED),
    Codec(
        "G.729A",
        ("g729", "g729a"),
        Framing(
            frame_ms=10,
            frame_bits=80,
            look_ahead_ms=5,
            source="ITU-T G.729, section 2.2; RFC 3551, section 4.5.6",
        ),
        EquipmentImpairment(11, 19.0, f"{_IE_AND_BPL}: G.729 annex A with voice detection"),
    ),
    Codec(
        "GSM full rate",
        ("gsm",),
        Framing(frame_ms=20, frame_bits=264, look_ahead_ms=0, source="RFC 3551, section 4.5.8"),
        EquipmentImpairment(20, None, f"{_IE}; no Bpl is published", checked=False),
    ),
    Codec(
        "GSM enhanced full rate",
        ("gsm-efr",),
        Framing(frame_ms=20, frame_bits=248, look_ahead_ms=0, source="RFC 3551, section 4.5.9"),
        EquipmentImpairment(5, 10.0, f"{_IE_AND_BPL}: GSM EFR"),
    ),
    *(_g726(kbps) for kbps in _G726_IE),
    _ilbc(20, 304, "ilbc-20"),
    _ilbc(30, 400, "ilbc"),
    *(_amr(kbps) for kbps in _AMR_KBPS),
    Codec("AMR", ("amr",), unrated=_AMR_UNRATED),
    *(_g722(kbps) for kbps in _G722_IE),
    *(_amr_wb(kbps) for kbps in _AMR_WB),
    Codec(
        "AMR-WB",
        ("amr-wb",),
        unrated="AMR-WB has nine modes, from 6.6 to 23.85 kbit/s, of very different quality, and "
        "its name doesn't say which one a call used: name it, such as amr-wb-12.65.",
    ),
    *(_opus_wideband(mode) for mode in _OPUS_WIDEBAND),
    Codec(
        "Opus",
        ("opus",),
        _OPUS_FRAMING,
        unrated="Opus adapts its bandwidth and bit rate as it goes, and ITU-T G.113 (09/2024) has "
        "no value for it; values for single modes go by the modes' names, such as "
        "opus-wb-15-cbr.",
    ),
)
"""The codecs that the lab's phones and the course's captures use, and their usual neighbours.

G.711 with nothing to conceal losses is the default, because that is what the lab's phones are:
baresip 1.1 has no concealment for G.711 like that of its appendix I; it plays the packet after a
gap twice. For such a receiver no Bpl is published: 4.3, for one that plays silence, is the nearest
on the safe side.

The values of G.113 are provisional planning values, for the design of networks; its appendices
say so. ``iLBC`` without a mode has frames of 30 ms (RFC 3952, section 5).
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
