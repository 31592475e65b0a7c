import threading
from dataclasses import dataclass, field, replace

import pytest

from voiplab.errors import ImageMissing
from voiplab.impairment import PRESETS, GilbertElliott, Impairment, Settings, preset
from voiplab.widgets.network import NetworkPanel

NONE = Impairment()


@dataclass
class Networks:
    """Keeps what each phone's network was told, as it would report it."""

    phones: dict[str, str] = field(default_factory=lambda: {"2001": "Front desk", "2002": ""})
    told: list[tuple] = field(default_factory=list)
    settings: dict[str, Settings] = field(default_factory=dict)
    missing: str = ""

    def impair(self, phone, both=None, *, incoming=NONE, outgoing=NONE, seed=None) -> Settings:
        if self.missing:
            raise ImageMissing(self.missing)
        if both is not None:
            incoming, outgoing = preset(both).incoming, preset(both).outgoing
        self.told.append((phone, both, incoming, outgoing, seed))
        settings = Settings(
            incoming=incoming, outgoing=outgoing, seed=seed, since_s=float(len(self.told))
        )
        self.settings[phone] = settings
        return settings

    def clear(self, phone) -> None:
        self.told.append((phone, "clear"))
        self.settings[phone] = Settings(seed=0, since_s=float(len(self.told)))


@pytest.fixture
def networks() -> Networks:
    return Networks()


@pytest.fixture
def panel(networks: Networks, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("voiplab.widgets.refresh.Refresh.start", lambda _self: None)
    monkeypatch.setattr("voiplab.widgets.refresh.Refresh.soon", lambda self: self.once())
    # The sliders have come to rest when a test says so.
    monkeypatch.setattr("voiplab.widgets.debounce.Debounce.ask", lambda _self: None)
    made = NetworkPanel(
        phones=lambda: networks.phones,
        in_force=networks.settings.get,
        impair=networks.impair,
        clear=networks.clear,
    )
    made._refresh.once()
    yield made
    made.close()


def applied(panel: NetworkPanel) -> tuple[str, str]:
    panel.apply()
    panel.wait()
    return panel.report.state, panel.report.sentence


def test_the_phones_are_offered_by_name(panel: NetworkPanel, networks: Networks) -> None:
    assert panel.phone.options == [["2001", "2001 Front desk"], ["2002", "2002"]]
    assert panel.phone.value == "2001"
    networks.phones = {"2002": ""}
    panel._refresh.once()
    assert panel.phone.value == "2002"


def test_sliders_impair_both_directions(panel: NetworkPanel, networks: Networks) -> None:
    panel.incoming.loss_pct.value = 5.0
    panel.incoming.delay_ms.value = 100.0
    assert applied(panel) == ("done", "The network of 2001 does so from now on.")
    wanted = Impairment(loss_pct=5, delay_ms=100)
    assert networks.told == [("2001", None, wanted, wanted, 7)]
    assert panel.report.python == (
        "bad = Impairment(loss_pct=5.0, delay_ms=100.0); "
        'lab["2001"].phone.network.impair(incoming=bad, outgoing=bad, seed=7)'
    )
    said = "In force: both directions: 5 % lost, 100 ms late; seed 7."
    assert panel.now.value == said


def test_losses_come_in_bursts_and_the_python_says_how(
    panel: NetworkPanel, networks: Networks
) -> None:
    panel.incoming.loss_pct.value = 5.0
    panel.incoming.burst.value = 4.0
    applied(panel)
    bursts = GilbertElliott.of(loss_pct=5, mean_burst=4)
    assert networks.told[0][2] == Impairment(bursts=bursts)
    line = panel.report.python
    assert "bursts=GilbertElliott.of(loss_pct=5, mean_burst=4)" in line
    network = _Network()
    lab = {"2001": type("U", (), {"phone": type("P", (), {"network": network})})}
    names = {"lab": lab, "Impairment": Impairment, "GilbertElliott": GilbertElliott}
    exec(line, names)  # noqa: S102 - it is the panel's own line
    bad = Impairment(bursts=bursts)
    assert network.told == {"incoming": bad, "outgoing": bad, "seed": 7}
    assert "5 % lost in bursts of 4" in panel.now.value


class _Network:
    def impair(self, **named):
        self.told = named


def test_jitter_takes_the_delay_along(panel: NetworkPanel, networks: Networks) -> None:
    panel.incoming.jitter_ms.value = 30.0
    assert panel.incoming.delay_ms.value == 30.0
    panel.incoming.distribution.value = "normal"
    assert panel.incoming.delay_ms.value == 90.0
    assert applied(panel)[0] == "done"
    panel.incoming.delay_ms.value = 10.0
    state, sentence = applied(panel)
    assert state == "failed"
    assert "no packet arrives before it is sent" in sentence
    assert len(networks.told) == 1


def test_the_directions_apart(panel: NetworkPanel, networks: Networks) -> None:
    assert panel.outgoing.layout.display == "none"
    panel.incoming.loss_pct.value = 5.0
    panel.apart.value = True
    assert panel.outgoing.layout.display is None
    assert panel.outgoing.loss_pct.value == 5.0
    assert panel.incoming.loss_pct.label == "Loss (received)"
    assert panel.outgoing.loss_pct.label == "Loss (sent)"
    panel.outgoing.loss_pct.value = 0.0
    applied(panel)
    assert networks.told == [("2001", None, Impairment(loss_pct=5), NONE, 7)]
    assert panel.report.python.endswith("impair(incoming=Impairment(loss_pct=5.0), seed=7)")
    panel._refresh.once()
    assert panel.outgoing.loss_pct.value == 0.0


@pytest.mark.parametrize("name", [each.name for each in PRESETS])
def test_a_preset_moves_the_sliders_and_is_told_by_its_name(
    panel: NetworkPanel, networks: Networks, name: str
) -> None:
    panel.preset.value = name
    panel.wait()
    chosen = preset(name)
    assert networks.told == [("2001", name, chosen.incoming, chosen.outgoing, 7)]
    assert panel.report.python == f'lab["2001"].phone.network.impair("{name}", seed=7)'
    assert chosen.stands_for.split(",")[0] in panel.about.value
    assert "<summary>Sources</summary>" in panel.about.value
    assert panel.incoming.delay_ms.value == chosen.incoming.delay_ms
    assert panel.incoming.loss_pct.value == chosen.incoming.expected_loss_pct
    assert panel.apart.value is (chosen.incoming != chosen.outgoing)
    panel._refresh.once()
    assert panel.preset.value == name


def test_a_slider_moved_after_a_preset_keeps_the_rest_of_it(
    panel: NetworkPanel, networks: Networks
) -> None:
    panel.preset.value = "geostationary-satellite"
    panel.wait()
    panel.incoming.loss_pct.value = 2.0
    assert panel.preset.value == ""
    assert panel.about.value == ""
    applied(panel)
    assert networks.told[-1][2] == Impairment(loss_pct=2, delay_ms=260)


def test_what_was_not_touched_stays_as_it_was_told(panel: NetworkPanel, networks: Networks) -> None:
    """A bottleneck has no slider; a new seed alone must not remove it."""
    adsl = preset("adsl")
    networks.impair("2001", incoming=adsl.incoming, outgoing=adsl.outgoing, seed=3)
    panel._refresh.once()
    assert "6144 kbit/s" in panel.incoming.rest.value
    panel.seed.value = 8.0
    applied(panel)
    assert networks.told[-1] == ("2001", None, adsl.incoming, adsl.outgoing, 8)
    panel.incoming.loss_pct.value = 3.0
    applied(panel)
    assert networks.told[-1][2] == replace(adsl.incoming, loss_pct=3)


def test_what_python_did_elsewhere_moves_the_sliders(
    panel: NetworkPanel, networks: Networks
) -> None:
    networks.impair("2001", incoming=Impairment(delay_ms=40), seed=1)
    panel._refresh.once()
    assert panel.incoming.delay_ms.value == 40.0
    assert panel.apart.value
    assert "seed 1" in panel.now.value


def test_a_slider_that_is_being_moved_is_not_moved_back(
    panel: NetworkPanel, networks: Networks
) -> None:
    networks.impair("2001", incoming=Impairment(delay_ms=40), seed=1)
    panel._refresh.once()
    panel.incoming.delay_ms.value = 80.0
    panel._refresh.once()
    assert panel.incoming.delay_ms.value == 80.0


def test_each_phone_shows_its_own(panel: NetworkPanel) -> None:
    panel.incoming.loss_pct.value = 5.0
    applied(panel)
    panel.phone.value = "2002"
    assert panel.incoming.loss_pct.value == 0.0
    assert "nothing" in panel.now.value
    panel.phone.value = "2001"
    assert panel.incoming.loss_pct.value == 5.0


def test_clear_lets_all_pass(panel: NetworkPanel, networks: Networks) -> None:
    panel.preset.value = "4g"
    panel.wait()
    panel.clear()
    panel.wait()
    assert networks.told[-1] == ("2001", "clear")
    assert panel.report.python == 'lab["2001"].phone.network.clear()'
    assert panel.incoming.loss_pct.value == 0.0
    assert panel.preset.value == ""
    assert "all packets pass untouched" in panel.now.value


def test_sliders_back_at_nothing_clear_and_start_nothing(
    panel: NetworkPanel, networks: Networks
) -> None:
    panel.apply()
    panel.wait()
    assert networks.told == []
    panel.incoming.loss_pct.value = 5.0
    applied(panel)
    panel.incoming.loss_pct.value = 0.0
    applied(panel)
    assert networks.told[-1] == ("2001", "clear")


def test_what_is_moved_while_the_network_is_being_told_is_told_afterwards(
    panel: NetworkPanel, networks: Networks, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(panel._settling, "ask", lambda: asked.append(1))
    go_on = threading.Event()
    impair = networks.impair

    def slow(*args: object, **named: object) -> Settings:
        go_on.wait(10)
        return impair(*args, **named)

    panel._impair = slow
    panel.incoming.loss_pct.value = 5.0
    panel.apply()
    panel.incoming.loss_pct.value = 9.0
    asked.clear()
    panel.apply()
    assert asked == [1]
    go_on.set()
    panel.wait()
    assert panel.incoming.loss_pct.value == 9.0
    applied(panel)
    assert [told[2].loss_pct for told in networks.told] == [5.0, 9.0]


def test_a_missing_image_is_its_sentence(panel: NetworkPanel, networks: Networks) -> None:
    networks.missing = "The image voiplab/network has not been built: run `make images`."
    panel.incoming.loss_pct.value = 5.0
    assert applied(panel) == ("failed", networks.missing)


def test_a_lab_without_softphones_says_what_to_do(panel: NetworkPanel, networks: Networks) -> None:
    networks.phones = {}
    panel._refresh.once()
    sentence = "No phone has a network of its own yet: add a user with a softphone."
    assert panel.now.value == sentence
    assert applied(panel) == ("failed", sentence)


@pytest.mark.parametrize("seed", [None, 1.5, -1.0, 2.0**32])
def test_a_seed_is_a_whole_number(
    panel: NetworkPanel, networks: Networks, seed: float | None
) -> None:
    panel.incoming.loss_pct.value = 5.0
    panel.seed.value = seed
    assert panel.seed.sentence.startswith("A seed is a whole number")
    assert applied(panel)[0] == "failed"
    assert networks.told == []


def test_what_is_in_force_is_said_in_words(panel: NetworkPanel, networks: Networks) -> None:
    networks.impair(
        "2001",
        incoming=Impairment(
            jitter_ms=5, delay_ms=20, rate_kbit_s=64, reorder_pct=1, duplicate_pct=2
        ),
        outgoing=Impairment(loss_pct=3, spares_signalling=True),
        seed=1,
    )
    panel._refresh.once()
    assert panel.now.value == (
        "In force: receives: 20 ms late, 5 ms of jitter (normal), at most 64 kbit/s, "
        "1 % overtaken, 2 % twice; sends: 3 % lost, media only; seed 1."
    )
    networks.impair("2001", outgoing=Impairment(loss_pct=3), seed=1)
    panel._refresh.once()
    assert "receives: nothing; sends: 3 % lost" in panel.now.value
