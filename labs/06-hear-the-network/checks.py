"""What the tasks of this lab must come to, and what they begin with."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

import voiplab
from voiplab import Evidence
from voiplab.experiments import Trials
from voiplab.grading import Assignment, Check, Student, Task
from voiplab.packets import Capture, FixedBuffer, pcap_bytes

RECORDINGS = Path(voiplab.__file__).parents[1] / "notebooks" / "data"
SPOILT = Path(__file__).parent / "spoilt-call"
LISTENER = "2002"
SPEECH_BYTES = 172  # 160 bytes of G.711 and an RTP header
MOST_LATE_PCT = 1.0
STEP_MS = 10
WANTED = "nearly all users dissatisfied"
AUDIBLE = 0.01


def lossy_call() -> Evidence:
    """Return the call of tasks 1 to 3."""
    return Evidence.open(RECORDINGS / "five-per-cent")


def shaken_call() -> Evidence:
    """Return the call of task 4."""
    return Evidence.open(RECORDINGS / "jittery")


def captured_s(student: Student) -> float:
    """Return after how many seconds the student's capture of the lossy call ends."""
    return student.number("captured", 90, 140) / 10


def capture_at_bert(student: Student) -> Capture:
    """Return what was captured at Bert's phone, until somebody tripped over the cable."""
    call = lossy_call()
    whole = call.capture_at(_leg(call, LISTENER))
    end_s = whole.start_s + captured_s(student)
    return Capture.open(pcap_bytes(each for each in whole.packets() if each.time_s <= end_s))


def unnamed_networks(student: Student) -> pd.DataFrame:
    """Return what was measured over five networks, in an order of the student's, without names."""
    figures = ["loss_pct", "burst_ratio", "jitter_ms", "delay_ms"]
    points = Trials.open(RECORDINGS / "networks").points
    return points[figures].iloc[_order(student)].set_index(pd.Index(list("ABCDE"), name="network"))


def names_of_networks(student: Student) -> dict[str, str]:
    """Return the names under which the trials were made, by the student's letters."""
    labels = Trials.open(RECORDINGS / "networks").points.label.iloc[_order(student)]
    return dict(zip("ABCDE", labels, strict=True))


def _order(student: Student) -> list[int]:
    places = list(range(5))
    return [places.pop(student.number(f"network {left}", 0, left)) for left in (4, 3, 2, 1, 0)]


def _leg(call: Evidence, user: str) -> voiplab.evidence.LegRecord:
    return next(leg for leg in call.record.legs if leg.user == user)


def _dropped(student: Student) -> pd.Series:
    """Which of the packets of speech to Bert the network itself says that it dropped."""
    truth = lossy_call().network_truth(LISTENER)
    speech = truth[(truth.direction == "incoming") & (truth.protocol == "rtp")]
    last = capture_at_bert(student).received_by(_leg(lossy_call(), LISTENER).address).arrivals(0)
    # What was dropped after the last arrival leaves no gap in the capture.
    arrived = speech[speech.sequence == last.sequence.iloc[-1]].index[-1]
    return speech.loc[:arrived].fate == "lost"


def judge_lost(student: Student, answer: int) -> Iterable[Check]:
    """Judge task 1 by the network's own record of what it dropped."""
    expected = int(_dropped(student).sum())
    yield Check(
        name="lost packets",
        passed=answer == expected,
        expected="as many as the network dropped on the way to Bert",
        found=f"{answer}, and the network's own record says so too"
        if answer == expected
        else f"{answer}, which is another number",
        where="the column `lost` of `capture.streams`, in the row whose dst is Bert's phone",
    )


def judge_burst(student: Student, answer: int) -> Iterable[Check]:
    """Judge task 2 by the runs of losses in the network's own record."""
    lost = _dropped(student)
    expected = int(lost.groupby((lost != lost.shift()).cumsum()).sum().max())
    yield Check(
        name="longest burst",
        passed=answer == expected,
        expected="the length of the longest run of packets lost one after the other",
        found=f"{answer} in a row" if answer == expected else f"{answer}, which is not that",
        where="the columns of `capture.streams` that speak of bursts",
    )


def judge_bandwidth(student: Student, answer: float) -> Iterable[Check]:
    """Judge task 3 by the frames of the capture, to one per cent."""
    address = _leg(lossy_call(), LISTENER).address
    sent = [
        (packet.time_s, len(packet.frames[0].data) + 4)
        for packet in capture_at_bert(student).packets()
        if packet.src == address and len(packet.payload) == SPEECH_BYTES
    ]
    expected = sum(size for _, size in sent[1:]) * 8 / (sent[-1][0] - sent[0][0]) / 1000
    yield Check(
        name="kbit/s",
        passed=abs(answer - expected) < 0.01 * expected,
        expected="what the frames that Bert's phone sent take, in kbit/s, to one per cent",
        found=f"{answer:.1f}",
        where="bits, not bytes; all bytes of a frame, not the speech alone; and 4 more bytes each "
        "for its check sequence",
    )


def judge_wait(_student: Student, answer: float) -> Iterable[Check]:
    """Judge task 4 by playing the call through the buffer, and through the next shorter one."""
    whole = answer >= 0 and answer % STEP_MS == 0
    yield Check(
        name="steps",
        passed=whole,
        expected=f"a multiple of {STEP_MS} ms",
        found=f"{answer:g} ms",
        where="`range(0, 300, 10)`",
    )
    if not whole:
        return
    late, late_before = _late_pct(answer), _late_pct(answer - STEP_MS) if answer else 100.0
    yield Check(
        name="long enough",
        passed=late < MOST_LATE_PCT,
        expected=f"less than {MOST_LATE_PCT:g} % too late",
        found=f"{late:.1f} % with {answer:g} ms",
        where="`sound.late` of a longer buffer",
    )
    yield Check(
        name="no longer than needed",
        passed=late_before >= MOST_LATE_PCT,
        expected=f"{MOST_LATE_PCT:g} % or more too late with the next shorter wait",
        found=f"{late_before:.1f} % with {answer - STEP_MS:g} ms",
        where="`sound.late` of a shorter buffer",
    )


def _late_pct(wait_ms: float) -> float:
    call = shaken_call()
    leg = _leg(call, LISTENER)
    sound = call.capture_at(leg).received_by(leg.address).sound(0, FixedBuffer(delay_ms=wait_ms))
    return 100 * sound.late / (sound.played + sound.late + sound.lost)


def judge_spoilt(student: Student, call: Evidence) -> Iterable[Check]:
    """Judge task 5 by the call itself, as its called user heard it."""
    wanted = {student.extension(0), student.extension(1)}
    users = {leg.user for leg in call.record.legs}
    is_recording = call.record.started == Evidence.open(SPOILT).record.started
    yield Check(
        name="your call",
        passed=users == wanted or is_recording,
        expected=f"a call between {' and '.join(sorted(wanted))}",
        found="the course's own recording" if is_recording else " and ".join(sorted(users)),
        where="the cell that starts the lab",
    )
    heard = next(leg.user for leg in call.record.legs if leg.incoming)
    direction = next(each for each in call.quality if each.receiver == heard)
    yield Check(
        name="by loss",
        passed=direction.lost > 0,
        expected="packets to Bert that are lost",
        found=f"{direction.loss_pct:.1f} % lost",
        where="`Impairment(loss_pct=…)`",
    )
    yield Check(
        name="rating",
        passed=direction.rating.satisfaction == WANTED,
        expected=f"{WANTED}, a MOS from 2.58 to 3.1",
        found=f"{direction.rating.satisfaction}, MOS {direction.mos or 0:.2f}",
        where="the curve of chapter 8, section 3",
    )
    loudest = float(abs(call.samples(heard)[0]).max())
    yield Check(
        name="audible",
        passed=loudest > AUDIBLE,
        expected="that something is heard",
        found=f"samples of up to {loudest:.2f}",
        where="`mine.listen(bert)`",
    )


def judge_networks(student: Student, answer: Mapping[str, str]) -> Iterable[Check]:
    """Judge task 6 by the names under which the trials were made."""
    for letter, label in names_of_networks(student).items():
        said = answer.get(letter, "nothing")
        yield Check(
            name=f"network {letter}",
            passed=said == label,
            expected="the network that has these figures",
            found=str(said),
            where=f"row {letter}. A long delay: distance. Bursts: radio that fades. Nothing: cable",
        )


ASSIGNMENT = Assignment(
    name="06-hear-the-network",
    title="Hear the network",
    engine=False,
    tasks=(
        Task(
            name="lost-packets",
            title="How many packets were lost?",
            judge=judge_lost,
            answer=int,
            hints=(
                "Each row of `capture.streams` is a direction. Which one is Anna's speech to Bert?",
                "`capture.received_by(address)` holds only what was sent to that address.",
                "`capture.received_by(bert.address).streams.lost`",
            ),
        ),
        Task(
            name="longest-burst",
            title="How many in a row?",
            judge=judge_burst,
            answer=int,
            hints=(
                "`capture.streams` has counted that already: read its column names.",
                "`loss_burst_mean` is the mean; you want the greatest.",
            ),
        ),
        Task(
            name="bandwidth",
            title="What does it take of the line?",
            judge=judge_bandwidth,
            answer=float,
            hints=(
                "Take what Bert's address sent with 172 bytes of payload: speech and RTP header.",
                "A rate is bits by seconds. From the first `time_s` to the last, all but one left.",
                "A frame's bytes are `len(packet.frames[0].data) + 4`; times 8 are bits.",
            ),
            points=2,
        ),
        Task(
            name="shortest-wait",
            title="The shortest buffer that is long enough",
            judge=judge_wait,
            answer=float,
            hints=(
                "Play the call through buffers of 0, 10, 20 … ms, and look at `sound.late`.",
                "All packets are `sound.played + sound.late + sound.lost`.",
            ),
            points=2,
        ),
        Task(
            name="spoilt-call",
            title="Spoil a call, but not quite",
            judge=judge_spoilt,
            answer=Evidence,
            hints=(
                "Chapter 8, section 3, draws R over the loss for G.711: read off where R is 55.",
                "`Impairment(loss_pct=…, spares_signalling=True)`, with a loss of a few per cent.",
            ),
            points=2,
        ),
        Task(
            name="networks",
            title="Which network is which?",
            judge=judge_networks,
            answer=dict,
            hints=(
                "Begin with the longest delay: a satellite is 36,000 km away.",
                "Then the cable: no loss, hardly any jitter. What is left differs in its bursts.",
            ),
            points=2,
        ),
    ),
)
