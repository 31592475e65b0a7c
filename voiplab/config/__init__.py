"""What a telephone exchange is, as frozen and checked values, and as Asterisk's files."""

from voiplab.config.cdr import CDR_COLUMNS, CDR_FILE
from voiplab.config.comparison import diff
from voiplab.config.conference import Conference
from voiplab.config.exchange import Exchange
from voiplab.config.redaction import redact
from voiplab.config.reloading import needs_restart, reload_commands
from voiplab.config.rendering import HTTP_PORT, render
from voiplab.config.ring_group import RingGroup
from voiplab.config.services import Services
from voiplab.config.user import Codec, Mailbox, Transport, User

__all__ = [
    "CDR_COLUMNS",
    "CDR_FILE",
    "HTTP_PORT",
    "Codec",
    "Conference",
    "Exchange",
    "Mailbox",
    "RingGroup",
    "Services",
    "Transport",
    "User",
    "diff",
    "needs_restart",
    "redact",
    "reload_commands",
    "render",
]
