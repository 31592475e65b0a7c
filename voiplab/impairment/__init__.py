"""Networks that misbehave on order: what they do to packets, drawn from a seed.

All but :mod:`voiplab.impairment.middlebox` is pure, and all of it needs Python's standard library
only: the same files run in the lab and in the sidecar that impairs a phone's network.
"""

from voiplab.impairment.datagram import Datagram
from voiplab.impairment.gilbert_elliott import GilbertElliott
from voiplab.impairment.impairment import Impairment
from voiplab.impairment.luck import Draw, Luck
from voiplab.impairment.path import Fate, Path
from voiplab.impairment.presets import PRESETS, Preset, preset
from voiplab.impairment.settings import Settings, during
from voiplab.impairment.truth import TruthLog, TruthRow, truth_between, truth_frame

__all__ = [
    "PRESETS",
    "Datagram",
    "Draw",
    "Fate",
    "GilbertElliott",
    "Impairment",
    "Luck",
    "Path",
    "Preset",
    "Settings",
    "TruthLog",
    "TruthRow",
    "during",
    "preset",
    "truth_between",
    "truth_frame",
]
