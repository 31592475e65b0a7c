"""Dial to established through the API, against the bare control socket."""

import time

from figure import Figure, ratio, spread
from plain import plain_lab

from voiplab import Lab

CALLS = 20


def measure() -> list[Figure]:
    """Dial in both labs in turn, and compare pair by pair."""
    ours, reference = [], []
    with Lab(users={"2001": "", "2002": ""}) as lab, plain_lab() as plain:
        caller, callee = lab["2001"].phone, lab["2002"]
        control = plain.controls["2001"]
        for _ in range(CALLS):
            started = time.perf_counter()
            call = caller.call(callee)
            ours.append((time.perf_counter() - started) * 1000)
            call.hang_up()
            started = time.perf_counter()
            control.send("dial", "sip:2002@pbx:5060")
            control.wait_for("CALL_ESTABLISHED")
            reference.append((time.perf_counter() - started) * 1000)
            control.send("hangupall", "all")
            control.wait_for("CALL_CLOSED")
    return [
        Figure(
            "dial to established / raw control socket",
            ratio(ours, reference),
            1.2,
            "×",
            f"{CALLS} pairs of calls: API {spread(ours, 'ms')}, raw {spread(reference, 'ms')}",
        )
    ]
