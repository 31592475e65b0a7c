"""Copies of a machine's disk after each step, made once and begun from many times."""

import atexit
import secrets
from collections.abc import Sequence
from functools import cache

from voiplab.containers import Engine, sweep
from voiplab.installation.machine import Machine
from voiplab.installation.steps import Step, by_hand


class Disks:
    """What a machine's disk is like after each of several steps.

    A step is done once, when it is first asked for; the copies go with this process.

    Args:
        steps: the steps, each of which goes on from the one before.
        engine: where machines run; without it, the engine that answers.
    """

    def __init__(self, steps: Sequence[Step], *, engine: Engine | None = None) -> None:
        self._steps = tuple(steps)
        self._engine = engine
        self._copies: list[str] = []
        self._name = f"disks-{secrets.token_hex(4)}"

    def before(self, name: str) -> str | None:
        """Return the disk with which a step begins, after all the steps before it.

        Args:
            name: the step's name.

        Returns:
            What :meth:`Machine.start` takes; None for the first step: a clean disk.

        Raises:
            LineFailed: when a step before it ended with an error.
        """
        return self._after_first([step.name for step in self._steps].index(name))

    def after(self, name: str) -> str | None:
        """Return the disk with which a step has ended.

        Args:
            name: the step's name.

        Raises:
            LineFailed: when it, or a step before it, ended with an error.
        """
        return self._after_first([step.name for step in self._steps].index(name) + 1)

    def _after_first(self, count: int) -> str | None:
        """Return the disk after the first so many steps."""
        if count > len(self._copies):
            self._go_on(count)
        return self._copies[count - 1] if count else None

    def _go_on(self, count: int) -> None:
        if not self._copies:
            atexit.register(self.remove)
        machine = Machine(f"{self._name}-maker", engine=self._engine)
        try:
            for step in self._steps[len(self._copies) : count]:
                # What is copied is what has changed since the copy that it began with.
                machine.reset(self._copies[-1] if self._copies else None)
                step.follow(machine)
                self._copies.append(machine.copy_of_disk(self._name))
        finally:
            machine.stop()

    def remove(self) -> None:
        """Remove the copies."""
        atexit.unregister(self.remove)
        if self._copies:
            self._copies.clear()
            sweep(self._engine or Engine.connect(), self._name)


@cache
def disks_by_hand() -> Disks:
    """Return this process's copies for the steps by hand, with the small choice of modules."""
    return Disks(by_hand())
