"""What became of callers: one table for simulated and for measured ones.

A row a caller:

- ``queue``: which queue.
- ``arrived_s``: when the call came, in seconds from any moment.
- ``joined_s``: when it joined the queue; missing when it was refused. Asterisk: `ENTERQUEUE`.
- ``answered_s``: when an agent answered; missing when none did. Asterisk: `CONNECT`.
- ``ended_s``: when the caller was gone: `COMPLETECALLER`, `COMPLETEAGENT`, `ABANDON`, `EXIT...`.
- ``agent``: who answered; missing when nobody did.
- ``rang_s``: how long the phone rang that was answered; the third field of `CONNECT`.
- ``outcome``: ``answered``; ``abandoned`` by the caller; ``refused``, never having joined (full, or
  nobody there); ``sent away`` by the queue (`EXITWITHTIMEOUT`, `EXITEMPTY`, closing time).

Asterisk notes whole seconds in `CONNECT` and `ABANDON`; the times of its events are finer.

Source: Asterisk's documentation, "Queue Logs".
"""

from typing import TYPE_CHECKING, Final

from voiplab.errors import TrafficError

if TYPE_CHECKING:
    import pandas as pd

COLUMNS: Final = (
    "queue", "arrived_s", "joined_s", "answered_s", "ended_s", "agent", "rang_s", "outcome",
)  # fmt: skip
OUTCOMES: Final = ("answered", "abandoned", "refused", "sent away")


def checked_callers(callers: "pd.DataFrame") -> "pd.DataFrame":
    """Return callers in the order in which they came, once their table is found to be whole.

    Args:
        callers: as this module describes.

    Raises:
        TrafficError: when a column is missing, there is no such outcome, or times run backwards.

    >>> import pandas as pd
    >>> checked_callers(pd.DataFrame({"queue": ["queue"]}))
    Traceback (most recent call last):
        ...
    voiplab.errors.TrafficError: The callers lack arrived_s, joined_s, answered_s, ended_s, ...
    """
    missing = [column for column in COLUMNS if column not in callers]
    if missing:
        raise TrafficError(f"The callers lack {', '.join(missing)}.")
    unknown = sorted(set(callers["outcome"]) - set(OUTCOMES))
    if unknown:
        raise TrafficError(
            f"No caller ends {unknown[0]!r}: the outcomes are {', '.join(OUTCOMES)}."
        )
    answered = callers["outcome"] == "answered"
    if not (callers["answered_s"].notna() == answered).all():
        raise TrafficError("Just those callers have answered_s whose outcome is answered.")
    if not (callers["joined_s"].isna() == (callers["outcome"] == "refused")).all():
        raise TrafficError("Just those callers lack joined_s whose outcome is refused.")
    times = callers[["arrived_s", "joined_s", "answered_s", "ended_s"]].ffill(axis=1)
    backwards = (times.diff(axis=1) < 0).any(axis=1)
    if backwards.any():
        raise TrafficError(
            f"Caller {backwards.idxmax()} arrives, joins, is answered and ends in another order."
        )
    return callers.sort_values("arrived_s", kind="stable")


def waited_s(callers: "pd.DataFrame") -> "pd.Series[float]":
    """Return how long each caller was in the queue: until answered, or gone; missing if refused.

    >>> import pandas as pd
    >>> table = pd.DataFrame({"joined_s": [1, 2], "answered_s": [4, None], "ended_s": [60, 7]})
    >>> waited_s(table).tolist()
    [3.0, 5.0]
    """
    return callers["answered_s"].fillna(callers["ended_s"]) - callers["joined_s"]


def talked_s(callers: "pd.DataFrame") -> "pd.Series[float]":
    """Return how long each caller talked with an agent; missing if not answered.

    >>> import pandas as pd
    >>> talked_s(pd.DataFrame({"answered_s": [4], "ended_s": [60]})).tolist()
    [56]
    """
    return callers["ended_s"] - callers["answered_s"]
