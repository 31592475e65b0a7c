"""What the tasks of this lab must come to: a wrong answer is told where to look."""

from collections.abc import Mapping

import pandas as pd

from voiplab import Evidence
from voiplab.experiments import Trials
from voiplab.packets import FixedBuffer

RECORDINGS = "../../notebooks/data"
LISTENER = "2002"
MOST_LATE_PCT = 1.0
STEP_MS = 10
WANTED = "nearly all users dissatisfied"


def lossy_call() -> Evidence:
    """Return the call of tasks 1 to 3."""
    return Evidence.open(f"{RECORDINGS}/five-per-cent")


def shaken_call() -> Evidence:
    """Return the call of task 4."""
    return Evidence.open(f"{RECORDINGS}/jittery")


def unnamed_networks() -> pd.DataFrame:
    """Return what was measured over five networks, in another order and without their names."""
    points = Trials.open(f"{RECORDINGS}/networks").points.iloc[[3, 1, 4, 0, 2]]
    figures = ["loss_pct", "burst_ratio", "jitter_ms", "delay_ms"]
    return points[figures].set_index(pd.Index(list("ABCDE"), name="network"))


def lost_packets(answer: object) -> str:
    """Check task 1 against the network's own record of what it dropped."""
    truth = lossy_call().network_truth(LISTENER)
    speech = truth[(truth.direction == "incoming") & (truth.protocol == "rtp")]
    arrived = speech[speech.fate == "delivered"].index
    # What was dropped after the last arrival leaves no gap in the capture.
    expected = int((speech.loc[: arrived[-1]].fate == "lost").sum())
    return _told(
        "Lost packets", answer == expected,
        f"the network dropped another number than {answer!r} of the packets to Bert. "
        "Look at the column `lost` of `capture.streams`, in the row whose dst is Bert's phone.",
        f"{expected}, and the network's own record says so too",
    )  # fmt: skip


def longest_burst(answer: object) -> str:
    """Check task 2 against the runs of losses in the network's own record."""
    truth = lossy_call().network_truth(LISTENER)
    speech = truth[(truth.direction == "incoming") & (truth.protocol == "rtp")]
    lost = speech.fate == "lost"
    expected = int(lost.groupby((lost != lost.shift()).cumsum()).sum().max())
    return _told(
        "Longest burst", answer == expected,
        f"{answer!r} is not the length of the longest run of packets lost one after the other. "
        "Look for a column of `capture.streams` that speaks of bursts.",
        f"{expected} in a row",
    )  # fmt: skip


def bandwidth(answer: object) -> str:
    """Check task 3 against the frames of the capture, to one per cent."""
    call = lossy_call()
    leg = next(leg for leg in call.record.legs if leg.user == LISTENER)
    part = call.capture_at(leg)
    sent = [
        (packet.time_s, len(packet.frames[0].data) + 4)
        for packet in part.packets()
        if packet.src == leg.address and len(packet.payload) == 172
    ]
    seconds = sent[-1][0] - sent[0][0]
    expected = sum(size for _, size in sent[1:]) * 8 / seconds / 1000
    right = isinstance(answer, int | float) and abs(answer - expected) < 0.01 * expected
    return _told(
        "Bandwidth", right,
        f"what Bert's phone sent took another rate than {answer!r} kbit/s. Count bits, not bytes; "
        "all bytes of a frame, not the speech alone; and 4 more for its check sequence.",
        f"{expected:.1f} kbit/s, as captured",
    )  # fmt: skip


def shortest_wait_ms(answer: object) -> str:
    """Check task 4 by playing the call through the buffer, and through the next shorter one."""
    if not isinstance(answer, int | float) or answer % STEP_MS or answer < 0:
        raise AssertionError(f"Jitter buffer: give a multiple of {STEP_MS} ms, not {answer!r}.")
    late, late_before = _late_pct(answer), _late_pct(answer - STEP_MS) if answer else 100.0
    return _told(
        "Jitter buffer", late < MOST_LATE_PCT <= late_before,
        f"with {answer:g} ms, {late:.1f} % come too late, with {STEP_MS} ms less, "
        f"{late_before:.1f} %. Wanted is the first wait with less than {MOST_LATE_PCT:g} %.",
        f"{answer:g} ms: {late:.1f} % too late instead of {late_before:.1f} %",
    )  # fmt: skip


def spoilt_call(call: Evidence) -> str:
    """Check task 5 by the call itself."""
    direction = next(each for each in call.quality if each.receiver == LISTENER)
    audible = bool(abs(call.samples(LISTENER)[0]).max() > 0.01)
    rated = f"{direction.rating.satisfaction}, with {direction.loss_pct:.1f} % lost"
    return _told(
        "A spoilt call",
        direction.rating.satisfaction == WANTED and direction.lost > 0 and audible,
        f"Bert's call is rated: {rated}. Wanted is {WANTED!r}, by loss, and that something is "
        "heard: see the curve of chapter 8, section 3.",
        rated,
    )


def names_of_networks(answer: Mapping[str, str]) -> str:
    """Check task 6 against the names under which the trials were made."""
    labels = Trials.open(f"{RECORDINGS}/networks").points.label.iloc[[3, 1, 4, 0, 2]]
    expected = dict(zip("ABCDE", labels, strict=True))
    wrong = sorted(letter for letter in expected if answer.get(letter) != expected[letter])
    return _told(
        "Five networks", not wrong,
        f"not all are right: look again at {' and '.join(wrong)}. What stands out in each row? "
        "Long delay: distance. Bursts: radio that fades. Nothing at all: a cable.",
        "all five",
    )  # fmt: skip


def _late_pct(wait_ms: float) -> float:
    call = shaken_call()
    leg = next(leg for leg in call.record.legs if leg.user == LISTENER)
    sound = call.capture_at(leg).received_by(leg.address).sound(0, FixedBuffer(delay_ms=wait_ms))
    return 100 * sound.late / (sound.played + sound.late + sound.lost)


def _told(task: str, right: bool, hint: str, found: str) -> str:  # noqa: FBT001 - the answer to the question
    if not right:
        raise AssertionError(f"{task}: not yet: {hint}")
    return f"✓ {task}: {found}."
