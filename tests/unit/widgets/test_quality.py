"""The panel of quality: what it sends to the page, live and from evidence."""

import re
from pathlib import Path

import pytest

from voiplab import Evidence
from voiplab.evidence import QualitySecond, quality_timeline
from voiplab.lab.monitor import Hearing, News
from voiplab.packets.seconds import Second
from voiplab.plots.mos import BAND_COLOURS
from voiplab.quality import BANDS, rate
from voiplab.widgets.quality import QualityPanel

FOLDER = Path(__file__).parents[2] / "fixtures" / "evidence" / "2001-2002"
KEY = "abc@2002"


def second(time_s, packets=50, lost=0):
    return QualitySecond.of(Second(time_s, packets, lost, 1.5), "PCMU", 80)


def hearing(key=KEY, call="7.0", **more):
    receiver = key.partition("@")[2]
    sender = "2001" if receiver == "2002" else "2002"
    figures = {"packets": 50, "lost": 0, "ended": False, "latest": None} | more
    return Hearing(key, call, sender, receiver, "PCMU", **figures)


class Monitor:
    """What a panel subscribes to."""

    def __init__(self):
        self.listeners = []
        self.heard = {}

    def subscribe(self, listener):
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)

    def tell(self, hearings, seconds):
        for key, fresh in seconds.items():
            self.heard.setdefault(key, {}).update({each.time_s: each for each in fresh})
        news = News(0.0, tuple(hearings), {key: tuple(each) for key, each in seconds.items()})
        for listener in self.listeners:
            listener(news)

    def seconds(self, key):
        return tuple(self.heard.get(key, {}).values())


@pytest.fixture
def monitor():
    return Monitor()


@pytest.fixture
def kept():
    return {}


@pytest.fixture
def panel(monitor, kept):
    made = QualityPanel(subscribe=monitor.subscribe, seconds=monitor.seconds, evidence=kept.get)
    made.sent = []
    made.chart.send = made.sent.append
    yield made
    made.close()


def test_only_what_is_new_is_sent(panel, monitor):
    monitor.tell([hearing(latest=second(5))], {KEY: [second(5)]})
    monitor.tell([hearing(packets=95, lost=5, latest=second(6, 45, 5))], {KEY: [second(6, 45, 5)]})
    first, then = panel.sent
    assert [each[0] for each in first["seconds"][KEY]] == [5]
    rating = rate("PCMU", 10, delay_ms=80)
    r, mos = round(rating.r, 2), round(rating.mos, 2)
    assert then["seconds"] == {KEY: [[6, 45, 5, 10.0, 1.5, r, r, mos, len(BANDS) - 1]]}
    (row,) = then["rows"]
    assert (row["label"], row["packets"], row["lost"], row["state"]) == (
        "2001 → 2002", 95, 5, "in progress",
    )  # fmt: skip
    assert not first["replace"]
    assert not then["replace"]


def test_a_page_that_is_opened_later_is_sent_all(panel, monitor):
    monitor.tell([hearing()], {KEY: [second(5), second(6)]})
    panel.chart._hear(None, {"ask": "all"}, None)
    whole = panel.sent[-1]
    assert whole["replace"]
    assert [each[0] for each in whole["seconds"][KEY]] == [5, 6]


def test_a_panel_that_came_late_shows_what_was_before(panel, monitor):
    monitor.heard[KEY] = {each: second(each) for each in range(5)}
    monitor.tell([hearing()], {KEY: [second(5)]})
    assert [each[0] for each in panel.sent[0]["seconds"][KEY]] == [0, 1, 2, 3, 4, 5]


def test_after_the_call_its_evidence_is_drawn(panel, monitor, kept):
    monitor.tell([hearing(ended=True)], {KEY: [second(5)]})
    assert panel._read_evidence() == {}
    kept["7.0"] = Evidence.open(FOLDER)
    panel._show_evidence(panel._read_evidence())
    drawn = panel.sent[-1]
    timeline = quality_timeline(kept["7.0"])
    mine = timeline[timeline["direction"] == "2001 → 2002"]
    assert [each[0] for each in drawn["seconds"][KEY]] == mine["time_s"].tolist()
    assert drawn["rows"][0]["state"] == "from evidence"
    assert drawn["rows"][0]["packets"] == mine["packets"].sum()
    panel.chart._hear(None, {"ask": "all"}, None)
    assert panel.sent[-1]["seconds"] == drawn["seconds"]
    assert panel._read_evidence() == {}


def test_an_ended_call_makes_room_for_the_next(panel, monitor):
    monitor.tell([hearing(ended=True)], {KEY: [second(5)]})
    other = hearing("def@2002", "8.0")
    monitor.tell([other], {"def@2002": [second(9)]})
    assert any(message["replace"] for message in panel.sent)
    panel.chart._hear(None, {"ask": "all"}, None)
    assert [row["key"] for row in panel.sent[-1]["rows"]] == ["def@2002"]


def test_both_directions_of_a_call_stay(panel, monitor):
    monitor.tell([hearing(ended=True)], {KEY: [second(5)]})
    monitor.tell([hearing("abc@2001")], {"abc@2001": [second(5)]})
    panel.chart._hear(None, {"ask": "all"}, None)
    assert [row["label"] for row in panel.sent[-1]["rows"]] == ["2001 → 2002", "2002 → 2001"]


def test_a_second_without_packets_has_no_rating_and_says_why(panel, monitor):
    silent = QualitySecond.of(Second(5), "PCMU", 80)
    monitor.tell([hearing(latest=silent)], {KEY: [silent]})
    assert panel.sent[0]["seconds"][KEY] == [[5, 0, 0, None, None, None, None, None, None]]
    assert "none was due" in panel.sent[0]["rows"][0]["reason"]


def test_evidence_alone_can_be_shown(panel):
    panel.show(Evidence.open(FOLDER))
    drawn = panel.sent[-1]
    assert sorted(row["label"] for row in drawn["rows"]) == ["2001 → 2002", "2002 → 2001"]
    assert all(drawn["seconds"].values())
    assert panel.report.python.startswith("quality_timeline(Evidence.open(")


def test_bands_are_those_of_the_e_model_and_of_the_figures(panel):
    assert [each[1] for each in panel.chart.bands] == [band.satisfaction for band in BANDS]
    assert [each[2] for each in panel.chart.bands] == list(BAND_COLOURS)
    assert [each[0] for each in panel.chart.bands] == [90, 80, 70, 60, 50, None]
    assert panel.chart.bands[-1][3] == 1.0


def luminance(colour):
    """The relative luminance of WCAG 2.1."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [x / 12.92 if x <= 0.03928 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
    return sum(weight * x for weight, x in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_lines_can_be_told_from_each_band(panel):
    for line in panel.chart.colours:
        for ground in (*BAND_COLOURS, "#FFFFFF"):
            low, high = sorted((luminance(line), luminance(ground)))
            assert (high + 0.05) / (low + 0.05) >= 3, (line, ground)


def test_closing_ends_the_subscription(panel, monitor):
    panel.close()
    assert not monitor.listeners
    panel._unsubscribe = lambda: None


STATIC = Path(__file__).parents[3] / "voiplab" / "widgets" / "static"


def test_the_chart_s_bundle_asks_for_no_address():
    found = set(re.findall(r"https?://[^\s\"'`)]+", (STATIC / "quality_chart.js").read_text()))
    assert found <= {"http://www.w3.org/2000/svg"}
    assert "url(" not in (STATIC / "quality_chart.css").read_text()
