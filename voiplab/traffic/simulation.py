"""A call centre tried out on paper: each caller's way through a queue, event by event.

It follows Asterisk's app_queue.c: a caller's turn has come when as many agents are free as callers
wait ahead whose phones aren't ringing yet; then a strategy says who is rung; an agent who doesn't
answer in time is given up, and the caller tries again after a pause.

SimPy runs it, since a process of SimPy's reads as what a caller does, one line after the other:
https://simpy.readthedocs.io
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from math import inf, isinf
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import simpy

from voiplab.errors import TrafficError
from voiplab.traffic.callers import COLUMNS
from voiplab.traffic.centre import Agent, CallCentre, CallQueue
from voiplab.traffic.demand import Demand, offered_calls
from voiplab.traffic.strategy import Candidate, next_start, ranking

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

_LONGEST_WAIT_S: Final = 86_400
_Process = Generator[simpy.Event, Any, None]


def simulate(centre: CallCentre, calls: "pd.DataFrame", *, seed: int = 0) -> "pd.DataFrame":
    """Return what becomes of these calls.

    Everybody who has come is seen to their end: answered, or given up. Callers without end of
    patience are sent away when the last agent who serves their queue logs out, and after a day.

    Args:
        centre: who answers.
        calls: as :func:`voiplab.traffic.offered_calls` draws them.
        seed: what ``random`` and ``wrandom`` start from.

    Returns:
        A row a caller, as :mod:`voiplab.traffic.callers` describes.

    Raises:
        TrafficError: when a call is for a queue that isn't there.

    >>> calls = offered_calls([Demand(calls_per_hour=60, mean_talk_s=120)], for_s=3600, seed=1)
    >>> callers = simulate(CallCentre.of_equals(3), calls)
    >>> callers["outcome"].value_counts().to_dict()
    {'answered': 53}
    """
    import pandas as pd  # noqa: PLC0415 - heavy

    unknown = sorted(set(calls["queue"]) - {queue.name for queue in centre.queues})
    if unknown:
        raise TrafficError(f"A call is for {unknown[0]}, which isn't a queue of this centre.")
    rows = _Run(centre, seed).callers(list(_offered(calls)))
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(
        {"joined_s": float, "answered_s": float, "rang_s": float}
    )


def replicate(
    centre: CallCentre,
    demands: "Sequence[Demand]",
    *,
    for_s: float,
    runs: int,
    seed: int,
) -> "list[pd.DataFrame]":
    """Return several independent runs of the same call centre.

    Args:
        centre: who answers.
        demands: who comes.
        for_s: for how long callers come.
        runs: how many.
        seed: what the random numbers of all runs start from.

    Returns:
        For each run what :func:`simulate` returns.

    >>> demands = [Demand(calls_per_hour=60, mean_talk_s=120)]
    >>> runs = replicate(CallCentre.of_equals(3), demands, for_s=600, runs=2, seed=1)
    >>> [len(callers) for callers in runs]
    [11, 10]
    """
    seeds = np.random.SeedSequence(seed).generate_state(2 * runs).reshape(runs, 2).tolist()
    return [
        simulate(centre, offered_calls(demands, for_s=for_s, seed=of_calls), seed=of_chance)
        for of_calls, of_chance in seeds
    ]


@dataclass(frozen=True)
class _Call:
    queue: str
    arrived_s: float
    talk_s: float
    patience_s: float


@dataclass(eq=False)
class _Worker:
    """An agent at work."""

    agent: Agent
    logged_in: bool = False
    busy: bool = False
    calls: int = 0
    last_call_s: float | None = None

    @property
    def free(self) -> bool:
        return self.logged_in and not self.busy


@dataclass(eq=False)
class _Waiter:
    """A caller in a queue; being tried means that a phone rings for this caller."""

    joined_s: float
    turn: simpy.Event
    tried: bool = False
    start: int = 0


@dataclass(eq=False)
class _Line:
    """A queue with its callers and its agents."""

    queue: CallQueue
    workers: list[_Worker]
    closes_s: float
    waiters: list[_Waiter] = field(default_factory=list)
    start: int = 0

    @property
    def places_served(self) -> int:
        """How many callers can be tried at once."""
        free = sum(worker.free for worker in self.workers)
        return min(free, 1) if self.queue.strategy == "ringall" else free

    def untried(self) -> Iterator[_Waiter]:
        return (waiter for waiter in self.waiters if not waiter.tried)

    def next_callers(self) -> list[_Waiter]:
        """Those whose turn it is."""
        return [
            waiter for waiter, _ in zip(self.untried(), range(self.places_served), strict=False)
        ]


class _Run:
    """One run: the clock, the queues, the agents."""

    def __init__(self, centre: CallCentre, seed: int) -> None:
        self._env = simpy.Environment()
        self._rng = np.random.default_rng(seed)
        workers = [_Worker(agent) for agent in centre.agents]
        self._lines = {
            queue.name: _Line(
                queue,
                [worker for worker in workers if worker.agent.serves(queue.name)],
                centre.closes_s(queue.name),
            )
            for queue in centre.queues
        }
        for worker in workers:
            self._env.process(self._shifts(worker))

    def callers(self, calls: list[_Call]) -> list[tuple[object, ...]]:
        rows: list[tuple[object, ...]] = [()] * len(calls)
        self._env.process(self._arrivals(calls, rows))
        self._env.run()
        return rows

    def _arrivals(self, calls: list[_Call], rows: list[tuple[object, ...]]) -> _Process:
        for number, call in enumerate(calls):
            yield self._env.timeout(call.arrived_s - self._env.now)
            self._env.process(self._caller(call, rows, number))

    def _shifts(self, worker: _Worker) -> _Process:
        for begin_s, end_s in worker.agent.shifts:
            yield self._env.timeout(begin_s - self._env.now)
            worker.logged_in = True
            self._tell(worker)
            if isinf(end_s):
                return
            yield self._env.timeout(end_s - self._env.now)
            worker.logged_in = False

    def _caller(self, call: _Call, rows: list[tuple[object, ...]], number: int) -> _Process:
        line = self._lines[call.queue]
        arrived_s = self._env.now

        def note(
            outcome: str,
            *,
            joined_s: float | None = arrived_s,
            answered_s: float | None = None,
            agent: str | None = None,
            rang_s: float | None = None,
        ) -> None:
            rows[number] = (
                call.queue, arrived_s, joined_s, answered_s, self._env.now, agent, rang_s, outcome,
            )  # fmt: skip

        if self._is_refused(line):
            note("refused", joined_s=None)
            return
        waiter = _Waiter(arrived_s, self._env.event())
        line.waiters.append(waiter)
        patient_s = self._patient_s(call, line)
        gone = self._env.timeout(patient_s)
        while True:
            yield from self._await_turn(line, waiter, gone)
            if gone.processed:
                break
            rung = self._choose(line, waiter)
            worker = yield from self._ring(line, rung, gone)
            waiter.tried = False
            if worker is not None:
                line.waiters.remove(waiter)
                answered_s = self._env.now
                yield self._env.timeout(call.talk_s)
                note(
                    "answered",
                    answered_s=answered_s,
                    agent=worker.agent.name,
                    rang_s=worker.agent.answers_after_s,
                )
                self._env.process(self._wrap_up(line, worker))
                return
            if not gone.processed:
                yield self._env.timeout(line.queue.retry_s) | gone
            if gone.processed:
                break
        line.waiters.remove(waiter)
        self._tell_line(line)
        note("sent away" if isinf(call.patience_s) else "abandoned")

    def _is_refused(self, line: _Line) -> bool:
        full = line.queue.longest is not None and len(line.waiters) >= line.queue.longest
        empty = not any(worker.logged_in for worker in line.workers)
        return full or (empty and not line.queue.join_empty)

    def _patient_s(self, call: _Call, line: _Line) -> float:
        """Return how long this caller stays: of endless patience, until the queue closes."""
        if not isinf(call.patience_s):
            return call.patience_s
        return min(max(0.0, line.closes_s - self._env.now), _LONGEST_WAIT_S)

    def _await_turn(self, line: _Line, waiter: _Waiter, gone: simpy.Event) -> _Process:
        while not gone.processed and waiter not in line.next_callers():
            recheck_s = line.queue.recheck_s
            waiter.turn = self._env.timeout(recheck_s) if recheck_s else self._env.event()
            yield waiter.turn | gone

    def _choose(self, line: _Line, waiter: _Waiter) -> list[_Worker]:
        """Return whose phones ring for this caller now; they are busy from here on."""
        waiter.tried = True
        queue = line.queue
        own_start = queue.strategy == "linear"
        start = waiter.start if own_start else line.start
        order = ranking(
            queue.strategy,
            [
                Candidate(
                    position=position,
                    penalty=worker.agent.penalties[queue.name],
                    calls=worker.calls,
                    last_call_s=worker.last_call_s,
                )
                for position, worker in enumerate(line.workers)
            ],
            start=start,
            now_s=self._env.now,
            rng=self._rng,
        )
        tried = next(
            (
                place
                for place, ranked in enumerate(order, start=1)
                if self._can_ring(line, line.workers[ranked.position])
            ),
            None,
        )
        after = next_start(order, len(order) if tried is None else tried, start)
        if own_start:
            waiter.start = after
        else:
            line.start = after
        if tried is None:
            return []
        first = order[tried - 1]
        rung = [
            worker
            for ranked in order
            if ranked is first or (queue.strategy == "ringall" and ranked.metric == first.metric)
            for worker in [line.workers[ranked.position]]
            if self._can_ring(line, worker)
        ]
        for worker in rung:
            worker.busy = True
        return rung

    def _can_ring(self, line: _Line, worker: _Worker) -> bool:
        """Whether this agent is free, and no heavier queue needs them."""
        return worker.free and not any(
            other.queue.weight > line.queue.weight
            and worker in other.workers
            and len(other.waiters) >= max(1, other.places_served)
            for other in self._lines.values()
        )

    def _ring(
        self, line: _Line, rung: list[_Worker], gone: simpy.Event
    ) -> Generator[simpy.Event, Any, _Worker | None]:
        """Let phones ring, and return who answered; the others are free again."""
        quickest = min(rung, key=lambda worker: worker.agent.answers_after_s, default=None)
        if quickest is None:
            return None
        rings_s = min(quickest.agent.answers_after_s, line.queue.ring_at_most_s)
        if rings_s:
            ringing = self._env.timeout(rings_s)
            yield ringing | gone
            stopped = not ringing.processed
        else:
            stopped = False
        answers = not stopped and quickest.agent.answers_after_s <= line.queue.ring_at_most_s
        for worker in rung:
            if worker is not quickest or not answers:
                worker.busy = False
                self._tell(worker)
        return quickest if answers else None

    def _wrap_up(self, line: _Line, worker: _Worker) -> _Process:
        worker.calls += 1
        worker.last_call_s = self._env.now
        if line.queue.wrap_up_s:
            yield self._env.timeout(line.queue.wrap_up_s)
        worker.busy = False
        self._tell(worker)

    def _tell(self, worker: _Worker) -> None:
        """Let the callers know who could be served by this agent now: heavier queues first."""
        served = [line for line in self._lines.values() if worker in line.workers and line.waiters]
        for line in sorted(served, key=lambda line: (-line.queue.weight, line.waiters[0].joined_s)):
            self._tell_line(line)

    def _tell_line(self, line: _Line) -> None:
        if line.queue.recheck_s:
            return
        for waiter in line.next_callers():
            if not waiter.turn.triggered:
                waiter.turn.succeed()


def _offered(calls: "pd.DataFrame") -> Iterator[_Call]:
    columns = ("queue", "arrived_s", "talk_s", "patience_s")
    missing = [column for column in columns if column not in calls]
    if missing:
        raise TrafficError(f"The calls lack {', '.join(missing)}.")
    ordered = calls.sort_values("arrived_s", kind="stable")
    for queue, arrived_s, talk_s, patience_s in zip(
        *(ordered[column] for column in columns), strict=True
    ):
        if not (0 <= arrived_s < inf and 0 <= talk_s < inf and patience_s >= 0):
            raise TrafficError(
                f"A caller comes after {arrived_s} s, talks for {talk_s} s and waits for "
                f"{patience_s} s: neither can be."
            )
        yield _Call(queue, float(arrived_s), float(talk_s), float(patience_s))
