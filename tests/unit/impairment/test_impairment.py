import json

import pytest
from scipy import stats

from voiplab.errors import ImpairmentError
from voiplab.impairment import PRESETS, GilbertElliott, Impairment, Settings, during, preset
from voiplab.impairment.jitter import LEAST, cumulative

ALL = Impairment(
    bursts=GilbertElliott(p=0.1, r=0.5, k=0.99, h=0.2),
    delay_ms=100,
    jitter_ms=20,
    distribution="exponential",
    keeps_order=False,
    reorder_pct=1,
    reorder_ms=40,
    duplicate_pct=2,
    rate_kbit_s=128,
    queue_ms=300,
    spares_signalling=True,
)


@pytest.mark.parametrize("impairment", [Impairment(), Impairment(loss_pct=5), ALL])
def test_an_impairment_survives_json(impairment):
    assert Impairment.from_dict(json.loads(json.dumps(impairment.as_dict()))) == impairment


def test_settings_survive_json():
    settings = Settings(incoming=ALL, seed=2**40, since_s=1795570303.615423)
    assert Settings.from_dict(json.loads(json.dumps(settings.as_dict()))) == settings


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"loss_pct": 120}, "loss_pct is a number from 0 to 100, not 120"),
        ({"loss_pct": -1}, "loss_pct is a number from 0 to 100, not -1"),
        ({"loss_pct": float("nan")}, "loss_pct is a number from 0 to 100, not nan"),
        ({"loss_pct": "5"}, "loss_pct is a number from 0 to 100, not '5'"),
        ({"loss_pct": True}, "loss_pct is a number from 0 to 100, not True"),
        ({"delay_ms": float("inf")}, "delay_ms is a number from 0 to 60000, not inf"),
        ({"rate_kbit_s": 0}, "rate_kbit_s is a number from 1 to 10000000, not 0"),
        ({"keeps_order": 1}, "keeps_order is True or False, not 1"),
        ({"distribution": "gauss"}, "there are uniform, normal, exponential, pareto"),
        ({"jitter_ms": 20}, "make delay_ms at least 60, not 0"),
        ({"jitter_ms": 20, "delay_ms": 59.9}, "make delay_ms at least 60, not 59.9"),
        ({"jitter_ms": 20, "distribution": "uniform"}, "make delay_ms at least 34.64, not 0"),
        ({"delay_ms": 10, "jitter_ms": 20, "distribution": "exponential"}, "at least 20, not 10"),
        ({"bursts": 4}, "bursts is a GilbertElliott"),
        ({"loss_pct": 5, "bursts": GilbertElliott(p=0.1, r=0.5)}, "not both"),
    ],
)
def test_what_no_network_can_do_is_refused_in_a_sentence(arguments, sentence):
    with pytest.raises(ImpairmentError) as refused:
        Impairment(**arguments)
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"loss": 5}, "An impairment has no loss: it has bursts, delay_ms"),
        ([], r"An impairment is a JSON object, not \[\]"),
        ({"bursts": {"p": 1}}, "bursts has p, r, k and h"),
        ({"bursts": {"p": 2, "r": 1}}, "p is a probability, from 0 to 1, not 2"),
    ],
)
def test_json_of_something_else_is_refused_in_a_sentence(values, sentence):
    with pytest.raises(ImpairmentError, match=sentence):
        Impairment.from_dict(values)


@pytest.mark.parametrize("values", [None, 7, {}, {"seed": 1}, []])
def test_json_that_is_no_settings_is_refused_in_a_sentence(values):
    with pytest.raises(ImpairmentError, match="Settings have since_s, seed, incoming"):
        Settings.from_dict(values)


@pytest.mark.parametrize("seed", ["7", 1.5, None, True])
def test_a_seed_is_an_integer(seed):
    with pytest.raises(ImpairmentError, match="A seed is an integer"):
        Settings(seed=seed)


def test_a_settings_direction_is_an_impairment():
    with pytest.raises(ImpairmentError, match="incoming is an Impairment, for example"):
        Settings(incoming=5, seed=1)


def test_an_impairment_shows_what_it_does():
    assert repr(Impairment(loss_pct=5, keeps_order=False)) == (
        "Impairment(loss_pct=5.0, keeps_order=False)"
    )


# Bursts


@pytest.mark.parametrize(("loss_pct", "mean_burst"), [(1, 1.5), (5, 4), (20, 3), (60, 2)])
def test_gilberts_model_is_had_from_its_averages(loss_pct, mean_burst):
    model = GilbertElliott.of(loss_pct=loss_pct, mean_burst=mean_burst)
    assert model.loss_pct == pytest.approx(loss_pct)
    assert model.mean_burst == pytest.approx(mean_burst)
    assert model.burst_ratio == pytest.approx(mean_burst * (1 - loss_pct / 100))


def test_losses_that_do_not_remember_have_a_burst_ratio_of_one():
    """With p + r = 1, the next state does not depend on this one: Bernoulli's losses."""
    assert GilbertElliott(p=0.05, r=0.95).burst_ratio == pytest.approx(1)
    assert GilbertElliott(p=0.3, r=0.7, k=0.9, h=0.5).burst_ratio == pytest.approx(1)


def test_a_path_that_loses_nothing_has_no_bursts():
    assert GilbertElliott(p=0.1, r=0.9, h=1).mean_burst is None
    assert GilbertElliott(p=0.1, r=0.9, h=1).burst_ratio is None


@pytest.mark.parametrize(
    ("averages", "sentence"),
    [
        ({"loss_pct": 100, "mean_burst": 4}, "from 0 to less than 100"),
        ({"loss_pct": 5, "mean_burst": 0.5}, "at least 1 packet"),
        ({"loss_pct": 90, "mean_burst": 2}, "Bursts of 9 or more do"),
    ],
)
def test_averages_that_no_model_has_are_refused(averages, sentence):
    with pytest.raises(ImpairmentError, match=sentence):
        GilbertElliott.of(**averages)


def test_a_path_that_never_changes_is_refused():
    with pytest.raises(ImpairmentError, match="would stay for ever"):
        GilbertElliott(p=0, r=0)


# Distributions


@pytest.mark.parametrize(
    ("distribution", "reference"),
    [
        ("uniform", stats.uniform(-(3**0.5), 2 * 3**0.5)),
        ("normal", stats.norm),
        ("exponential", stats.expon(-1)),
        ("pareto", stats.pareto(3, loc=-1.5 / 0.75**0.5, scale=1 / 0.75**0.5)),
    ],
)
def test_the_distribution_functions_are_those_of_the_textbooks(distribution, reference):
    for x in (-2.5, -1.01, -0.5, 0, 0.3, 1.7, 4):
        assert cumulative(distribution, x) == pytest.approx(reference.cdf(x), abs=1e-12)


@pytest.mark.parametrize("distribution", ["uniform", "exponential", "pareto"])
def test_no_delay_is_below_the_least(distribution):
    assert cumulative(distribution, LEAST[distribution] - 1e-6) == 0
    assert cumulative(distribution, LEAST[distribution] + 1e-3) > 0


# Presets


def test_presets_are_found_by_name_and_say_where_they_come_from():
    assert [each.name for each in PRESETS] == [
        "office-lan",
        "adsl",
        "4g",
        "congested-wifi",
        "geostationary-satellite",
    ]
    for each in PRESETS:
        assert preset(each.name) is each
        assert "Delay" in each.sources
        assert each.stands_for.endswith(".")


def test_an_unknown_preset_is_refused_with_those_that_there_are():
    with pytest.raises(ImpairmentError, match="'5g': there are office-lan, adsl, 4g"):
        preset("5g")


def test_the_satellite_is_as_far_away_as_it_is():
    up_and_down_ms = 2 * 35_786 / 299_792.458 * 1000
    (satellite,) = (each for each in PRESETS if each.name == "geostationary-satellite")
    assert up_and_down_ms < satellite.incoming.delay_ms < up_and_down_ms + 30


def test_congested_wifi_has_the_quantiles_that_its_source_has():
    wifi = preset("congested-wifi").incoming

    def share_below(delay_ms):
        return cumulative(wifi.distribution, (delay_ms - wifi.delay_ms) / wifi.jitter_ms)

    assert share_below(11.1) == pytest.approx(0.5, abs=0.02)
    assert share_below(48.2) == pytest.approx(0.9, abs=0.02)


# What was in force


def test_what_was_in_force_is_found_by_time():
    one, two, three = history = [Settings(seed=n, since_s=10.0 * n) for n in (1, 2, 3)]
    assert during(history, 0, 5) == ()
    assert during(history, 0, 10) == (one,)
    assert during(history, 15, 35) == (one, two, three)
    assert during(history, 20, 25) == (two,)
    assert during(history, 99, 100) == (three,)
    assert during([], 0, 100) == ()
