"""A class list: users as a spreadsheet's rows (CSV, RFC 4180), without their passwords."""

import csv
import io
from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Literal

from voiplab.config.exchange import Exchange
from voiplab.config.user import BROWSER_CODECS, PHONE_CODECS, Mailbox, User
from voiplab.errors import ConfigError

Phone = Literal["softphone", "browser", "none"]

COLUMNS = ("extension", "name", "phone", "codecs", "voicemail")
_NEEDED = ("extension",)
_PHONES: dict[str, Phone] = {
    "": "softphone",
    "softphone": "softphone",
    "yes": "softphone",
    "browser": "browser",
    "no": "none",
    "none": "none",
}
_SWITCHES = {"": False, "no": False, "yes": True}
_SEPARATORS = ",;\t"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row of a class list, and what would become of it.

    Attributes:
        line: the line of the text on which it ends, counted from 1.
        outcome: ``add``, ``there`` (that user is there already, and stays as it is) or ``wrong``.
        user: who it describes; None when it is wrong.
        phone: what phone the user is to have.
        reason: what is wrong, in a sentence, or "".
    """

    line: int
    outcome: Literal["add", "there", "wrong"]
    user: User | None = None
    phone: Phone = "softphone"
    reason: str = ""


def read_class_list(text: str, exchange: Exchange) -> list[Row]:
    r"""Read a class list and find out what would become of each row; nothing is changed.

    Args:
        text: its first line names the columns: ``extension``, and any of ``name``, ``phone``
            (``softphone``, ``browser``, ``none``), ``codecs`` (with spaces between) and
            ``voicemail`` (``yes``, ``no``). Commas, semicolons or tabs stand between them.
        exchange: the exchange that the users would be added to.

    Returns:
        A row for each line that isn't blank.

    Raises:
        ConfigError: when the columns are not these.

    >>> rows = read_class_list("extension;name\n2001;Zoë\n20 02;Max\n", Exchange())
    >>> [(row.line, row.outcome) for row in rows]
    [(2, 'add'), (3, 'wrong')]
    """
    lines = text.lstrip("\ufeff").splitlines(keepends=True)
    first = next((at for at, line in enumerate(lines) if line.strip()), None)
    if first is None:
        raise ConfigError(
            f"The class list is empty: begin with a line such as {','.join(COLUMNS)}."
        )
    separator = max(_SEPARATORS, key=lines[first].count)
    records = _records(lines[first:], separator, first)
    try:
        columns = [name.strip().lower() for name in next(records)[1]]
        _check(columns)
        return list(_rows(records, columns, exchange))
    except csv.Error as error:
        raise ConfigError(f"The class list can't be read as CSV: {error}.") from None


def _records(lines: list[str], separator: str, before: int) -> Iterator[tuple[int, list[str]]]:
    """Each record's cells, with the line on which it ends, counted after the lines before."""
    reader = csv.reader(lines, delimiter=separator, skipinitialspace=True)
    for cells in reader:
        yield before + reader.line_num, cells


def _check(columns: list[str]) -> None:
    unknown = [name for name in columns if name not in COLUMNS]
    missing = [name for name in _NEEDED if name not in columns]
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if unknown or missing or twice:
        found = [
            *(f"{name!r:.40} is none of them" for name in unknown),
            *(f"{name!r} is missing" for name in missing),
            *(f"{name!r} stands there twice" for name in twice),
        ]
        raise ConfigError(
            f"The first line of a class list names its columns, of {', '.join(COLUMNS)}: "
            f"{'; '.join(found)}."
        )


def _rows(
    records: Iterator[tuple[int, list[str]]], columns: list[str], exchange: Exchange
) -> Iterator[Row]:
    there = {user.extension for user in exchange.users}
    lines: dict[str, int] = {}
    for line, cells in records:
        if not any(cell.strip() for cell in cells):
            continue
        try:
            user, phone = _described(cells, columns)
            _check_alone(user.extension, line, lines)
            if user.extension in there:
                yield Row(line=line, outcome="there", user=user, phone=phone)
                continue
            exchange = exchange.with_user(user)
        except ConfigError as error:
            yield Row(line=line, outcome="wrong", reason=str(error))
        else:
            yield Row(line=line, outcome="add", user=user, phone=phone)


def _check_alone(extension: str, line: int, lines: dict[str, int]) -> None:
    if lines.setdefault(extension, line) != line:
        raise ConfigError(
            f"{extension} stands on line {lines[extension]} too: leave one of the two out."
        )


def _described(cells: list[str], columns: list[str]) -> tuple[User, Phone]:
    if len(cells) > len(columns):
        raise ConfigError(
            f"it has {len(cells)} cells and there are {len(columns)} columns: put a cell that "
            'holds a separator between quotation marks (").'
        )
    row = dict.fromkeys(COLUMNS, "") | {
        name: cell.strip() for name, cell in zip(columns, cells, strict=False)
    }
    phone = _PHONES.get(row["phone"].lower())
    if phone is None:
        raise ConfigError(f"the phone is softphone, browser or none, not {row['phone']!r:.40}.")
    voicemail = _SWITCHES.get(row["voicemail"].lower())
    if voicemail is None:
        raise ConfigError(f"voicemail is yes or no, not {row['voicemail']!r:.40}.")
    codecs = tuple(row["codecs"].lower().split())
    if not codecs:
        codecs = BROWSER_CODECS if phone == "browser" else PHONE_CODECS
    user = User(
        extension=row["extension"],
        name=row["name"],
        codecs=codecs,
        webrtc=phone == "browser",
        mailbox=Mailbox() if voicemail else None,
    )
    return user, phone


def write_class_list(exchange: Exchange, softphones: Container[str]) -> str:
    """Write an exchange's users as a class list. Passwords and PINs are not in it.

    Args:
        exchange: whose users.
        softphones: the extensions that have a softphone.

    >>> exchange = Exchange(users=(User(extension="2001", name="Zoë", codecs=("alaw",)),))
    >>> print(write_class_list(exchange, {"2001"}))
    extension,name,phone,codecs,voicemail
    2001,Zoë,softphone,alaw,no
    <BLANKLINE>
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for user in sorted(exchange.users, key=lambda user: user.extension):
        phone = "softphone" if user.extension in softphones else "none"
        writer.writerow(
            [
                user.extension,
                user.name,
                "browser" if user.webrtc else phone,
                " ".join(user.codecs),
                "yes" if user.mailbox else "no",
            ]
        )
    return text.getvalue()
