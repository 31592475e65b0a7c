"""A lab with two registered phones against plain `docker run` of the same containers."""

import time

from figure import Figure, ratio, spread
from plain import USERS, plain_lab

from voiplab import Lab

ROUNDS = 5


def measure() -> list[Figure]:
    """Start both in turn, and compare pair by pair."""
    ours, reference = [], []
    for _ in range(ROUNDS + 1):
        started = time.perf_counter()
        with Lab(users=dict.fromkeys(USERS, "")):
            ours.append(time.perf_counter() - started)
        started = time.perf_counter()
        with plain_lab():
            reference.append(time.perf_counter() - started)
    # The first round fills the disk's cache.
    ours, reference = ours[1:], reference[1:]
    return [
        Figure(
            "lab start / docker run",
            ratio(ours, reference),
            1.15,
            "×",
            f"two registered phones, warm images, {ROUNDS} pairs: lab {spread(ours, 's')}, "
            f"plain docker run {spread(reference, 's')}",
        )
    ]
