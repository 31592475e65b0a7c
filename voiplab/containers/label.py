"""The labels on everything that a lab starts: how it is found again, and by whom it was started."""

from voiplab.containers.owner import DETACHED, Owner

LAB = "voiplab.lab"
ROLE = "voiplab.role"
OWNER = "voiplab.owner"


def lab_labels(lab: str, *, role: str, owner: Owner | None) -> dict[str, str]:
    """Return the labels for one part of a lab.

    Args:
        lab: the lab's name.
        role: what the part does there: `pbx`, `phone`, `network` …
        owner: the process that the lab ends with, or None for a lab left running without one.

    >>> lab_labels("demo", role="pbx", owner=None)
    {'voiplab.lab': 'demo', 'voiplab.role': 'pbx', 'voiplab.owner': 'detached'}
    """
    return {LAB: lab, ROLE: role, OWNER: DETACHED if owner is None else str(owner)}
