"""The ladder as a piece of a page."""

import re
from html.parser import HTMLParser

import pytest

from voiplab.packets import Actor, Arrow, Band, Capture, Flow, Ladder
from voiplab.packets.legend import COLOURS, MEDIA, MEDIA_GROUND

NASTY = "<script>alert(1)</script>\"'&<img src=x onerror=alert(1)>"
# What JupyterLab 4.6 lets through where a notebook is not trusted (apputils, sanitizer.ts).
LEFT_WHEN_NOT_TRUSTED = {"div", "details", "summary", "span", "b", "pre", "p"}


class Page(HTMLParser):
    """Elements with their attributes, and texts with the elements that they stand in."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.texts, self._open = [], [], []
        self.feed(html)
        self.unclosed = self._open

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self._open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        self.texts.append((tuple(self._open), data))


def call(*rungs):
    return Ladder((Actor("192.0.2.1", "phone"), Actor("192.0.2.2", "Asterisk")), rungs)


def invite(**changes):
    fields = {"label": "INVITE", "kind": "request", "text": "INVITE sip:a@b SIP/2.0\nTo: a"}
    return Arrow(time_s=0.5, src=0, dst=1, **fields | changes)


def test_each_message_opens_from_its_arrow(captures):
    ladder = Ladder.of(Capture.open(captures / "baresip-opus.pcap"))
    page = Page(ladder.html())
    assert page.unclosed == []
    told = [text for where, text in page.texts if where[-1] == "pre"]
    assert told[0] == ladder.arrows[0].text.rstrip()
    rungs = len(ladder.rungs) + sum(len(band.flows) - 1 for band in ladder.bands)
    assert len(told) == rungs
    summaries = [attributes for tag, attributes in page.elements if tag == "summary"]
    assert len(summaries) == rungs
    assert summaries[0]["title"].startswith("0.000 s 172.20.0.5 → 172.20.0.4: INVITE sip:bert@")


def test_it_needs_neither_script_nor_address_nor_id(captures):
    html = Ladder.of(Capture.open(captures / "baresip-opus.pcap")).html()
    page = Page(html)
    for tag, attributes in page.elements:
        assert tag not in {"script", "link", "iframe", "object", "img"}
        assert not {"id", "src", "href", "xlink:href"} & set(attributes)
        assert not any(name.startswith("on") for name in attributes)
    style = next(text for where, text in page.texts if where[-1] == "style")
    assert "url(" not in style
    assert "@import" not in style


@pytest.mark.parametrize("field", ["label", "text"])
def test_what_came_from_the_network_stays_text(field):
    page = Page(call(invite(**{field: NASTY})).html())
    assert {tag for tag, _ in page.elements} == LEFT_WHEN_NOT_TRUSTED | {
        "style", "svg", "line", "path",
    }  # fmt: skip
    assert any(NASTY in text for _, text in page.texts)


def test_names_and_codecs_stay_text_too():
    band = Band(0.0, 1.0, (0, 1), (Flow(0, 1, NASTY, 3, NASTY),))
    ladder = Ladder((Actor(NASTY, NASTY), Actor("192.0.2.2", NASTY)), (band,))
    assert not any(tag in {"script", "img"} for tag, _ in Page(ladder.html()).elements)


def test_without_svg_and_style_it_reads_as_sentences():
    page = Page(call(invite()).html())
    words = "".join(
        text for where, text in page.texts if where[-1] != "style" and "summary" in where
    )
    assert words.strip() == "0.500 s phone → Asterisk: INVITE"
    assert not [text for where, text in page.texts if "svg" in where and text.strip()]


def test_media_lies_under_what_happens_meanwhile():
    band = Band(0.0, 2.0, (0, 1), (Flow(0, 1, "PCMU", 100), Flow(1, 0, "PCMU", 99)))
    during, after = invite(), Arrow(3.0, 0, 1, "BYE", "request", "BYE")
    page = call(band, during, after).html()
    assert page.count('class="vl-ground"') == 3
    assert page.rindex('class="vl-ground"') < page.index("BYE")


def test_a_retransmission_looks_another_way():
    assert "vl-request vl-again" in call(invite(retransmitted=True)).html()
    assert "vl-request vl-again" not in call(invite()).html()


def test_a_long_ladder_is_cut_with_a_sentence():
    assert "… and 5 more" in call(*[invite()] * 9).html(most=4)
    assert "more</p>" not in call(*[invite()] * 9).html()


def test_a_notebook_shows_the_same():
    ladder = call(invite())
    assert ladder._repr_html_() == ladder.html()


def test_an_empty_ladder_says_so():
    assert "No message was captured" in Ladder((), ()).html()


def luminance(colour):
    parts = [int(pair, 16) / 255 for pair in re.findall("[0-9A-Fa-f]{2}", colour)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    """WCAG 2.1, the definition of contrast ratio."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colour", [*COLOURS.values(), MEDIA])
def test_labels_can_be_read_on_either_ground(colour):
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    for theme, paper in enumerate(("#FFFFFF", "#181818")):
        assert contrast(colour[theme], paper) >= 4.5
        assert contrast(colour[theme], MEDIA_GROUND[theme]) >= 4.5
