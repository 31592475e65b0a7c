"""Fax and modem tones over a call: bits as sound, and what a codec and a lossy network leave."""

from voiplab.modem.line import Line
from voiplab.modem.modem import V21, V27TER, Modem
from voiplab.modem.relay import relay
from voiplab.modem.transmission import Transmission, random_frames, receive, transmit

__all__ = [
    "V21",
    "V27TER",
    "Line",
    "Modem",
    "Transmission",
    "random_frames",
    "receive",
    "relay",
    "transmit",
]
