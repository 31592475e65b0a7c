"""The report as a page: self-contained, and told in words as well as in pictures."""

import re
from html.parser import HTMLParser

import pytest

from voiplab.errors import EvidenceError


class Page(HTMLParser):
    """What a page consists of."""

    def __init__(self, text):
        super().__init__()
        self.elements = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def all(self, name):
        return [attributes for tag, attributes in self.elements if tag == name]


@pytest.fixture
def page_text(plan):
    return plan.html()


def test_the_page_needs_nothing_but_itself(page_text):
    page = Page(page_text)
    addresses = [
        each[name] for _, each in page.elements for name in ("src", "href") if each.get(name)
    ]
    assert addresses
    assert all(each.startswith(("data:", "#")) for each in addresses)
    assert not page.all("script")
    assert not page.all("link")


def test_every_case_has_its_protocol_and_every_picture_its_text(page_text, plan):
    page = Page(page_text)
    ids = [each["id"] for each in page.all("section") if "id" in each]
    assert ids == [case.key for case in plan.cases]
    assert page_text.count("<dt>Initial state</dt>") == 3
    assert "Not run. It needs what failed before." in page_text
    pictures = page.all("img")
    assert len(pictures) >= 4
    assert all(len(each["alt"]) > 20 for each in pictures)
    assert any("refused: 403 Forbidden" in each["alt"] for each in pictures)


def test_what_was_said_and_heard_can_be_listened_to(page_text):
    players = Page(page_text).all("audio")
    assert len(players) == 3  # in that call, one of the two said nothing
    assert all(each["src"].startswith("data:audio/flac;base64,") for each in players)


def test_markup_and_control_characters_stay_text(page_text):
    assert "2002 &lt;back&gt;" in page_text
    assert "\x07" not in page_text


def test_an_outcome_is_told_by_more_than_colour(page_text):
    badges = re.findall(r'class="badge ([a-z-]+)">(.) ([a-z ]+)<', page_text)
    assert set(badges) == {
        ("passed", "✓", "passed"),
        ("failed", "✗", "failed"),
        ("not-run", "–", "not run"),
    }


def test_evidence_that_is_gone_is_told(plan, tmp_path):
    exhibit = plan["calls"].exhibits[0].model_copy(update={"folder": tmp_path})
    gone = plan["calls"].model_copy(update={"exhibits": (exhibit,)})
    with pytest.raises(EvidenceError, match="is not a call's evidence"):
        plan.model_copy(update={"cases": (gone,)}).html()
