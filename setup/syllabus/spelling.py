"""Spelling, British: words that no dictionary and no list of the project's own knows.

Three lists decide: Hunspell's for English as it is spelt in America, codespell's of words that are
spelt otherwise in Britain, and words.txt, the project's own.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

from spylls.hunspell import Dictionary

WORDS = Path(__file__).with_name("words.txt")
# With its apostrophes; what has a digit in it, or an underscore or a dot, is a name.
WORD = re.compile(r"(?<![\w.@/])[^\W\d_]+(?:'[^\W\d_]+)*(?![\w@/]|\.\w)")
# SIP, RFCs: what a dictionary of acronyms would be for.
ACRONYM = re.compile(r"[A-Z]{2,}s?")


def words_in(text: str) -> Iterator[str]:
    """Yield the words of a text that can be misspelt.

    >>> list(words_in("The PBX's call-back took 20 ms; see extensions.conf, in Zoë's words."))
    ['The', 'call', 'back', 'took', 'ms', 'see', 'in', 'Zoë', 'words']
    """
    for found in WORD.finditer(text.replace("\u2019", "'")):
        word = found[0].removesuffix("'s")
        if not ACRONYM.fullmatch(word):
            yield word


@cache
def _american() -> Dictionary:
    return Dictionary.from_files(str(files("spylls") / "hunspell" / "data" / "en" / "en_US"))


@cache
def _across_the_atlantic() -> dict[str, str]:
    """Return American spellings by British ones."""
    table = files("codespell_lib") / "data" / "dictionary_en-GB_to_en-US.txt"
    lines = (line.partition("->") for line in table.read_text(encoding="utf-8").splitlines())
    return {british: american.rstrip(",") for british, _, american in lines}


@cache
def _is_british(word: str) -> bool:
    across = _across_the_atlantic()
    low = word.lower()
    if low in across:
        return True
    return low not in across.values() and bool(_american().lookup(word))


def own_words(path: Path = WORDS) -> list[str]:
    """Return the project's own list, in its order."""
    return path.read_text(encoding="utf-8").split()


def misspelt(text: str, own: Iterable[str]) -> list[str]:
    """Return the words of a text that nothing knows, each once, in their order.

    A word of the project's own in lower case is right at the start of a sentence, too.

    >>> misspelt("The colour of a softphone is gray, is'nt it?", ["softphone"])
    ['gray', "is'nt"]
    """
    own = set(own)
    return list(
        dict.fromkeys(
            word
            for word in words_in(text)
            if word not in own and _lowered(word) not in own and not _is_british(word)
        )
    )


def unused(texts: Iterable[str], own: Iterable[str]) -> list[str]:
    """Return the words of the project's own list that no text needs."""
    said = {word for text in texts for word in words_in(text)}
    said |= {_lowered(word) for word in said}
    return [word for word in own if word not in said or _is_british(word)]


def _lowered(word: str) -> str:
    return word[:1].lower() + word[1:]
