"""What a text in Markdown holds: links, headings, and the words that people read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

PARSER = MarkdownIt("commonmark").enable("table")
TAG = re.compile(r"<[^>]*>")
TARGET = re.compile(r"""<(?:a|img)\b[^>]*?\b(?:href|src)\s*=\s*["'](?P<target>[^"']*)["']""")


@dataclass(frozen=True)
class Heading:
    """A heading.

    Attributes:
        level: 1 for a title.
        text: without its marks.
    """

    level: int
    text: str

    @property
    def in_jupyterlab(self) -> str:
        """The anchor that JupyterLab gives it.

        >>> Heading(2, "What `make lab` does").in_jupyterlab
        'What-`make-lab`-does'
        """
        return self.text.replace(" ", "-")

    @property
    def on_the_web(self) -> str:
        """The anchor that GitHub, and a site made by MyST, give it.

        >>> Heading(2, "macOS, Windows, other Linux").on_the_web
        'macos-windows-other-linux'
        """
        return re.sub(r"[^\w\- ]", "", self.text.strip().lower()).replace(" ", "-")


def targets(text: str) -> list[str]:
    """Return where links and pictures lead, in the order of the text.

    >>> targets("See [the map](index.ipynb) and ![a ladder](data/ladder.png), not `[x](y)`.")
    ['index.ipynb', 'data/ladder.png']
    """
    found: list[str] = []
    for token in _leaves(PARSER.parse(text)):
        match token.type:
            case "link_open":
                found.append(str(token.attrGet("href")))
            case "image":
                found.append(str(token.attrGet("src")))
            case "html_inline" | "html_block":
                found += TARGET.findall(token.content)
    return found


def headings(text: str) -> list[Heading]:
    """Return the headings, in their order.

    >>> headings("## A *second* one")
    [Heading(level=2, text='A second one')]
    """
    tokens = PARSER.parse(text)
    return [
        Heading(int(token.tag[1]), _text_of(inline))
        for token, inline in pairwise(tokens)
        if token.type == "heading_open"
    ]


def words_read(text: str) -> str:
    """Return what people read as prose: neither code, nor addresses, nor marks.

    >>> words_read("Type `sipp -sn uac`, as [the manual](sources.ipynb#uac) says.")
    'Type  , as the manual says.'
    """
    return " ".join(_text_of(token) for token in PARSER.parse(text) if _is_prose(token)).strip()


def _is_prose(token: Token) -> bool:
    return token.type in {"inline", "html_block"}


def _text_of(token: Token) -> str:
    if token.type == "html_block":
        return TAG.sub(" ", token.content)
    parts = []
    for child in token.children or ():
        match child.type:
            case "text":
                parts.append(child.content)
            case "image":
                parts.append(child.content)
            case "code_inline" | "softbreak" | "hardbreak":
                parts.append(" ")
    return "".join(parts)


def _leaves(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _leaves(token.children or [])
