"""Whose phone rings: the strategies of Asterisk's queues.

Each agent of a queue is given a number, and the free one with the lowest is rung. A penalty counts
more than anything else, save with ``wrandom``.

- ``ringall``: all free agents of the lowest penalty at once; only the first caller is served.
- ``linear``: in the order of the configuration, from the top for each caller, on after a failure.
- ``rrmemory``: round robin, from the one after whoever was rung last.
- ``leastrecent``: whoever's last call ended longest ago, in whole seconds.
- ``fewestcalls``: whoever has ended the fewest calls.
- ``random``: anybody.
- ``wrandom``: anybody, those with a penalty less often.

Source: `calc_metric`, `find_best`, `ring_one`, `store_next_rr` and `store_next_lin` of Asterisk's
apps/app_queue.c. Calls and their ends are counted over all queues, as with `shared_lastcall=yes`,
which is the default.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, get_args

if TYPE_CHECKING:
    from numpy.random import Generator

Strategy = Literal[
    "fewestcalls", "leastrecent", "linear", "random", "ringall", "rrmemory", "wrandom"
]
STRATEGIES: Final[tuple[str, ...]] = get_args(Strategy)

_PENALTY: Final = 1_000_000
_BEHIND: Final = 1000


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """An agent as a queue sees it when a caller's turn has come.

    Attributes:
        position: which one it is in the queue's configuration, from 0.
        penalty: its penalty in this queue.
        calls: how many calls it has ended.
        last_call_s: when the last of them ended; None when there was none.
    """

    position: int
    penalty: int = 0
    calls: int = 0
    last_call_s: float | None = None


@dataclass(frozen=True)
class Ranked:
    """A candidate and its number: the lowest is rung first."""

    metric: int
    candidate: Candidate

    @property
    def position(self) -> int:
        """Which one it is in the queue's configuration, from 0."""
        return self.candidate.position


def ranking(
    strategy: Strategy,
    candidates: Sequence[Candidate],
    *,
    start: int,
    now_s: float,
    rng: "Generator",
) -> list[Ranked]:
    """Return the candidates in the order in which their phones are tried.

    Of equals, the one that is configured last comes first: Asterisk puts each that it looks at in
    front of its list.

    Args:
        strategy: how to choose.
        candidates: all agents of the queue, busy ones too.
        start: for ``linear`` and ``rrmemory``, the position to begin with.
        now_s: what time it is.
        rng: where ``random`` and ``wrandom`` take their numbers from.

    >>> import numpy as np
    >>> three = [Candidate(position=0, penalty=1), Candidate(position=1), Candidate(position=2)]
    >>> order = ranking("rrmemory", three, start=2, now_s=0, rng=np.random.default_rng(1))
    >>> [ranked.position for ranked in order]
    [2, 1, 0]
    """
    ranked = [
        Ranked(_metric(strategy, candidate, start, now_s, rng), candidate)
        for candidate in candidates
    ]
    return sorted(ranked, key=lambda one: (one.metric, -one.position))


def next_start(order: Sequence[Ranked], tried: int, start: int) -> int:
    """Return where ``linear`` and ``rrmemory`` begin the next time.

    Args:
        order: what :func:`ranking` returned.
        tried: how many of them were found busy or rung.
        start: where this time began.

    >>> import numpy as np
    >>> three = [Candidate(position=position) for position in range(3)]
    >>> order = ranking("rrmemory", three, start=1, now_s=0, rng=np.random.default_rng(1))
    >>> next_start(order, tried=1, start=1), next_start(order, tried=2, start=1)
    (2, 0)
    """
    if tried < len(order):
        return order[tried].metric % _BEHIND
    beyond = any(ranked.position > start for ranked in order)
    return 0 if beyond else start + 1


def _metric(
    strategy: Strategy, candidate: Candidate, start: int, now_s: float, rng: "Generator"
) -> int:
    if strategy == "wrandom":
        return int(rng.integers((1 + candidate.penalty) * 1000))
    return _among_equals(strategy, candidate, start, now_s, rng) + candidate.penalty * _PENALTY


def _among_equals(
    strategy: Strategy, candidate: Candidate, start: int, now_s: float, rng: "Generator"
) -> int:
    match strategy:
        case "linear" | "rrmemory":
            return candidate.position + _BEHIND * (candidate.position < start)
        case "random":
            return int(rng.integers(1000))
        case "fewestcalls":
            return candidate.calls
        case "leastrecent" if candidate.last_call_s is not None:
            return _PENALTY - (int(now_s) - int(candidate.last_call_s))
        case _:
            return 0
