"""A lab: one Asterisk, its users, their phones and the calls between them."""

from voiplab.lab.call import Call
from voiplab.lab.lab import Lab
from voiplab.lab.phone import Phone
from voiplab.lab.recorded import RecordedCall, RecordedLab, RecordedUser
from voiplab.lab.stand_in import live_or_recorded, why_no_lab
from voiplab.lab.user import User

__all__ = [
    "Call",
    "Lab",
    "Phone",
    "RecordedCall",
    "RecordedLab",
    "RecordedUser",
    "User",
    "live_or_recorded",
    "why_no_lab",
]
