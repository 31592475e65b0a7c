"""The keys pressed, as a data frame."""

from collections.abc import Sequence
from dataclasses import astuple, fields, replace

import pandas as pd

from voiplab.packets.dtmf import PressedKey
from voiplab.packets.printable import printable


def dtmf(keys: Sequence[PressedKey], start_s: float) -> pd.DataFrame:
    """Return a row a key; see Capture.dtmf."""
    columns = pd.Index([each.name for each in fields(PressedKey)])
    frame = pd.DataFrame(
        [astuple(replace(key, call_id=printable(key.call_id))) for key in keys], columns=columns
    )
    numbers = {"time_s": "float64", "duration_ms": "float64", "packets": "int64", "ended": "bool"}
    frame = frame.astype(numbers | {"volume_dbm0": "Int64"})
    return frame.assign(time_s=frame["time_s"] - start_s)
