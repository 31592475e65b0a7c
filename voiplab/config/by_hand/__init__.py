"""Configurations written by hand: read as Asterisk reads them, and searched for faults."""

from voiplab.config.by_hand.comparison import Difference, Differences, compare
from voiplab.config.by_hand.complaints import Complaint, Complaints, read_complaints
from voiplab.config.by_hand.fault import Fault, Faults
from voiplab.config.by_hand.faults import find_faults
from voiplab.config.by_hand.folder import read_files
from voiplab.config.by_hand.listing import Listing
from voiplab.config.by_hand.pjsip import started_with
from voiplab.config.by_hand.users import WrittenUser, number_of, users_of

__all__ = [
    "Complaint",
    "Complaints",
    "Difference",
    "Differences",
    "Fault",
    "Faults",
    "Listing",
    "WrittenUser",
    "compare",
    "find_faults",
    "number_of",
    "read_complaints",
    "read_files",
    "started_with",
    "users_of",
]
