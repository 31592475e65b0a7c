"""Fax without its sound: a gateway at each end, and the bits in packets between them (T.38)."""

import numpy as np

from voiplab.errors import QualityError
from voiplab.modem.modem import Modem
from voiplab.modem.transmission import FRAMES, Transmission, random_frames

_PACKET_S = 0.02


def relay(
    modem: Modem,
    *,
    loss_pct: float = 0.0,
    redundancy: int = 3,
    seed: int = 0,
    frames: int = FRAMES,
) -> Transmission:
    """Send frames over a relay: what the modem would send in 20 ms is a packet.

    Each packet brings the content of some packets before it once more, so that something is lost
    only when they are all lost. Packets are lost independently of each other.

    Source: ITU-T T.38, section 9.1 (UDPTL, its protection by redundancy).

    Args:
        modem: whose speed and frames they are.
        loss_pct: how many packets are lost, in per cent.
        redundancy: how many packets before it each one repeats.
        seed: what chance is drawn from.
        frames: how many frames to send.

    Raises:
        QualityError: when something can't be.

    >>> from voiplab.modem import V27TER
    >>> relay(V27TER, loss_pct=5, redundancy=3).intact_pct
    100.0
    """
    if not 0 <= loss_pct <= 100 or redundancy < 0:  # noqa: PLR2004 - per cent
        raise QualityError(
            f"A relay loses 0 to 100 % and repeats 0 packets or more; not {loss_pct} and "
            f"{redundancy}."
        )
    sent = random_frames(modem, frames, seed=seed)
    in_packet = round(modem.bits_per_s * _PACKET_S)
    packets = -(-len(sent) // in_packet)
    lost = np.random.default_rng(seed).random(packets + redundancy) < loss_pct / 100
    all_lost = np.lib.stride_tricks.sliding_window_view(lost, redundancy + 1).all(axis=1)
    missing = np.repeat(all_lost, in_packet)[: len(sent)]
    return Transmission.of(sent, sent ^ missing, frame_octets=modem.frame_octets)
