"""A table of rows, of which one can be chosen."""

from collections.abc import Iterable, Mapping
from typing import Any

import anywidget
import traitlets

from voiplab.widgets.report import STATIC


class Table(anywidget.AnyWidget):
    """A table, whose rows may be chosen with the mouse or the arrow keys.

    Args:
        columns: the names of the cells of a row, each with its heading.
        key: the cell that tells a row from others.
        caption: what the table shows, for a screen reader.
        empty: what to say when there are no rows.
        choosable: whether a row can be chosen.

    Attributes:
        rows: a dict a row. ``tones`` among its cells colours others: ``{"state": "good"}``, or
            ``wait`` or ``bad``; what they say is said in words all the same.
        chosen: the key of the chosen row, or "".
    """

    _esm = STATIC / "table.js"

    columns: traitlets.List[list[str]] = traitlets.List().tag(sync=True)
    rows: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)
    key = traitlets.Unicode().tag(sync=True)
    caption = traitlets.Unicode().tag(sync=True)
    empty = traitlets.Unicode().tag(sync=True)
    choosable = traitlets.Bool(default_value=False).tag(sync=True)
    chosen = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        columns: Mapping[str, str],
        *,
        key: str,
        caption: str,
        empty: str,
        choosable: bool = False,
    ) -> None:
        super().__init__(
            columns=[list(column) for column in columns.items()],
            key=key,
            caption=caption,
            empty=empty,
            choosable=choosable,
        )
        self.on_msg(self._hear)

    def _hear(self, _widget: object, content: dict[str, Any], _buffers: object) -> None:
        if content.get("order") == "choose":
            self.set_state({"chosen": content["key"]})

    def show(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Show other rows; what was chosen and is gone is chosen no more."""
        found = [dict(row) for row in rows]
        with self.hold_sync():
            self.rows = found
            if self.chosen not in {str(row[self.key]) for row in found}:
                self.chosen = ""
