"""What all ways to give an office telephones have in common."""

from collections.abc import Iterator
from typing import Protocol

from voiplab.costs.flow import Flow
from voiplab.costs.office import Office
from voiplab.costs.scenario import Scenario


class Design(Protocol):
    """A way to give an office telephones."""

    @property
    def name(self) -> str:
        """What tables and figures call it."""
        ...

    def flows(self, office: Office, scenario: Scenario) -> Iterator[Flow]:
        """Yield all that is paid for.

        Raises:
            CostError: when an item is missing that the design needs.
        """
        ...
