"""Fifty registered phones: time, memory, and how both grow."""

import time

from figure import Figure

from voiplab import Lab

FEW, MANY = 10, 50
MIB = 2**20


def _start(phones: int) -> tuple[float, float]:
    """Start a lab with that many phones; return seconds, and MiB a phone."""
    users = {str(2001 + index): "" for index in range(phones)}
    started = time.perf_counter()
    with Lab(users=users) as lab:
        took_s = time.perf_counter() - started
        registered = int(lab.registrations()["registered"].sum())
        if registered != phones:
            raise SystemExit(f"only {registered} of {phones} phones are registered")
        used = [phone.container.memory_bytes() for phone in lab.phones.values()]
    return took_s, sum(used) / phones / MIB


def measure() -> list[Figure]:
    """Start both sizes once more than counted, and compare."""
    _start(2)
    few_s, few_mib = _start(FEW)
    many_s, many_mib = _start(MANY)
    growth = (many_s / few_s) / (MANY / FEW)
    return [
        Figure(
            f"time for {MANY} phones / ({MANY // FEW} × time for {FEW})",
            growth,
            1.3,
            "×",
            f"{MANY} phones in {many_s:.1f} s, {FEW} in {few_s:.1f} s; 1 is linear",
        ),
        Figure(
            "memory a phone",
            many_mib,
            5.0,
            "MiB",
            f"working set of its container: {many_mib:.2f} MiB each of {MANY}, "
            f"{few_mib:.2f} MiB each of {FEW}",
        ),
    ]
