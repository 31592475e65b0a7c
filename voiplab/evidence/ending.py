"""Whether a capture tells a call to its end."""

import io

from voiplab.packets import read_packets, sip_messages

_AUTHENTICATE = {401, 407}
_OK, _REDIRECTION = 200, 300


def tells_the_end(capture: bytes, call_id: str) -> bool:
    """Whether a capture holds the last message of a dialog.

    That is the answer to BYE, or the ACK of a refusal (RFC 3261, sections 15 and 17.1.1.3); a
    challenge is no refusal, since the caller tries again.

    Args:
        capture: a pcap file, perhaps still growing.
        call_id: the dialog's Call-ID.
    """
    refused = False
    for message in sip_messages(read_packets(io.BytesIO(capture))):
        if message.call_id != call_id:
            continue
        if message.method == "BYE" and message.status is not None and message.status >= _OK:
            return True
        if message.method == "INVITE" and message.status is not None:
            refused = message.status >= _REDIRECTION and message.status not in _AUTHENTICATE
        if message.method == "ACK" and refused:
            return True
    return False
