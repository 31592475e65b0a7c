"""What an eavesdropper makes of a call: the proof that nobody can listen, or that anybody can."""

from voiplab.packets.srtp import SrtpKey
from voiplab.secrecy.examination import examine, overhear
from voiplab.secrecy.overheard import Overheard, eavesdrop, keys_in_clear, tag_bytes
from voiplab.secrecy.randomness import Randomness

__all__ = [
    "Overheard",
    "Randomness",
    "SrtpKey",
    "eavesdrop",
    "examine",
    "keys_in_clear",
    "overhear",
    "tag_bytes",
]
