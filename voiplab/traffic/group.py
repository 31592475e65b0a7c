"""A group of circuits and the traffic that is offered to it."""

from dataclasses import dataclass

from voiplab.traffic.erlang_b import circuits_for, erlang_b


@dataclass(frozen=True, kw_only=True)
class CircuitGroup:
    """Circuits of which a call takes whichever is free.

    Attributes:
        circuits: how many there are: lines, channels of a trunk.
        offered_erlang: the traffic that wants to be carried.

    Raises:
        TrafficError: as for :func:`voiplab.traffic.erlang_b`.

    >>> group = CircuitGroup(circuits=15, offered_erlang=10)
    >>> round(group.carried_erlang, 2), round(group.lost_erlang, 2), round(group.occupancy, 2)
    (9.64, 0.36, 0.64)
    """

    circuits: int
    offered_erlang: float

    def __post_init__(self) -> None:
        erlang_b(self.circuits, self.offered_erlang)

    @classmethod
    def for_blocking(cls, offered_erlang: float, blocking: float) -> "CircuitGroup":
        """Return the smallest group that loses no more than this share of the calls.

        Args:
            offered_erlang: the traffic that wants to be carried.
            blocking: the share that may be lost, above 0, up to 1.

        Raises:
            TrafficError: as for :func:`voiplab.traffic.circuits_for`.

        >>> CircuitGroup.for_blocking(10, blocking=0.01).circuits
        18
        """
        return cls(circuits=circuits_for(offered_erlang, blocking), offered_erlang=offered_erlang)

    @property
    def blocking(self) -> float:
        """The share of calls that find all circuits busy, 0 to 1."""
        return erlang_b(self.circuits, self.offered_erlang)

    @property
    def carried_erlang(self) -> float:
        """The traffic that gets through: the mean number of busy circuits."""
        return self.offered_erlang - self.lost_erlang

    @property
    def lost_erlang(self) -> float:
        """The traffic that is turned away."""
        return self.offered_erlang * self.blocking

    @property
    def occupancy(self) -> float:
        """How much of the time a circuit is in use, 0 to 1."""
        return self.carried_erlang / self.circuits if self.circuits else 0.0
