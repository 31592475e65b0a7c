"""Call detail records: what Asterisk writes down about each call, column by column.

Asterisk appends a line to `CDR_FILE` as soon as a call ends; the first line of a new file is
a record, not a header.
"""

from typing import Final

CDR_FILE: Final = "/var/log/asterisk/cdr-custom/calls.csv"
"""Where, inside the container."""

_EXPRESSIONS: Final = {
    "uniqueid": "uniqueid",
    "linkedid": "linkedid",
    "sip_call_id": "sip_call_id",
    "start": "start,u",
    "answer": "answer,u",
    "end": "end,u",
    "duration": "duration,f",
    "billsec": "billsec,f",
    "disposition": "disposition",
    "src": "src",
    "dst": "dst",
    "clid": "clid",
    "dcontext": "dcontext",
    "channel": "channel",
    "dstchannel": "dstchannel",
    "lastapp": "lastapp",
    "lastdata": "lastdata",
    "sequence": "sequence",
}

CDR_COLUMNS: Final = tuple(_EXPRESSIONS)
"""The columns in order, by Asterisk's names.

| column | meaning |
|---|---|
| `uniqueid` | the calling leg's channel: its start in seconds since 1970, a dot, a counter |
| `linkedid` | the `uniqueid` of the first channel of all that were ever bridged together |
| `sip_call_id` | the Call-ID header (RFC 3261, section 20.8) of the calling leg; empty if not SIP |
| `start`, `answer`, `end` | seconds since 1970, with microseconds; `answer` 0 if never answered |
| `duration` | seconds from `start` to `end` |
| `billsec` | seconds from `answer` to `end` |
| `disposition` | ANSWERED, NO ANSWER, BUSY, FAILED or CONGESTION |
| `src`, `dst` | the extension that called, the number that was dialled |
| `clid` | the caller's name and number, as `"name" <number>` |
| `dcontext` | the dial plan's context |
| `channel`, `dstchannel` | the calling and the called leg |
| `lastapp`, `lastdata` | the last application of the dial plan, and what it was given |
| `sequence` | counts the records of this run of Asterisk |
"""

# Asterisk 22.10 hangs when it writes a variable that the dial plan set by the newer way of
# cdr_custom.conf (`fields = …`): its mappings are used instead.
CDR_MAPPING: Final = ",".join(
    f"${{CSV_QUOTE(${{CDR({expression})}})}}" for expression in _EXPRESSIONS.values()
)
"""A record as a line of CSV, as Asterisk's `cdr_custom.conf` spells it."""
