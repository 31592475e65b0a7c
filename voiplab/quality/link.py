"""What a codec takes of a link: speech, and the headers around it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from voiplab.errors import QualityError
from voiplab.quality.codec import find_codec

if TYPE_CHECKING:
    import pandas as pd

SPEECH = "speech"

_SRTP_TAGS = (0, 32, 80)
_CELL_PAYLOAD_OCTETS = 48
_CELL_HEADER_OCTETS = 5


@dataclass(frozen=True)
class Layer:
    """What one protocol adds to each packet.

    Attributes:
        name: the protocol.
        octets: its octets in a packet: header, trailer and, on Ethernet's wire, the pause.
        source: the document that says so.
    """

    name: str
    octets: int
    source: str


@dataclass(frozen=True)
class Link:
    """What lies below IP.

    Attributes:
        name: what people call it.
        layers: what it adds to an IP packet, from inside out.
        least_octets: the shortest content of its frame; shorter ones are padded.
        cells: whether the frame travels in ATM cells.
    """

    name: str
    layers: tuple[Layer, ...] = ()
    least_octets: int = 0
    cells: bool = False


_PPP = Layer("PPP", 2, "RFC 1661, section 2: the protocol field")
_PPPOE = Layer("PPPoE", 6, "RFC 2516, section 4")
_ETHERNET = Layer("Ethernet", 18, "IEEE 802.3, clause 3: addresses 12, type 2, check sequence 4")
_WIRE = Layer(
    "preamble and gap",
    20,
    "IEEE 802.3, clauses 3 and 4: preamble and start 8, gap between frames 12",
)
_VLAN = Layer("VLAN tag", 4, "IEEE 802.1Q, clause 9")
_AAL5 = Layer("AAL5", 8, "ITU-T I.363.5, the trailer of its CPCS")
_LEAST_ETHERNET_OCTETS = 46  # IEEE 802.3, clause 4: a frame of 64 octets

LINKS: Final[Mapping[str, Link]] = {
    "ip": Link("IP alone"),
    "ethernet": Link("Ethernet", (_ETHERNET,), _LEAST_ETHERNET_OCTETS),
    "ethernet-wire": Link("Ethernet, on the wire", (_ETHERNET, _WIRE), _LEAST_ETHERNET_OCTETS),
    "ppp": Link(
        "PPP on a serial line",
        (Layer("PPP", 7, "RFC 1662, section 3: flag, address, control, protocol 2, FCS 2"),),
    ),
    "pppoe": Link("PPPoE on Ethernet", (_PPP, _PPPOE, _ETHERNET), _LEAST_ETHERNET_OCTETS),
    "adsl-pppoa": Link("ADSL, PPPoA", (_PPP, _AAL5), cells=True),
    "adsl-pppoe": Link(
        "ADSL, PPPoE",
        (
            _PPP,
            _PPPOE,
            Layer("Ethernet", 14, "RFC 2684, section 5.2: bridged, without check sequence"),
            Layer("LLC/SNAP", 10, "RFC 2684, section 5.2: LLC 3, OUI 3, PID 2, pad 2"),
            _AAL5,
        ),
        cells=True,
    ),
}
"""The links that :func:`bandwidth` knows."""


@dataclass(frozen=True)
class Bandwidth:
    """What one direction of a call takes of a link, while somebody speaks.

    Attributes:
        codec: the codec's name.
        ptime_ms: speech in a packet, in ms.
        link: the link's name.
        layers: what each packet is made of, from the speech outwards.
    """

    codec: str
    ptime_ms: float
    link: str
    layers: tuple[Layer, ...]

    @property
    def packets_per_s(self) -> float:
        """Packets per second."""
        return 1000 / self.ptime_ms

    @property
    def octets(self) -> int:
        """Octets of a packet on the link."""
        return sum(layer.octets for layer in self.layers)

    @property
    def kbit_per_s(self) -> float:
        """What the link carries, in kbit/s.

        >>> bandwidth("PCMU", link="ethernet-wire").kbit_per_s
        95.2
        """
        return self._kbit_per_s(self.octets)

    @property
    def overhead(self) -> float:
        """How much of that isn't speech: 0 to 1.

        >>> round(bandwidth("G729", link="ip").overhead, 3)
        0.667
        """
        return 1 - self.layers[0].octets / self.octets

    def kbit_per_s_at(self, layer: str) -> float:
        """Return what the packets take once that protocol's part is added, in kbit/s.

        Args:
            layer: the name of one of `layers`, such as ``"IPv4"``; ``"speech"`` is the codec alone.

        Raises:
            QualityError: when no layer is called so.

        >>> bandwidth("PCMU").kbit_per_s_at("IPv4")
        80.0
        """
        names = [part.name for part in self.layers]
        if layer not in names:
            raise QualityError(f"There is no layer {layer!r} here; there are {', '.join(names)}.")
        inside = self.layers[: names.index(layer) + 1]
        return self._kbit_per_s(sum(part.octets for part in inside))

    def frame(self) -> "pd.DataFrame":
        """Return a row a layer.

        Returns:
            The columns layer, octets, kbit_per_s (of this layer), total_kbit_per_s (with all
            inside it), source.
        """
        import pandas as pd  # noqa: PLC0415 - heavy: loaded when a table is wanted

        rows = [
            (
                layer.name,
                layer.octets,
                self._kbit_per_s(layer.octets),
                self.kbit_per_s_at(layer.name),
                layer.source,
            )
            for layer in self.layers
        ]
        columns = ["layer", "octets", "kbit_per_s", "total_kbit_per_s", "source"]
        return pd.DataFrame(rows, columns=columns)

    def _kbit_per_s(self, octets: int) -> float:
        return octets * 8 / self.ptime_ms

    def _repr_html_(self) -> str:
        return str(self.frame().style.format(precision=1).hide(axis="index").to_html())


def bandwidth(  # noqa: PLR0913 - each is a choice that a network's planner makes
    codec: str,
    *,
    ptime_ms: float = 20,
    link: str = "ethernet",
    srtp_tag_bits: int = 0,
    ipv6: bool = False,
    vlan: bool = False,
    bit_rate_kbps: float | None = None,
) -> Bandwidth:
    """Return what one direction of a call takes of a link.

    Silence is sent like speech, as the lab's phones do; RTCP comes on top, at most a twentieth
    (RFC 3550, section 6.2).

    Args:
        codec: the name that SDP or Asterisk uses, such as ``PCMU``.
        ptime_ms: speech in a packet, in ms.
        link: a key of :data:`LINKS`.
        srtp_tag_bits: length of SRTP's authentication tag, 80 or 32; 0 for plain RTP.
        ipv6: IPv6 in place of IPv4.
        vlan: whether Ethernet frames carry a VLAN tag.
        bit_rate_kbps: for a codec without a bit rate of its own, such as Opus, in kbit/s.

    Raises:
        QualityError: when the codec or the link isn't known, or what was asked can't be.

    >>> call = bandwidth("PCMU")
    >>> call.octets, call.packets_per_s, call.kbit_per_s
    (218, 50.0, 87.2)
    >>> bandwidth("opus", bit_rate_kbps=24, srtp_tag_bits=80, ipv6=True).kbit_per_s
    59.2
    """
    on = _link(link)
    layers = [_speech(codec, ptime_ms, bit_rate_kbps)]
    layers.append(Layer("RTP", 12, "RFC 3550, section 5.1: without contributing sources"))
    if srtp_tag_bits not in _SRTP_TAGS:
        raise QualityError(
            f"SRTP's authentication tags have 80 or 32 bits (RFC 3711, RFC 4568), or 0 for none; "
            f"not {srtp_tag_bits}."
        )
    if srtp_tag_bits:
        layers.append(Layer("SRTP tag", srtp_tag_bits // 8, "RFC 3711, section 3.1; RFC 4568"))
    layers.append(Layer("UDP", 8, "RFC 768"))
    if ipv6:
        layers.append(Layer("IPv6", 40, "RFC 8200, section 3"))
    else:
        layers.append(Layer("IPv4", 20, "RFC 791, section 3.1: without options"))
    layers += _below_ip(on, sum(layer.octets for layer in layers), vlan=vlan)
    found = find_codec(codec)
    return Bandwidth(found.name if found else codec, ptime_ms, on.name, tuple(layers))


def _link(name: str) -> Link:
    if name not in LINKS:
        raise QualityError(f"There is no link {name!r} here; there are {', '.join(LINKS)}.")
    return LINKS[name]


def _speech(encoding: str, ptime_ms: float, bit_rate_kbps: float | None) -> Layer:
    codec = find_codec(encoding)
    if codec is None or codec.framing is None:
        raise QualityError(f"The bit rate of the codec {encoding!r} isn't known here.")
    octets = codec.framing.payload_octets(ptime_ms, bit_rate_kbps)
    return Layer(SPEECH, octets, codec.framing.source)


def _below_ip(link: Link, ip_octets: int, *, vlan: bool) -> list[Layer]:
    layers = list(link.layers)
    names = [layer.name for layer in layers]
    if vlan:
        if _ETHERNET not in layers:
            raise QualityError(f"{link.name} carries no VLAN tag: only Ethernet's frames do.")
        layers.insert(names.index("Ethernet"), _VLAN)
    inside = ip_octets + sum(
        layer.octets for layer in layers if layer not in {_ETHERNET, _WIRE, _VLAN}
    )
    if inside < link.least_octets:
        missing = link.least_octets - inside
        layers.insert(0, Layer("padding", missing, "IEEE 802.3, clause 4: 46 octets at least"))
    if link.cells:
        whole = -(-inside // _CELL_PAYLOAD_OCTETS)
        padding = whole * _CELL_PAYLOAD_OCTETS - inside
        cells = padding + whole * _CELL_HEADER_OCTETS
        layers.append(Layer("ATM", cells, "ITU-T I.361: headers of 5 in 53 octets; and padding"))
    return layers
