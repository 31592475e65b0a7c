"""Real captures, and packets taken out of them."""

from pathlib import Path

import pytest

from voiplab.packets import Capture, pcap_bytes

CAPTURES = Path(__file__).parents[2] / "fixtures" / "captures"


@pytest.fixture(scope="session")
def captures():
    return CAPTURES


@pytest.fixture(scope="session")
def without():
    """Give what opens a capture without the packets that a condition names."""

    def opened(name, unwanted):
        packets = Capture.open(CAPTURES / name).packets()
        return Capture.open(pcap_bytes(each for each in packets if not unwanted(each)))

    return opened
