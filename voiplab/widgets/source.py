"""Text that is read as lines: a file, a difference, a log."""

from html import escape

import ipywidgets

_TONES = {"+": "voiplab-added", "-": "voiplab-removed", "@": "voiplab-place"}


class Source(ipywidgets.HTML):  # type: ignore[misc]  # ipywidgets has no types
    """Lines of text, that scroll inside their frame and can be reached by keyboard.

    Args:
        label: what they are, for a screen reader.
        follows: whether the last line is shown rather than the first.

    >>> source = Source("Log")
    >>> source.show("2 < 3")
    >>> "2 &lt; 3" in source.value
    True
    """

    def __init__(self, label: str, *, follows: bool = False) -> None:
        super().__init__()
        self._label = label
        self.text: str | None = None
        self.add_class("voiplab-source")
        if follows:
            self.add_class("voiplab-follows")

    def show(self, text: str) -> None:
        """Show a text as it is."""
        self._show(text, escape(text))

    def show_difference(self, text: str) -> None:
        """Show a unified difference, its lines coloured by what became of them."""
        self._show(text, "\n".join(_coloured(line) for line in text.splitlines()))

    def _show(self, text: str, marked: str) -> None:
        if text != self.text:
            self.text = text
            label = escape(self._label, quote=True)
            self.value = f'<pre tabindex="0" role="region" aria-label="{label}">{marked}</pre>'


def _coloured(line: str) -> str:
    heading = line.startswith(("+++", "---"))
    tone = "voiplab-file" if heading else _TONES.get(line[:1], "")
    return f'<span class="{tone}">{escape(line)}</span>' if tone else escape(line)
