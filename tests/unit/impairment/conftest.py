"""Packets for paths, made by hand."""

import pytest

from voiplab.impairment import Datagram, Impairment, Path

PACKET_S = 0.02  # 50 packets a second (RFC 3551, section 4.2)


def rtp(number, *, ssrc=1, length_bytes=214):
    """The n-th packet of a stream of G.711: 160 bytes of speech in an Ethernet frame of 214."""
    return Datagram("10.0.0.1:4000", "10.0.0.2:4000", "rtp", length_bytes, ssrc, number % 65_536)


@pytest.fixture
def fates():
    """What becomes of a stream's packets: fates(impairment, packets, seed=…, interval_s=…)."""

    def meet(impairment, packets, *, seed=1, interval_s=PACKET_S, direction="incoming"):
        path = Path(direction)
        path.impair(impairment, seed=seed)
        return [path.fate(rtp(n), time_s=n * interval_s) for n in range(packets)]

    return meet


@pytest.fixture
def path():
    """An incoming path under an impairment: path(impairment, seed=…)."""

    def make(impairment=None, *, seed=1, direction="incoming"):
        made = Path(direction)
        made.impair(impairment or Impairment(), seed=seed)
        return made

    return make
