"""Dial to established through the API, against the bare control socket of the same phone."""

import time

from figure import Figure, ratio, spread
from plain import RawControl

from voiplab import Lab
from voiplab.phones.softphone import CONTROL_PORT

CALLS = 20


def measure() -> list[Figure]:
    """Dial both ways in turn, each on a fresh connection, and compare pair by pair."""
    ours, reference = [], []
    with Lab(users={"2001": "", "2002": ""}) as lab:
        caller, callee = lab["2001"].phone, lab["2002"]
        port = caller.container.port(CONTROL_PORT)
        for _ in range(CALLS):
            caller.connect()
            started = time.perf_counter()
            call = caller.call(callee)
            ours.append((time.perf_counter() - started) * 1000)
            call.hang_up()
            caller.close()
            control = RawControl(port)
            control.send("reginfo")
            control.receive()
            started = time.perf_counter()
            control.send("dial", "sip:2002@pbx:5060")
            control.wait_for("CALL_ESTABLISHED")
            reference.append((time.perf_counter() - started) * 1000)
            control.send("hangupall", "all")
            control.wait_for("CALL_CLOSED")
            control.close()
    return [
        Figure(
            "dial to established / raw control socket",
            ratio(ours, reference),
            1.2,
            "×",
            f"{CALLS} pairs of calls: API {spread(ours, 'ms')}, raw {spread(reference, 'ms')}",
        )
    ]
