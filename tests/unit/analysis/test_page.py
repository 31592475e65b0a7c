"""The report as a page."""

import io
from base64 import b64decode
from html.parser import HTMLParser

import pytest
import soundfile

from voiplab.analysis import Report
from voiplab.packets import Capture, pcap_bytes


class Page(HTMLParser):
    """Elements with their attributes, and all text but the style sheets."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.text, self._in_style = [], "", False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self._in_style = tag == "style"

    def handle_endtag(self, tag):
        if tag == "style":
            self._in_style = False

    def handle_data(self, data):
        if not self._in_style:
            self.text += data

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


def page_of(capture):
    return Page(Report(capture).html())


@pytest.fixture(scope="module")
def impaired(captures):
    return page_of(Capture.open(captures / "impaired-g722.pcap"))


def test_it_says_what_the_terminal_says(impaired):
    for said in ("anna", "bert", "200 Answering", "b2a7415dca0e4458", "160", "5.4 %", "80 ms from"):
        assert said in impaired.text
    assert len(impaired.all("details")) == 12


def test_figures_have_a_text_that_says_the_same(impaired):
    pictures = impaired.all("img")
    assert len(pictures) == 2
    for each in pictures:
        assert each["src"].startswith("data:image/png;base64,")
        assert "172.20.0.4 → 172.20.0.5" in each["alt"]
        assert each["alt"] in impaired.text


def test_each_stream_can_be_listened_to(impaired):
    sounds = impaired.all("audio")
    assert len(sounds) == 2
    for each in sounds:
        kind, _, content = each["src"].partition(",")
        assert kind == "data:audio/flac;base64"
        samples, rate_hz = soundfile.read(io.BytesIO(b64decode(content)))
        assert rate_hz == 16000
        assert len(samples) / rate_hz == pytest.approx(3.4, abs=0.2)


def test_nothing_is_loaded_from_anywhere(impaired):
    for tag, attributes in impaired.elements:
        assert tag not in {"script", "link", "iframe", "object"}
        for name, value in attributes.items():
            assert not name.startswith("on")
            if name in {"src", "href"}:
                assert value.startswith("data:")
    policy = next(each for each in impaired.all("meta") if "http-equiv" in each)
    assert policy["content"].startswith("default-src 'none'")


def test_what_came_from_the_network_stays_text(captures):
    content = (captures / "baresip-opus.pcap").read_bytes()
    sick = content.replace(b"<sip:anna@", b"<sip:<img@").replace(b"Answering", b"<script>a")
    assert sick.count(b"<sip:<img@") > 1
    page = page_of(Capture.open(sick))
    assert "<img" in page.text
    assert "<script>a" in page.text
    assert not page.all("script")
    assert all("alt" in each for each in page.all("img"))


def test_encrypted_streams_say_why_they_are_not_heard(captures):
    plain = (captures / "baresip-g722.pcap").read_bytes()
    page = page_of(Capture.open(plain.replace(b"RTP/AVP ", b"RTP/SAVP")))
    assert page.all("audio") == []
    assert "it is encrypted" in page.text
    assert "G722 (SRTP)" in page.text


def test_more_calls_than_fit_are_said_to_be_left_out(captures, monkeypatch):
    monkeypatch.setattr("voiplab.analysis.page.PARTS", 1)
    page = page_of(Capture.open(captures / "baresip-asterisk-tcp-udp.pcap"))
    assert "figures and sounds of 1 more call are left out" in page.text
    assert len(page.all("audio")) == 2


def test_rtp_without_sip_still_has_its_ladder_and_figures(without):
    capture = without("baresip-asterisk-tcp-udp.pcap", lambda each: len(each.payload) != 172)
    page = page_of(capture)
    assert "No calls" in page.text
    assert "All that was seen" in page.text
    assert len(page.all("img")) == 2
    assert len(page.all("details")) == 4


def test_a_truncated_capture_says_so(captures):
    page = page_of(Capture.open((captures / "baresip-opus.pcap").read_bytes()[:-7]))
    assert "What it holds until there is shown." in page.text


def test_nothing_makes_a_page_too():
    page = page_of(Capture.open(pcap_bytes([])))
    assert "No calls, no RTP streams." in page.text
    assert page.all("table") == []


def test_where_nothing_is_rated_there_is_no_figure_of_ratings(captures):
    (jitter,) = page_of(Capture.open(captures / "baresip-opus.pcap")).all("img")
    assert "jitter" in jitter["alt"]
