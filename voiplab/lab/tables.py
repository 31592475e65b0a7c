"""What Asterisk reports, as data frames."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from voiplab.ami import Event
from voiplab.config import CDR_COLUMNS
from voiplab.errors import AmiError
from voiplab.pbx import Asterisk

if TYPE_CHECKING:
    import pandas as pd

_TIMES = ("start", "answer", "end")
_NUMBERS = ("duration", "billsec")


def registrations(pbx: Asterisk) -> "pd.DataFrame":
    """Return a row a user: extension, name, registered, contact.

    Args:
        pbx: the PBX to ask.
    """
    import pandas as pd  # noqa: PLC0415 - heavy: loaded when a table is wanted

    contacts = _contacts(pbx)
    rows = [
        {
            "extension": user.extension,
            "name": user.name,
            "registered": user.extension in contacts,
            "contact": contacts.get(user.extension, ""),
        }
        for user in sorted(pbx.exchange.users, key=lambda user: user.extension)
    ]
    return pd.DataFrame(rows, columns=["extension", "name", "registered", "contact"])


def _contacts(pbx: Asterisk) -> dict[str, str]:
    """Return the contact of each AoR that has one; the command line's table would cut it off."""
    try:
        told = pbx.ami.action("PJSIPShowContacts")
    except AmiError as error:
        # An empty list is an error to it.
        if "No Contacts found" not in str(error):
            raise
        return {}
    return {
        each["ObjectName"].partition(";@")[0]: each["Uri"]
        for each in told
        if each.get("Event") == "ContactList"
    }


def events(reported: Iterable[Event]) -> "pd.DataFrame":
    """Return a row an event: time, event, then each header that any of them has.

    Args:
        reported: the events, in their order.
    """
    import pandas as pd  # noqa: PLC0415 - as above

    table = pd.DataFrame(
        [{"time": event.time_s, "event": event.name, **event.fields} for event in reported]
    )
    if table.empty:
        return pd.DataFrame(columns=["time", "event"])
    table["time"] = pd.to_datetime(table["time"], unit="s", utc=True)
    return table


def call_records(records: Iterable[Mapping[str, str]]) -> "pd.DataFrame":
    """Return a row a call detail record, times as times and seconds as numbers.

    Args:
        records: the records, as Asterisk writes them.
    """
    import pandas as pd  # noqa: PLC0415 - as above

    table = pd.DataFrame(list(records), columns=list(CDR_COLUMNS))
    for column in _TIMES:
        if column in table:
            seconds = pd.to_numeric(table[column], errors="coerce")
            table[column] = pd.to_datetime(seconds.where(seconds > 0), unit="s", utc=True)
    for column in _NUMBERS:
        if column in table:
            table[column] = pd.to_numeric(table[column], errors="coerce")
    return table
