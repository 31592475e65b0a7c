"""One labelled control, with what is wrong with its value beside it."""

from collections.abc import Callable, Iterable
from typing import Any, Literal

import anywidget
import traitlets

from voiplab.errors import VoipLabError
from voiplab.widgets.report import STATIC

Kind = Literal["text", "password", "lines", "number", "range", "switch", "choice", "file"]


class Field(anywidget.AnyWidget):
    """A control with a label, a value, and a sentence about it.

    Args:
        label: what it is called.
        kind: ``text``, ``password``, ``lines`` (of text), ``number``, ``range`` (a slider),
            ``switch`` (on or off), ``choice`` or ``file`` (to be read: see :meth:`on_file`).
        value: what it holds at first.
        options: of a choice: its keys with what they are called; of a text: what may be chosen
            instead of being typed.
        least: the least value of a number or range.
        most: the greatest one.
        step: from one value to the next.
        unit: what it is measured in.
        placeholder: an example of a value.
        check: is given each value as it is typed; a `VoipLabError` that it raises is shown.

    Attributes:
        value: a str; of a number or range a float, or None; of a switch a bool.
        sentence: what is wrong with it, or "".
        disabled: whether it can't be changed.

    >>> Field("Extension", value="2001").right
    True
    """

    _esm = STATIC / "field.js"

    label = traitlets.Unicode().tag(sync=True)
    kind = traitlets.Unicode("text").tag(sync=True)
    # An echo of a value would take back what was typed after it.
    value = traitlets.Any().tag(sync=True, echo_update=False)
    options: traitlets.List[list[str]] = traitlets.List().tag(sync=True)
    min = traitlets.Float(None, allow_none=True).tag(sync=True)
    max = traitlets.Float(None, allow_none=True).tag(sync=True)
    step = traitlets.Float(None, allow_none=True).tag(sync=True)
    unit = traitlets.Unicode().tag(sync=True)
    placeholder = traitlets.Unicode().tag(sync=True)
    sentence = traitlets.Unicode().tag(sync=True)
    disabled = traitlets.Bool(default_value=False).tag(sync=True)

    def __init__(  # noqa: PLR0913 - all but the label are named
        self,
        label: str,
        *,
        kind: Kind = "text",
        value: Any = "",  # noqa: ANN401 - what each kind holds
        options: Iterable[tuple[str, str]] = (),
        least: float | None = None,
        most: float | None = None,
        step: float | None = None,
        unit: str = "",
        placeholder: str = "",
        check: Callable[[Any], object] | None = None,
    ) -> None:
        super().__init__(
            label=label,
            kind=kind,
            value=value,
            options=[list(option) for option in options],
            min=least,
            max=most,
            step=step,
            unit=unit,
            placeholder=placeholder,
        )
        self._check = check
        self._submitted: list[Callable[[], None]] = []
        self._chosen_files: list[Callable[[str, bytes], None]] = []
        self.observe(lambda _change: self.check(), "value")
        self.on_msg(self._hear)

    def check(self) -> bool:
        """Check the value now, show what is wrong with it, and return whether it is right."""
        self.sentence = self._wrong()
        return self.right

    def _wrong(self) -> str:
        if self._check is not None:
            try:
                self._check(self.value)
            except VoipLabError as error:
                return str(error)
        return ""

    @property
    def right(self) -> bool:
        """Whether nothing is wrong with the value, as far as it was checked."""
        return not self.sentence

    def on_submit(self, act: Callable[[], None]) -> None:
        """Do something when Enter is pressed in it."""
        self._submitted.append(act)

    def on_file(self, read: Callable[[str, bytes], None]) -> None:
        """Have each file that is chosen read: its name and its content."""
        self._chosen_files.append(read)

    def _hear(self, _widget: object, content: dict[str, Any], buffers: list[memoryview]) -> None:
        if content.get("order") == "value":
            # Set as from the page: what is typed meanwhile must not be overwritten by its echo.
            self.set_state({"value": content["value"]})
        elif content.get("order") == "submit":
            for act in self._submitted:
                act()
        elif content.get("order") == "file":
            for read in self._chosen_files:
                read(str(content["name"]), bytes(buffers[0]))
