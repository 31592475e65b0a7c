"""The same sentence, spoken over one network after another: what became of it in each."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from queue import SimpleQueue

from voiplab.config import Codec
from voiplab.evidence import Evidence
from voiplab.experiments.trial_table import Trials, outcome
from voiplab.impairment import Impairment
from voiplab.lab import Lab, User

# Sentences of the lists by which the IEEE has telephones tested (Recommended practice for speech
# quality measurements, IEEE Trans. Audio Electroacoust. 17, 225-246, 1969).
HARVARD_SENTENCES = (
    "The birch canoe slid on the smooth planks. "
    "Glue the sheet to the dark blue background. "
    "It's easy to tell the depth of a well."
)

_UNTOUCHED = Impairment()
_FIRST_EXTENSION = 2001
_AFTERWARDS_S = 1.0  # what is still on its way when the last word has been said

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A call to be made.

    Attributes:
        codec: what both phones speak, by Asterisk's name.
        incoming: what the network does to all that the called phone receives.
        outgoing: what it does to all that the called phone sends.
        seed: what chance is drawn from.
        label: what to call it in tables and figures.
    """

    codec: Codec = "ulaw"
    incoming: Impairment = _UNTOUCHED
    outgoing: Impairment = _UNTOUCHED
    seed: int = 0
    label: str = ""


def run_trials(
    trials: Sequence[Trial],
    *,
    text: str = HARVARD_SENTENCES,
    at_once: int = 6,
    keep_sounds: bool = True,
    progress: Progress = lambda _done, _all: None,
) -> Trials:
    """Make calls in a lab of their own, several side by side, and measure each.

    The caller speaks over a good network; the called phone listens over the one of the trial. An
    interrupt stops the lab and loses the trials.

    Args:
        trials: what to try.
        text: what is said in each call; by default three of the Harvard sentences.
        at_once: how many calls go on side by side.
        keep_sounds: whether the outcomes hold what was heard.
        progress: is told how many trials are done, and how many there are.

    Returns:
        The outcomes, in the order of the trials.

    Raises:
        EngineError: when no lab can run here.
        CallFailed: when a call is not established.
    """
    finished = count(1)
    with Lab() as lab, ThreadPoolExecutor(at_once) as pool:
        pairs = user_pairs(lab, trials, at_once)

        def run(trial: Trial) -> Evidence:
            with taken(pairs[trial.codec]) as pair:
                evidence = _call(*pair, trial, text)
            progress(next(finished), len(trials))
            return evidence

        running = [pool.submit(run, trial) for trial in trials]
        try:
            evidence = [each.result() for each in running]
        finally:
            for each in running:
                each.cancel()
        made_of = lab.software()
    rows = [
        {"label": trial.label, "codec": trial.codec, "seed": trial.seed}
        | {
            "loss_set_pct": trial.incoming.expected_loss_pct,
            "delay_set_ms": trial.incoming.delay_ms,
        }
        | outcome(each)
        for trial, each in zip(trials, evidence, strict=True)
    ]
    return Trials.of(rows, evidence, made_of, keep_sounds=keep_sounds)


def user_pairs(
    lab: Lab, trials: Sequence[Trial], at_once: int
) -> Mapping[Codec, "SimpleQueue[tuple[User, User]]"]:
    """Add as many pairs of users for each codec as its share of the trials deserves.

    Args:
        lab: where they are added.
        trials: whose codecs they speak.
        at_once: how many calls go on side by side.
    """
    codecs = list(dict.fromkeys(trial.codec for trial in trials))
    queues: dict[Codec, SimpleQueue[tuple[User, User]]] = {}
    extension = _FIRST_EXTENSION
    for codec in codecs:
        share = sum(trial.codec == codec for trial in trials) / len(trials)
        most = min(max(1, round(share * at_once)), sum(trial.codec == codec for trial in trials))
        names = {str(extension + number): "" for number in range(2 * most)}
        extension += 2 * most
        users = lab.add_users(names, codecs=(codec,))
        queues[codec] = SimpleQueue()
        for caller, callee in zip(users[::2], users[1::2], strict=True):
            queues[codec].put((caller, callee))
    return queues


@contextmanager
def taken(pairs: "SimpleQueue[tuple[User, User]]") -> Iterator[tuple[User, User]]:
    """Have a pair of users for oneself while a block lasts.

    Args:
        pairs: those who are free.

    Yields:
        Caller and callee.
    """
    pair = pairs.get()
    try:
        yield pair
    finally:
        pairs.put(pair)


def _call(caller: User, callee: User, trial: Trial, text: str) -> Evidence:
    callee.phone.network.impair(incoming=trial.incoming, outgoing=trial.outgoing, seed=trial.seed)
    call = caller.phone.call(callee, say=text)
    call.wait(call.speech_s + trial.incoming.delay_ms / 1000 + _AFTERWARDS_S)
    call.hang_up()
    return call.evidence
