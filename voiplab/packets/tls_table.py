"""Connections of TLS and DTLS, as a data frame."""

from collections.abc import Sequence

import pandas as pd

from voiplab.packets.printable import printable
from voiplab.packets.tls import Handshake

_COLUMNS = (
    "time_s", "client", "server", "protocol", "version", "cipher", "forward_secret",
    "authenticated", "server_name", "alpn", "srtp_profile", "established", "refusal",
    "encrypted_bytes",
)  # fmt: skip


def tls(handshakes: Sequence[Handshake], start_s: float) -> pd.DataFrame:
    """Return a row a connection; see Capture.tls."""
    rows = [
        (
            each.time_s - start_s,
            each.client,
            each.server,
            each.protocol,
            each.version,
            each.cipher.name if each.cipher else "",
            each.cipher.forward_secret if each.cipher else None,
            each.cipher.authenticated if each.cipher else None,
            printable(each.server_name),
            printable(each.alpn),
            each.srtp_profile,
            each.established,
            each.refusal.name if each.refusal else "",
            each.encrypted_bytes,
        )
        for each in handshakes
    ]
    frame = pd.DataFrame(rows, columns=pd.Index(_COLUMNS))
    return frame.astype(
        {
            "time_s": "float64",
            "forward_secret": "boolean",
            "authenticated": "boolean",
            "established": "bool",
            "encrypted_bytes": "int64",
        }
    )
