"""One call four times: in clear, encrypted in two ways, and with one phone in clear."""

from functools import cache
from pathlib import Path

import pytest

from voiplab.evidence import Evidence

ROOT = Path(__file__).parents[3]
CALLS = ROOT / "tests" / "fixtures" / "secrecy"
# What a student meets, too: SRTP whose keys went over plain SIP.
KEYS_IN_CLEAR = ROOT / "labs" / "05-secure-calls" / "keys-in-clear"


@cache
def opened(name):
    return Evidence.open(KEYS_IN_CLEAR if name == "keys-in-clear" else CALLS / name)


@pytest.fixture(scope="session")
def saved():
    """Give what opens a saved call by its name."""
    return opened
