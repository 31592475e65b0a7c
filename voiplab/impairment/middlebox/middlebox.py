"""The loop that lets each packet meet its fate, and obeys orders meanwhile."""

import heapq
import itertools
import json
import select
import socket
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TextIO

from voiplab.errors import ImpairmentError
from voiplab.impairment.datagram import Datagram
from voiplab.impairment.middlebox.interface import Arrival, MachineSide, NetworkSide
from voiplab.impairment.middlebox.tap_capture import TapCapture
from voiplab.impairment.path import Direction, Path
from voiplab.impairment.settings import Settings
from voiplab.impairment.truth import TruthLog, TruthRow

_LONGEST_ORDER = 65_536


@dataclass(frozen=True, slots=True, order=True)
class _Waiting:
    """A packet under way; those due at the same time leave in the order in which they came."""

    release_s: float
    number: int
    time_s: float = field(compare=False)
    direction: Direction = field(compare=False)
    datagram: Datagram = field(compare=False)
    noted: bytes = field(compare=False)
    copies: int = field(compare=False)


class Middlebox:
    """Moves packets between a machine and its network, each as its path decides.

    Args:
        network: where the network is.
        machine: where the machine is.
        truth: where to write down what became of each packet.
        settings_log: where to write down each change, a line of JSON each.
        capture: the capture on the machine's side.
        orders: a datagram socket on which orders come.
        spared_tcp_port: whose segments pass untouched and unseen.
    """

    def __init__(  # noqa: PLR0913 - one of each
        self,
        network: NetworkSide,
        machine: MachineSide,
        *,
        truth: TruthLog,
        settings_log: TextIO,
        capture: TapCapture,
        orders: socket.socket,
        spared_tcp_port: int,
    ) -> None:
        self._sides: dict[Direction, NetworkSide | MachineSide] = {
            "incoming": network,
            "outgoing": machine,
        }
        self._paths: dict[Direction, Path] = {each: Path(each) for each in self._sides}
        self._truth = truth
        self._settings_log = settings_log
        self._capture = capture
        self._orders = orders
        self._spared_tcp_port = spared_tcp_port
        self._waiting: list[_Waiting] = []
        self._numbers = itertools.count()
        self._settings = Settings(seed=0)
        self._taken_over_s = 0.0

    def begin(self) -> None:
        """Take over from the kernel, which has ignored the machine's frames since a moment ago.

        Notes the time of the first such frame: before it, the machine's packets were on the
        network's side of the capture only.
        """
        first = list(self._sides["incoming"].arrivals())
        # Captures cut a time to microseconds, and a float may round it up.
        times = [each.time_s - 1e-6 for each in first if each.time_s is not None]
        self._taken_over_s = min([time.time(), *times])
        self._decide("incoming", first)

    def run(self) -> None:
        """Serve for ever.

        Raises:
            OSError: when the network is gone.
        """
        while True:
            wait_s = None
            if self._waiting:
                wait_s = max(self._waiting[0].release_s - time.monotonic(), 0.0)
            # Unlike epoll_wait(2), select(2) counts in microseconds.
            ready, _, _ = select.select([*self._sides.values(), self._orders], [], [], wait_s)
            self._take_in()
            self._release()
            if self._orders in ready:
                self._obey()

    def _take_in(self) -> None:
        for direction, side in self._sides.items():
            self._decide(direction, side.arrivals())

    def _decide(self, direction: Direction, arrivals: Iterable[Arrival]) -> None:
        for arrival in arrivals:
            # In this order a pause between the two makes a packet late, never early.
            clock_s, now_s = time.time(), time.monotonic()
            time_s = clock_s if arrival.time_s is None else arrival.time_s
            arrived_s = now_s - max(clock_s - time_s, 0.0)
            datagram = Datagram.of(arrival.frame)
            if datagram is None or (datagram.is_tcp and self._spared_tcp_port in datagram.ports):
                self._pass_on(direction, arrival.noted)
                continue
            fate = self._paths[direction].fate(datagram, time_s=arrived_s)
            if fate.copies == 0:
                self._truth.add(TruthRow(time_s, direction, datagram, fate.outcome))
                continue
            heapq.heappush(
                self._waiting,
                _Waiting(
                    release_s=fate.release_s,
                    number=next(self._numbers),
                    time_s=time_s,
                    direction=direction,
                    datagram=datagram,
                    noted=arrival.noted,
                    copies=fate.copies,
                ),
            )

    def _release(self) -> None:
        while self._waiting and self._waiting[0].release_s <= time.monotonic():
            due = heapq.heappop(self._waiting)
            # By the clock that captures go by.
            delay_ms = 1000 * (time.time() - due.time_s)
            copies = sum(self._pass_on(due.direction, due.noted) for _ in range(due.copies))
            outcome = "delivered" if copies else "refused"
            self._truth.add(
                TruthRow(due.time_s, due.direction, due.datagram, outcome, delay_ms, copies)
            )

    def _pass_on(self, direction: Direction, noted: bytes) -> bool:
        to = self._sides["outgoing" if direction == "incoming" else "incoming"]
        try:
            to.send(noted)
        except OSError:
            # Its queue is full, or the frame too long: the network drops it, as networks do.
            return False
        return True

    def _obey(self) -> None:
        order, sender = self._orders.recvfrom(_LONGEST_ORDER)
        try:
            answer = self._answer(json.loads(order))
        except (ImpairmentError, ValueError) as error:
            answer = {"error": str(error)}
        try:
            self._orders.sendto(json.dumps(answer).encode(), sender)
        except OSError:
            return  # who asked has gone

    def _answer(self, order: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
        if order is not None:
            self._impair(Settings.from_dict(order))
        return {
            "taken_over_s": self._taken_over_s,
            "settings": self._settings.as_dict(),
            "truth_left_out": self._truth.left_out,
            "unseen": sum(side.unseen() for side in self._sides.values()),
            "capture_trouble": self._capture.trouble(),
        }

    def _impair(self, settings: Settings) -> None:
        # What came before the order still meets the former settings.
        self._take_in()
        self._paths["incoming"].impair(settings.incoming, seed=settings.seed)
        self._paths["outgoing"].impair(settings.outgoing, seed=settings.seed)
        self._settings = settings.in_force(time.time())
        self._settings_log.write(json.dumps(self._settings.as_dict()) + "\n")
