"""Spelling, British, in all that people read; and a list of words that holds none too many."""

from pathlib import Path

import pytest

from syllabus.links import texts_of
from syllabus.markdown import words_read
from syllabus.spelling import misspelt, own_words, unused

PROJECT = Path(__file__).parents[2]
PATTERNS = (
    "notebooks/*.ipynb",
    "labs/*/solution.ipynb",
    "README.md",
    "labs/README.md",
    "notebooks/README.md",
    "docker/*/README.md",
)
# Titles are spelt as their publishers spell them.
PAGES = [
    path
    for pattern in PATTERNS
    for path in sorted(PROJECT.glob(pattern))
    if path.name != "sources.ipynb"
]


@pytest.fixture(scope="module")
def own():
    return own_words()


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_all_words_are_spelt_as_in_britain(page, own):
    wrong = [word for text in texts_of(page) for word in misspelt(words_read(text), own)]
    assert wrong == []


def test_each_word_of_the_projects_own_list_is_used_and_needed(own):
    texts = [words_read(text) for page in PAGES for text in texts_of(page)]
    assert unused(texts, own) == []


def test_the_projects_own_list_is_sorted_and_has_each_word_once(own):
    assert own == sorted(set(own), key=lambda word: (word.casefold(), word))


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("The colour of a recieved packet", ["recieved"]),
        (
            "color, gray, behavior, center, organization",
            ["color", "gray", "behavior", "center", "organization"],
        ),
        ("colour, grey, behaviour, centre, organisation", []),
        ("The phone's and the phones' packets aren't lost", []),
        ("`recieved` in code, [the page](recieved.html)", []),
        ("<details><summary>Anwsers</summary>", ["Anwsers"]),
        ("| Tabel | of |\n|---|---|\n| fakts | 20ms |", ["Tabel", "fakts"]),
        ("# A headding\n\n![A pictuer](a.png)", ["headding", "pictuer"]),
        ("SIP, RTP and RFCs, in sip.conf, on host_name, of ada@example.org", []),
        ("A well-knwon number", ["knwon"]),
        ("Softphone, a softphone", []),
        ("A SoftPhone", ["SoftPhone"]),
    ],
)
def test_misspelt_words_are_found_and_others_are_not(text, wrong):
    assert misspelt(words_read(text), ["softphone"]) == wrong


def test_words_that_nobody_needs_are_found():
    assert unused(["A softphone rings."], ["ring", "softphone", "trunk"]) == ["ring", "trunk"]
    # Known to the dictionaries, so that there is no need to list it.
    assert unused(["A telephone rings."], ["telephone"]) == ["telephone"]
