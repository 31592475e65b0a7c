"""What a telephone exchange is, as frozen and checked values, and as Asterisk's files."""

from voiplab.config.by_hand import (
    Complaint,
    Complaints,
    Difference,
    Differences,
    Fault,
    Faults,
    Listing,
    WrittenUser,
    compare,
    find_faults,
    number_of,
    read_complaints,
    read_files,
    started_with,
    users_of,
)
from voiplab.config.cdr import CDR_COLUMNS, CDR_FILE
from voiplab.config.class_list import Row, read_class_list, write_class_list
from voiplab.config.comparison import diff
from voiplab.config.conference import Conference
from voiplab.config.exchange import Exchange
from voiplab.config.redaction import redact
from voiplab.config.reloading import needs_restart, reload_commands
from voiplab.config.rendering import HTTP_PORT, KEYS, TLS_PORT, render
from voiplab.config.ring_group import RingGroup
from voiplab.config.security import Security
from voiplab.config.services import Services
from voiplab.config.user import BROWSER_CODECS, PHONE_CODECS, Codec, Mailbox, Transport, User

__all__ = [
    "BROWSER_CODECS",
    "CDR_COLUMNS",
    "CDR_FILE",
    "HTTP_PORT",
    "KEYS",
    "PHONE_CODECS",
    "TLS_PORT",
    "Codec",
    "Complaint",
    "Complaints",
    "Conference",
    "Difference",
    "Differences",
    "Exchange",
    "Fault",
    "Faults",
    "Listing",
    "Mailbox",
    "RingGroup",
    "Row",
    "Security",
    "Services",
    "Transport",
    "User",
    "WrittenUser",
    "compare",
    "diff",
    "find_faults",
    "needs_restart",
    "number_of",
    "read_class_list",
    "read_complaints",
    "read_files",
    "redact",
    "reload_commands",
    "render",
    "started_with",
    "users_of",
    "write_class_list",
]
