"""What the phone in the browser says to people, all of it, by the name that its code uses."""

from collections.abc import Mapping
from typing import Final

TEXTS: Final[Mapping[str, str]] = {
    # The controls.
    "number": "Number to call",
    "pad": "Dial pad",
    "star": "star",
    "hash": "hash",
    "call": "Call",
    "answer": "Answer",
    "reject": "Reject",
    "hang_up": "Hang up",
    "mute": "Mute",
    "hold": "Hold",
    "microphone": "Microphone",
    "speaker": "Loudspeaker",
    "default_device": "The system's own",
    "device": "Device {index}",
    # What is measured.
    "level_said": "You say",
    "level_heard": "You hear",
    "level_db": "{level} dB",
    "statistics": "This call, measured by the browser each second",
    "received": "received",
    "sent": "sent",
    "packets": "Packets",
    "lost": "Lost",
    "jitter_ms": "Jitter",
    "codec": "Codec",
    "round_trip_ms": "Round trip",
    # The states.
    "connecting": "connecting",
    "registered": "registered",
    "disconnected": "disconnected",
    "refused": "refused",
    "dialling": "Calling",
    "ringing": "Ringing",
    "incoming": "Incoming call",
    "established": "In a call",
    "on_hold": "On hold",
    # What happened, and what to do about it.
    "insecure": (
        "The browser gives its microphone to secure pages only, and this one is not: open "
        "JupyterLab at http://localhost or over https."
    ),
    "no_webrtc": "This browser can't make calls (it has no WebRTC): use a current one.",
    "microphone_refused": (
        "The browser was told not to give the microphone to this page: allow it beside the page's "
        "address, then call again."
    ),
    "microphone_missing": "No microphone was found: plug one in or choose another, then try again.",
    "microphone_broken": (
        "The microphone can't be opened ({reason}): close other programs that use it, or choose "
        "another one."
    ),
    "media_elsewhere": (
        "Calls can be set up from here, but not heard: the lab's media ports are on 127.0.0.1 of "
        "its own machine. Open JupyterLab there, or start the lab with "
        'browser_phones="…", the IP address at which this browser reaches that machine.'
    ),
    "media_lost": (
        "The call ended because no sound came through any more: does the PBX still run, on the "
        "machine of this browser?"
    ),
    "line_cut": (
        "The PBX can't be reached: the phone goes on trying, and registers again by itself."
    ),
    "registration_refused": (
        "The PBX refused the registration ({status}): does this user still have a phone in the "
        "browser? Show the phone anew."
    ),
    "not_registered": "The phone is not registered yet: wait until it is, then call again.",
    "bad_number": "“{peer}” can't be dialled: give 1 to 40 digits, letters, or * # + . _ -.",
    "not_found": "{peer} was not found: nobody has that number.",
    "busy": "{peer} is busy, or refused the call.",
    "declined": "{peer} declined the call.",
    "unavailable": "{peer} can't be reached: no phone is registered there, or nobody answered.",
    "no_answer": "{peer} did not answer in time.",
    "forbidden": "The PBX does not allow this call.",
    "no_codec": (
        "The phone and the PBX have no codec in common (488): give this user opus, ulaw or alaw."
    ),
    "failed": "The call to {peer} failed: {status}. The PBX's log may say why.",
    "missed": "{peer} called, and gave up.",
    "rejected": "You rejected the call from {peer}.",
    "cancelled": "You gave up the call.",
    "ended": "The call has ended.",
}
"""Names to sentences. What stands in braces is filled in by the phone."""
