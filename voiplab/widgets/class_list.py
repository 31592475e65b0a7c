"""A class list: what it would do, and doing it."""

import base64
from collections.abc import Callable
from html import escape

import ipywidgets

from voiplab.config import Exchange, Row, read_class_list
from voiplab.errors import ConfigError
from voiplab.widgets.button import button, row
from voiplab.widgets.field import Field
from voiplab.widgets.table import Table
from voiplab.widgets.words import _, ngettext

_EXAMPLE = "extension,name,phone\n2101,Ada,softphone\n2102,Grace,none"


class ClassList(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """A class list as text, from a file or typed, and what would become of each of its rows.

    Args:
        exchange: returns the configuration in force.
        written: returns the present users as a class list.
        add: is given the rows to add when that is clicked.

    Attributes:
        text: the field that holds the list.
        rows: what would become of each row.
    """

    def __init__(
        self,
        *,
        exchange: Callable[[], Exchange],
        written: Callable[[], str],
        add: Callable[[list[Row]], object],
    ) -> None:
        self._exchange = exchange
        self._written = written
        self._add = add
        self.rows: list[Row] = []
        self.text = Field(
            _("Class list (CSV)"), kind="lines", placeholder=_EXAMPLE, check=self._read
        )
        self.upload = Field(_("From a file"), kind="file")
        self.upload.on_file(self._uploaded)
        self._link = ipywidgets.HTML()
        self.table = Table(
            {"line": _("Line"), "who": _("User"), "outcome": _("What would happen")},
            key="line",
            caption=_("What would become of each row of the class list"),
            empty=_(
                "Type or upload a list: here stands what it would do, before anything is done."
            ),
        )
        self.add_all = button(_("Add them"), self._clicked, kind="main")
        super().__init__(
            [
                row(
                    self.upload, button(_("Write down the present users"), self.export), self._link
                ),
                self.text,
                self.table,
                row(self.add_all),
            ]
        )
        self.add_class("voiplab-class-list")
        self._read("")

    def _uploaded(self, name: str, content: bytes) -> None:
        try:
            self.text.value = content.decode("utf-8-sig")
            self.upload.sentence = ""
        except UnicodeDecodeError:
            self.upload.sentence = _(
                "{name} is not a text in UTF-8: save it as “CSV UTF-8”, then choose it again."
            ).format(name=name)

    def _read(self, text: str) -> None:
        """Find out what the text would do; a `ConfigError` is shown beside it."""
        self.rows = []
        try:
            if text.strip():
                self.rows = read_class_list(text, self._exchange())
        finally:
            self.table.show(_shown(found) for found in self.rows)
            adding = [found for found in self.rows if found.outcome == "add"]
            wrong = sum(found.outcome == "wrong" for found in self.rows)
            self.add_all.disabled = not adding or wrong > 0
            self.add_all.description = (
                ngettext("Add {count} user", "Add {count} users", len(adding))
                if adding
                else _("Add them")
            )
        if wrong:
            raise ConfigError(
                ngettext(
                    "{count} row can't be: put it right, then the list can be added.",
                    "{count} rows can't be: put them right, then the list can be added.",
                    wrong,
                )
            )

    def read_again(self) -> None:
        """Find out anew: the users may have changed."""
        self.text.check()

    def _clicked(self) -> None:
        self.read_again()
        if not self.add_all.disabled:
            self._add([found for found in self.rows if found.outcome == "add"])

    def export(self) -> None:
        """Write the present users down, and offer the file."""
        text = self._written()
        self.text.value = text
        coded = base64.b64encode(text.encode("utf-8-sig")).decode()
        self._link.value = (
            f'<a download="class-list.csv" href="data:text/csv;base64,{coded}">'
            f"{escape(_('Download class-list.csv'))}</a>"
        )


def _shown(found: Row) -> dict[str, object]:
    outcome = {
        "add": _("would be added"),
        "there": _("is there already, and stays as it is"),
        "wrong": found.reason,
    }[found.outcome]
    who = f"{found.user.extension} {found.user.name}".strip() if found.user else ""
    tone = {"add": "good", "there": "", "wrong": "bad"}[found.outcome]
    return {"line": str(found.line), "who": who, "outcome": outcome, "tones": {"outcome": tone}}
