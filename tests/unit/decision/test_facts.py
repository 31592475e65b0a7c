"""Facts and the tables that are made of them: each cell with its source and date."""

import pytest

from voiplab.decision import Facts
from voiplab.errors import DecisionError

HEAD = "solution,field,value,dated,source\n"
TEXT = HEAD + (
    "Asterisk,licence,GPLv2,2024,asterisk-licence\n"
    "Asterisk,users,1600,2014-07,load-test\n"
    "3CX,licence,proprietary | by calls,,3cx-licence\n"
)


@pytest.fixture
def facts(tmp_path):
    path = tmp_path / "solutions.csv"
    path.write_text(TEXT)
    return Facts.read(path)


def test_a_fact_keeps_its_source_and_date(facts):
    fact = facts.of("Asterisk", "licence")
    assert (fact.value, fact.dated, fact.source) == ("GPLv2", "2024", "asterisk-licence")
    assert facts.number("Asterisk", "users") == 1600
    assert (facts.solutions, facts.fields) == (("Asterisk", "3CX"), ("licence", "users"))


def test_a_table_links_each_cell_to_its_source(facts):
    lines = facts.compare("licence", "users")._repr_markdown_().splitlines()
    assert lines[:2] == ["|  | licence | users |", "| --- | --- | --- |"]
    assert lines[2].split(" | ") == [
        "| **Asterisk**",
        "GPLv2 [2024](sources.ipynb#asterisk-licence)",
        "1600 [2014](sources.ipynb#load-test) |",
    ]
    assert lines[3].split(" | ")[1:] == [
        "proprietary \\| by calls [n.d.](sources.ipynb#3cx-licence)",
        "— |",
    ]


def test_a_table_can_be_turned(facts):
    lines = facts.compare("licence", "users").T._repr_markdown_().splitlines()
    assert lines[0] == "|  | Asterisk | 3CX |"
    assert lines[3] == "| **users** | 1600 [2014](sources.ipynb#load-test) | — |"
    assert facts.compare("licence", "users").T.table().loc["users", "Asterisk"] == "1600"


def test_a_table_has_only_solutions_of_which_something_is_known(facts):
    assert facts.compare("users").solutions == ("Asterisk",)
    assert facts.compare("users", solutions=["3CX"]).table().loc["3CX", "users"] == "—"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("solution,value\nAsterisk,GPL\n", "needs the columns"),
        (TEXT + "Asterisk,licence,MIT,2025,other\n", "tells Asterisk's licence twice"),
    ],
)
def test_a_file_that_holds_no_facts_is_refused(tmp_path, text, said):
    path = tmp_path / "solutions.csv"
    path.write_text(text)
    with pytest.raises(DecisionError, match=said):
        Facts.read(path)


def test_what_is_not_known_is_said(facts):
    with pytest.raises(DecisionError, match="Nothing is known of 3CX's users"):
        facts.of("3CX", "users")
    with pytest.raises(DecisionError, match="is no number"):
        facts.number("Asterisk", "licence")
    with pytest.raises(DecisionError, match="Nothing is known of colour"):
        facts.compare("colour")
