"""Buttons, rows of them, and a question before what can't be undone."""

from collections.abc import Callable
from html import escape
from typing import Literal

import ipywidgets

from voiplab.widgets.words import _


def button(
    label: str,
    act: Callable[[], object],
    *,
    kind: Literal["plain", "main", "stop"] = "plain",
    hint: str = "",
) -> ipywidgets.Button:
    """Return a button.

    Args:
        label: what it does, a verb.
        act: does it when it is clicked.
        kind: ``main`` for what the panel is for, ``stop`` for what ends something.
        hint: more about it, shown when the mouse rests on it.
    """
    made = ipywidgets.Button(description=label, tooltip=hint or None)
    made.add_class("voiplab-button")
    made.add_class(f"voiplab-{kind}")
    made.on_click(lambda _button: act())
    return made


def row(*widgets: ipywidgets.Widget) -> ipywidgets.HBox:
    """Return widgets side by side, in as many lines as they need."""
    made = ipywidgets.HBox(list(widgets))
    made.add_class("voiplab-row")
    return made


class Question(ipywidgets.HBox):  # type: ignore[misc]  # ipywidgets has no types
    """A question that is asked before something is done; not there until it is asked."""

    def __init__(self) -> None:
        self._sentence = ipywidgets.HTML()
        self._act: Callable[[], object] = lambda: None
        self._back: ipywidgets.Widget | None = None
        self._yes = button("", self.yes, kind="stop")
        self._no = button(_("Keep"), self.no)
        super().__init__([self._sentence, self._yes, self._no])
        self.add_class("voiplab-question")
        self.layout.display = "none"

    def ask(
        self, sentence: str, yes: str, act: Callable[[], object], *, back: ipywidgets.Widget
    ) -> None:
        """Ask.

        Args:
            sentence: the question.
            yes: what the button that does it says, a verb.
            act: does it.
            back: what has the keyboard after the answer.
        """
        self._act, self._back = act, back
        self._yes.description = yes
        self._sentence.value = f'<span role="alert">{escape(sentence)}</span>'
        self.layout.display = None
        self._no.focus()

    @property
    def asked(self) -> bool:
        """Whether it waits for an answer."""
        return bool(self.layout.display != "none")

    def yes(self) -> None:
        """Do what was asked about."""
        if self.asked:
            self.no()
            self._act()

    def no(self) -> None:
        """Leave it."""
        if self.asked and self._back is not None:
            self._back.focus()
        self.layout.display = "none"
        self._sentence.value = ""
