"""What was sent in which protocol, as a data frame."""

from collections.abc import Sequence

import pandas as pd

from voiplab.packets.protocols import ProtocolFlow

_PROTOCOLS = ("src", "dst", "protocol", "transport", "packets", "bytes", "capture")


def protocols(flows: Sequence[tuple[str, ProtocolFlow]]) -> pd.DataFrame:
    """Return a row a flow; see Capture.protocols."""
    rows = [
        (
            flow.src,
            flow.dst,
            flow.protocol,
            flow.transport,
            flow.packets,
            flow.payload_bytes,
            capture,
        )
        for capture, flow in flows
    ]
    frame = pd.DataFrame(rows, columns=pd.Index(_PROTOCOLS))
    return frame.astype({"packets": "int64", "bytes": "int64"})
