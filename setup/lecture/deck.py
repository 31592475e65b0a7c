"""Which slides a chapter makes: a heading begins one, code and what it shows follow beneath."""

import ast
from dataclasses import dataclass, field

from nbformat import NotebookNode

from lecture.prose import Block, blocks, brief, opening, question, statement

NAVIGATION = "navigation"
LEAD, READING, ITEM = 230, 170, 150
"""How many characters of a paragraph, of a result's reading, of a list's item, a slide shows."""
SHORT = 120
"""So many characters leave room for code and a table beneath them; a picture needs it all."""
TITLE = 90
"""The longest title, in characters, that is made of what leads to a slide."""
STRIP_LINES = 3
"""So much code stands above what it shows; more gets a slide of its own."""


@dataclass
class Slide:
    """A slide.

    Attributes:
        title: its heading.
        level: 1 for the first of all, 2 for one that begins a section, 3 for one beneath that.
        text: what it says, in Markdown.
        source: the code that it shows.
        outputs: what that code showed.
        reading: what is to be seen there, shown when the teacher asks for it.
        notes: what the teacher reads: the chapter's whole prose.
    """

    title: str
    level: int
    text: list[str] = field(default_factory=list)
    source: str = ""
    outputs: list[NotebookNode] = field(default_factory=list)
    reading: str = ""
    notes: list[str] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether there is nothing on it yet but its heading and what leads to it."""
        return not self.source and not self.outputs and len(self.text) <= 1


def slides_of(notebook: NotebookNode) -> list[Slide]:
    """Return a chapter's slides."""
    first, *others = notebook.cells
    deck = _Deck(_title_slide(notebook))
    for block in blocks(first.source):
        if block.level != 1 and not _is_facts(block):
            deck.add(block)
    for cell in others:
        if NAVIGATION in cell.metadata.get("tags", ()):
            continue
        if cell.cell_type == "markdown":
            for block in blocks(cell.source):
                deck.add(block)
        elif not _only_imports(cell.source):
            deck.add_code(cell.source, cell.get("outputs", []))
    return deck.slides


def _title_slide(notebook: NotebookNode) -> Slide:
    title = blocks(notebook.cells[0].source)[0].title
    facts = notebook.metadata.get("voiplab", {})
    slide = Slide(title, level=1)
    if facts:
        slide.text = [f"{facts['question']}", f"*{facts['minutes']} minutes*"]
    return slide


def _is_facts(block: Block) -> bool:
    return block.kind == "table" and "| Time |" in block.text


def _only_imports(source: str) -> bool:
    try:
        body = ast.parse(source).body
    except SyntaxError:  # a line for IPython
        return False
    return all(isinstance(each, ast.Import | ast.ImportFrom) for each in body)


class _Deck:
    def __init__(self, title: Slide) -> None:
        self.slides = [title]
        self._section = title.title
        self._leads_to = ""

    @property
    def _last(self) -> Slide:
        return self.slides[-1]

    def add(self, block: Block) -> None:
        match block.kind:
            case "heading":
                self._begin(block)
            case "paragraph":
                self._say(block.text)
            case "list":
                self._show(brief(block.text, ITEM))
                self._last.notes.append(block.text)
            case "html":
                self._last.notes.append(block.text)
            case _:
                self._show(block.text)

    def add_code(self, source: str, outputs: list[NotebookNode]) -> None:
        together = bool(outputs) and len(source.splitlines()) <= STRIP_LINES
        said = "".join(self._last.text)
        most = 0 if any("image/png" in each.get("data", {}) for each in outputs) else SHORT
        if not self._last.is_open or self._last.level == 1 or (together and len(said) > most):
            self._beneath()
        self._last.source = source
        if outputs and not together:
            self.slides.append(Slide(self._last.title, level=3))
        self._last.outputs = outputs

    def _begin(self, heading: Block) -> None:
        level = min(heading.level, 3)
        if level == 2:  # noqa: PLR2004 - Markdown's own
            self._section = heading.title
        self.slides.append(Slide(heading.title, level))
        self._leads_to = ""

    def _beneath(self) -> None:
        fits = 0 < len(self._leads_to) <= TITLE
        title = self._leads_to if fits else self._section
        self.slides.append(Slide(title, level=3))
        self._leads_to = ""

    def _say(self, paragraph: str) -> None:
        slide = self._last
        slide.notes.append(paragraph)
        self._leads_to = question(paragraph)
        if slide.outputs and not slide.reading:
            slide.reading = statement(paragraph, READING)
        elif slide.is_open and not slide.text:
            slide.text.append(opening(paragraph, LEAD))

    def _show(self, text: str) -> None:
        if not self._last.is_open:
            self._beneath()
        self._last.text.append(text)
