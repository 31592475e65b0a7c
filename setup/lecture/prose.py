"""A chapter's prose, taken apart: blocks, and the sentences that a slide has room for."""

import re
from dataclasses import dataclass

from markdown_it import MarkdownIt

PARSER = MarkdownIt("commonmark").enable("table")
KINDS = {
    "heading_open": "heading",
    "bullet_list_open": "list",
    "ordered_list_open": "list",
    "table_open": "table",
    "fence": "code",
    "html_block": "html",
}
BETWEEN_SENTENCES = re.compile(r"""(?:(?<=[.!?])|(?<=[.!?][*”")])|(?<=[.!?]\*\*))\s+(?=[^a-z\s])""")
ITEM = re.compile(r"^(?P<mark>[*+-]|\d+[.)])\s+", re.MULTILINE)
RELATIVE_HREF = re.compile(r"""\s\bhref=(?P<mark>["'])(?!https?:|#)[^"']*(?P=mark)""")
RELATIVE_LINK = re.compile(r"(?<!!)\[(?P<text>[^\]]*)\]\((?!https?:)[^)]*\)")


@dataclass(frozen=True)
class Block:
    """A paragraph, heading, list, table, code or HTML.

    Attributes:
        kind: which of them.
        text: as it is written.
        level: a heading's; else 0.
    """

    kind: str
    text: str
    level: int = 0

    @property
    def title(self) -> str:
        """A heading's text."""
        return self.text.lstrip("# ")


def blocks(source: str) -> list[Block]:
    r"""Take a text apart. An answer that is folded away is one block.

    >>> [block.kind for block in blocks("## Two\n\nA line.\n\n* one\n* two\n")]
    ['heading', 'paragraph', 'list']
    """
    lines = source.splitlines()
    found: list[Block] = []
    end = 0
    folded = False
    for token in PARSER.parse(source):
        if token.level or token.map is None or token.map[0] < end:
            continue
        text = "\n".join(lines[slice(*token.map)]).strip()
        end = token.map[1]
        if folded:
            found[-1] = Block("html", f"{found[-1].text}\n\n{text}")
        else:
            level = int(token.tag[1]) if token.type == "heading_open" else 0
            found.append(Block(KINDS.get(token.type, "paragraph"), text, level))
        folded = found[-1].text.count("<details") > found[-1].text.count("</details")
    return found


def sentences(text: str) -> list[str]:
    """Cut a paragraph into its sentences, never inside of what is set in bold or as code.

    >>> sentences("320 numbers. They travel in **two. Or** three packets: 20 ms each.")
    ['320 numbers.', 'They travel in **two. Or** three packets: 20 ms each.']
    """
    found: list[str] = []
    held = ""
    for part in BETWEEN_SENTENCES.split(" ".join(text.split())):
        held = f"{held} {part}".strip()
        if held.count("**") % 2 == 0 and held.count("`") % 2 == 0:
            found.append(held)
            held = ""
    return [*found, held] if held else found


def opening(text: str, most: int) -> str:
    """Return as many whole sentences from the beginning as fit, and at least one.

    Args:
        text: a paragraph.
        most: how many characters fit.
    """
    first, *others = sentences(text)
    for sentence in others:
        if len(first) + 1 + len(sentence) > most:
            break
        first = f"{first} {sentence}"
    return first


def statement(text: str, most: int) -> str:
    """Return the sentences from the beginning that fit and say something, before one that asks.

    >>> statement("Nothing was lost. Was it in time? It was.", 80)
    'Nothing was lost.'
    >>> statement("What the PBX wrote:", 80)
    ''
    """
    said = ""
    for sentence in sentences(text):
        if sentence.endswith((":", "?")) or len(said) + len(sentence) > most:
            break
        said = f"{said} {sentence}".strip()
    return said


def question(text: str) -> str:
    """Return what a paragraph ends on when that leads to what comes next, else nothing.

    >>> question("One second is enough. Who is registered now?")
    'Who is registered now?'
    >>> question("What the PBX wrote:"), question("All is well.")
    ('What the PBX wrote', '')
    """
    last = sentences(text)[-1]
    return last.removesuffix(":") if last.endswith((":", "?")) else ""


def brief(text: str, most: int) -> str:
    r"""Shorten each item of a list to its first sentence where it is longer than fits.

    >>> print(brief("* **RTP makes a stream.** It numbers packets.\n* UDP\n", 30))
    * **RTP makes a stream.**
    * UDP
    """
    starts = [each.start() for each in ITEM.finditer(text)]
    items = [text[a:b] for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]
    shortened = []
    for item in items:
        mark = ITEM.match(item)
        words = " ".join(item[mark.end() :].split()) if mark else item
        kept = opening(words, most) if len(words) > most else words
        shortened.append(f"{mark['mark'] if mark else '*'} {kept}")
    return "\n".join(shortened)


def without_links(text: str) -> str:
    """Return a text whose links to other notebooks are but their words.

    >>> without_links("See [chapter 8](08-call-quality.ipynb).")
    'See chapter 8.'
    """
    return RELATIVE_LINK.sub(r"\g<text>", text)


def without_hrefs(page: str) -> str:
    """Return HTML whose links to other notebooks lead nowhere.

    >>> without_hrefs('<a href="sources.ipynb#itu-g114">2003</a>')
    '<a>2003</a>'
    """
    return RELATIVE_HREF.sub("", page)
