"""Whether a capture tells a call to its end."""

from voiplab.errors import CaptureError
from voiplab.packets import read_packets, sip_messages

_CHALLENGES = {401, 407}
_SUCCESS, _REDIRECTION = 200, 300


def tells_the_end(capture: bytes, call_id: str) -> bool:
    """Whether a capture holds the last message of a dialog.

    That is the answer to BYE, or the ACK of a refusal (RFC 3261, sections 15 and 17.1.1.3); a
    challenge is no refusal, since the caller tries again.

    Args:
        capture: a pcap file, perhaps still growing.
        call_id: the dialog's Call-ID.
    """
    refused = False
    try:
        for seen in sip_messages(read_packets(capture)):
            message = seen.message
            if message.call_id != call_id:
                continue
            if message.transaction_method == "BYE" and message.status >= _SUCCESS:
                return True
            if message.transaction_method == "INVITE" and message.status:
                refused = message.status >= _REDIRECTION and message.status not in _CHALLENGES
            if message.method == "ACK" and refused:
                return True
    except CaptureError:
        # Not even the file's header is there yet.
        return False
    return False
