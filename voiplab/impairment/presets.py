"""Networks that people really have: impairments with their sources."""

from dataclasses import dataclass

from voiplab.errors import ImpairmentError
from voiplab.impairment.gilbert_elliott import GilbertElliott
from voiplab.impairment.impairment import Impairment


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A network with a name.

    Attributes:
        name: what to call it.
        stands_for: what it stands for, in a sentence.
        sources: where each of its values comes from.
        incoming: what happens to what the phone receives.
        outgoing: what happens to what it sends.
    """

    name: str
    stands_for: str
    sources: str
    incoming: Impairment
    outgoing: Impairment


_LAN = Impairment(delay_ms=0.25, jitter_ms=0.06)
_4G = Impairment(loss_pct=0.7, delay_ms=26.5, jitter_ms=10, distribution="uniform")
_WIFI = Impairment(
    bursts=GilbertElliott.of(loss_pct=2, mean_burst=3),
    delay_ms=21,
    jitter_ms=36,
    distribution="pareto",
)
_SATELLITE = Impairment(delay_ms=260)

PRESETS: tuple[Preset, ...] = (
    Preset(
        name="office-lan",
        stands_for="A wired office: three switches of 100 Mbit/s between phone and exchange.",
        sources=(
            "Delay and jitter follow from IEEE 802.3: a frame of 214 bytes is sent four times "
            "(0.07 ms) and waits at each switch for what is left of a frame of 1,514 bytes "
            "(uniform up to 0.121 ms each: together 0.18 ms, deviation 0.06 ms). No loss: "
            "what is damaged on copper or dropped by a switch is a defect there."
        ),
        incoming=_LAN,
        outgoing=_LAN,
    ),
    Preset(
        name="adsl",
        stands_for="A home on ADSL, while someone else there sends and receives files.",
        sources=(
            "Rates: the least that ITU-T G.992.1 (1999) requires: 6,144 kbit/s down, 640 "
            "kbit/s up. Delay: half of the mean round trip of 44 ms over DSL at peak hours "
            "(FCC, Measuring Broadband America, 2011). Jitter follows from the rates: speech "
            "waits for what is left of a frame of 1,514 bytes: uniform up to 18.9 ms up and "
            "1.97 ms down. Loss: 0.4 %, where the best class of the FCC's Ninth Measuring "
            "Broadband America Fixed Broadband Report (2019) ends."
        ),
        incoming=Impairment(
            loss_pct=0.4, delay_ms=22, jitter_ms=0.57, distribution="uniform", rate_kbit_s=6144
        ),
        outgoing=Impairment(
            loss_pct=0.4, delay_ms=22, jitter_ms=5.5, distribution="uniform", rate_kbit_s=640
        ),
    ),
    Preset(
        name="4g",
        stands_for="A mobile phone on LTE that stands still and has good reception.",
        sources=(
            "Delay: half of the mean round trip of 53.1 ms that Ofcom measured over 4G in "
            "five British cities, late in 2014. Jitter: of two packets in a discontinuous- "
            "reception cycle of 40 ms, one waits 20 ms longer (the cycle of test condition 2 "
            "in 3GPP TS 26.131): a deviation of 10 ms. Loss: 0.7 % for each wireless link, by "
            "which 3GPP TS 26.114, annex E, plans for speech; at most 1 % is allowed (QCI 1 "
            "in 3GPP TS 23.203, table 6.1.7)."
        ),
        incoming=_4G,
        outgoing=_4G,
    ),
    Preset(
        name="congested-wifi",
        stands_for="A Wi-Fi network with more stations and more traffic than it can bear.",
        sources=(
            "Delay and jitter: a Pareto distribution with a median of 11 ms and a ninth "
            "decile of 48 ms, near the halves of the round trips over the Wi-Fi hop, 20 ms "
            "and 100 ms, that half and a tenth of the packets exceeded in Pei et al., “WiFi "
            "Can Be the Weakest Link of Round Trip Network Latency in the Wild” (INFOCOM "
            "2016). Losses come in bursts, as da Conceição et al. found (“Is IEEE 802.11 "
            "Ready for VoIP?”, 2006); how many and how long, 2 % in bursts of 3, is chosen "
            "for this lab."
        ),
        incoming=_WIFI,
        outgoing=_WIFI,
    ),
    Preset(
        name="geostationary-satellite",
        stands_for="A place that is reached over a geostationary satellite only.",
        sources=(
            "Delay: 260 ms, the planning value of ITU-T G.114 (2003), annex A, for 36,000 km; "
            "up and down again, 2 × 35,786 km at 299,792 km/s, takes 239 ms of it. Neither "
            "jitter nor loss: what stands out here is the delay."
        ),
        incoming=_SATELLITE,
        outgoing=_SATELLITE,
    ),
)
"""Networks in the order of their harm to a conversation."""


def preset(name: str) -> Preset:
    """Return the preset with a name.

    Raises:
        ImpairmentError: when there is none.

    >>> preset("geostationary-satellite").incoming
    Impairment(delay_ms=260.0)
    """
    for each in PRESETS:
        if each.name == name:
            return each
    names = ", ".join(each.name for each in PRESETS)
    raise ImpairmentError(f"No preset is called {name!r}: there are {names}.")
