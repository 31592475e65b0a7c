"""A path's fates: repeatable, and in the long run as was asked for."""

from itertools import groupby, pairwise
from math import log, sqrt

import pytest
from scipy import stats

from voiplab.impairment import Datagram, Fate, GilbertElliott, Impairment, Path

# A test at a fixed seed either holds or not; the bound only says how surprising "not" would be.
SURPRISE = 1e-6
PACKETS = 20_000
SIP = Datagram("10.0.0.1:5060", "10.0.0.2:5060", "sip", 600)


def rtp(number, *, ssrc=1, length_bytes=214):
    return Datagram("10.0.0.1:4000", "10.0.0.2:4000", "rtp", length_bytes, ssrc, number % 65_536)


def lost(fates):
    return [n for n, fate in enumerate(fates) if fate.outcome == "lost"]


def plausible(count, of, probability):
    """Whether a count is within the binomial distribution's two-sided bounds."""
    least, most = stats.binom.interval(1 - SURPRISE, of, probability)
    return least <= count <= most


# Seeds


def test_the_same_seed_gives_the_same_fates(fates):
    impairment = Impairment(
        loss_pct=5,
        delay_ms=80,
        jitter_ms=10,
        keeps_order=False,
        reorder_pct=3,
        duplicate_pct=2,
    )
    assert fates(impairment, 500, seed=7) == fates(impairment, 500, seed=7)


def test_another_seed_or_direction_gives_others(fates):
    impairment = Impairment(loss_pct=20)
    once = lost(fates(impairment, 500, seed=7))
    assert once != lost(fates(impairment, 500, seed=8))
    assert once != lost(fates(impairment, 500, seed=7, direction="outgoing"))


def test_the_seeds_of_today_give_the_fates_of_yesterday(fates):
    """Python promises it; evidence that was kept relies on it."""
    assert lost(fates(Impairment(loss_pct=5), 100, seed=7)) == [4, 40, 44, 67, 79, 82]


@pytest.mark.parametrize(
    "other",
    [
        Impairment(loss_pct=5, delay_ms=300),
        Impairment(loss_pct=5, delay_ms=100, jitter_ms=30, keeps_order=False),
        Impairment(loss_pct=5, duplicate_pct=10, reorder_pct=10),
        Impairment(loss_pct=5, distribution="pareto", delay_ms=50, jitter_ms=50),
    ],
)
def test_what_is_lost_does_not_depend_on_what_else_happens(fates, other):
    assert lost(fates(other, 1000)) == lost(fates(Impairment(loss_pct=5), 1000))


def test_more_loss_takes_more_of_the_same_packets(fates):
    less, more = (set(lost(fates(Impairment(loss_pct=pct), 1000))) for pct in (5, 15))
    assert less < more


def test_other_packets_between_do_not_change_a_streams_fates(fates, path):
    impairment = Impairment(loss_pct=10)
    disturbed = path(impairment)
    met = []
    for n in range(500):
        if n % 3 == 0:
            disturbed.fate(SIP, time_s=n * 0.02)
        met.append(disturbed.fate(rtp(n), time_s=n * 0.02))
    assert met == fates(impairment, 500)


def test_each_stream_has_a_luck_of_its_own(fates, path):
    impairment = Impairment(loss_pct=20)
    shared = path(impairment)
    streams = [
        [shared.fate(rtp(n, ssrc=ssrc), time_s=n * 0.02) for n in range(300)]
        for ssrc in (0xAAAA, 0xBBBB)
    ]
    assert lost(streams[0]) == lost(fates(impairment, 300))
    assert lost(streams[0]) != lost(streams[1])


def test_a_change_begins_the_luck_anew(path):
    impairment = Impairment(loss_pct=20)
    changed = path(impairment, seed=7)
    once = [changed.fate(rtp(n), time_s=n * 0.02) for n in range(300)]
    changed.impair(impairment, seed=7)
    again = [changed.fate(rtp(n, ssrc=2), time_s=10 + n * 0.02) for n in range(300)]
    assert lost(once) == lost(again)


# Loss


@pytest.mark.parametrize("loss_pct", [0.5, 5, 50])
def test_as_many_are_lost_as_was_asked_for(fates, loss_pct):
    count = len(lost(fates(Impairment(loss_pct=loss_pct), PACKETS)))
    assert plausible(count, PACKETS, loss_pct / 100)


def test_nothing_and_all_are_exact(fates):
    assert lost(fates(Impairment(), 1000)) == []
    assert len(lost(fates(Impairment(loss_pct=100), 1000))) == 1000


def test_random_losses_know_nothing_of_one_another(fates):
    gone = set(lost(fates(Impairment(loss_pct=20), PACKETS)))
    pairs = sum(n + 1 in gone for n in gone)
    assert plausible(pairs, len(gone), 0.2)


def bursts(fates):
    """The lengths of the runs of lost packets."""
    return [
        sum(1 for _ in run)
        for outcome, run in groupby(fate.outcome for fate in fates)
        if outcome == "lost"
    ]


@pytest.mark.parametrize(
    "model",
    [
        GilbertElliott.of(loss_pct=5, mean_burst=4),
        GilbertElliott(p=0.02, r=0.3, h=0.4),
        GilbertElliott(p=0.02, r=0.3, k=0.99, h=0.4),
        GilbertElliott(p=0.5, r=0.5, k=0.9, h=0.1),
    ],
)
def test_bursts_have_the_loss_and_the_mean_length_of_the_closed_form(fates, model):
    met = fates(Impairment(bursts=model), 100_000)
    lengths = bursts(met)
    share, mean = sum(lengths) / len(met), sum(lengths) / len(lengths)
    # States correlate by (1 - p - r) to the power of their distance: that many packets are worth
    # at least (p + r) / 2 times as many independent ones.
    loss = model.loss_pct / 100
    margin = 5 * sqrt(loss * (1 - loss) / (len(met) * (model.p + model.r) / 2))
    assert share == pytest.approx(loss, abs=margin)
    deviation = sqrt(sum((each - mean) ** 2 for each in lengths) / len(lengths))
    assert mean == pytest.approx(model.mean_burst, abs=5 * deviation / sqrt(len(lengths)))


def test_gilberts_bursts_are_geometric(fates):
    lengths = bursts(fates(Impairment(bursts=GilbertElliott.of(loss_pct=5, mean_burst=4)), 100_000))
    for least in (1, 2, 3):
        longer = [each for each in lengths if each >= least]
        go_on = sum(each > least for each in longer)
        assert plausible(go_on, len(longer), 0.75)


def test_a_path_is_as_often_bad_at_its_first_packet_as_at_any_other(path):
    model = GilbertElliott.of(loss_pct=30, mean_burst=4)
    first = [
        path(Impairment(bursts=model), seed=seed).fate(rtp(0), time_s=0).outcome
        for seed in range(2000)
    ]
    assert plausible(first.count("lost"), 2000, 0.3)


# Delay

# Of mean 100 and standard deviation 10.
REFERENCE = {
    "uniform": stats.uniform(100 - 10 * sqrt(3), 20 * sqrt(3)),
    "normal": stats.norm(100, 10),
    "exponential": stats.expon(90, 10),
    # Of shape 3, with mean 3/2 and variance 3/4 as it stands.
    "pareto": stats.pareto(3, loc=100 - 1.5 * 10 / sqrt(0.75), scale=10 / sqrt(0.75)),
}


@pytest.mark.parametrize("distribution", REFERENCE)
def test_delays_have_the_distribution_that_is_named(fates, distribution):
    """Kolmogorov's distance, with the bound of Dvoretzky, Kiefer, Wolfowitz and Massart (1990)."""
    impairment = Impairment(
        delay_ms=100, jitter_ms=10, distribution=distribution, keeps_order=False
    )
    met = fates(impairment, PACKETS, interval_s=1.0)
    delays = sorted(1000 * (fate.release_s - n) for n, fate in enumerate(met))
    distance = stats.kstest(delays, REFERENCE[distribution].cdf).statistic
    assert distance < sqrt(log(2 / SURPRISE) / (2 * PACKETS))


@pytest.mark.parametrize("distribution", ["uniform", "normal", "exponential"])
def test_jitter_is_the_standard_deviation_whatever_the_distribution(fates, distribution):
    impairment = Impairment(
        delay_ms=100, jitter_ms=10, distribution=distribution, keeps_order=False
    )
    met = fates(impairment, PACKETS, interval_s=1.0)
    delays = [1000 * (fate.release_s - n) for n, fate in enumerate(met)]
    mean = sum(delays) / PACKETS
    deviation = sqrt(sum((each - mean) ** 2 for each in delays) / PACKETS)
    assert mean == pytest.approx(100, abs=5 * 10 / sqrt(PACKETS))
    # Of these, an exponential variate has the greatest fourth moment: 9.
    assert deviation == pytest.approx(10, abs=5 * 10 * sqrt((9 - 1) / PACKETS) / 2)


def test_a_path_that_keeps_order_does_so_under_any_jitter(fates):
    jitter = {"delay_ms": 100, "jitter_ms": 30}
    kept = [fate.release_s for fate in fates(Impairment(**jitter), 2000)]
    assert kept == sorted(kept)
    free = [fate.release_s for fate in fates(Impairment(**jitter, keeps_order=False), 2000)]
    assert free != sorted(free)
    assert all(one <= other for one, other in zip(free, kept, strict=True))


def test_less_delay_does_not_let_packets_overtake(path):
    shrinking = path(Impairment(delay_ms=500))
    first = shrinking.fate(rtp(0), time_s=0.0)
    shrinking.impair(Impairment(), seed=1)
    assert shrinking.fate(rtp(1), time_s=0.02).release_s == first.release_s
    assert shrinking.fate(rtp(2), time_s=0.6).release_s == 0.6


# Order and copies


def test_packets_held_back_are_overtaken_by_as_many_as_fit_into_the_time(fates):
    met = fates(Impairment(reorder_pct=10, reorder_ms=50), PACKETS)
    late = [n for n, fate in enumerate(met) if fate.release_s > n * 0.02]
    assert plausible(len(late), PACKETS, 0.1)
    alone = [n for n in late if n + 3 < PACKETS and not {n + 1, n + 2, n + 3}.intersection(late)]
    for n in alone:
        overtaking = [m for m in range(n + 1, n + 4) if met[m].release_s < met[n].release_s]
        assert overtaking == [n + 1, n + 2]


def test_as_many_arrive_twice_as_was_asked_for(fates):
    met = fates(Impairment(duplicate_pct=10), PACKETS)
    assert {fate.copies for fate in met} == {1, 2}
    assert plausible(sum(fate.copies == 2 for fate in met), PACKETS, 0.1)


def test_what_arrives_twice_is_not_what_is_held_back(fates):
    met = fates(Impairment(duplicate_pct=10, reorder_pct=10), PACKETS)
    both = sum(fate.copies == 2 and fate.release_s > n * 0.02 for n, fate in enumerate(met))
    assert plausible(both, PACKETS, 0.01)


def test_what_is_lost_has_no_copies(fates):
    met = fates(Impairment(loss_pct=50, duplicate_pct=100), 100)
    assert {(fate.outcome, fate.copies) for fate in met} == {("lost", 0), ("delivered", 2)}


# The bottleneck


def test_a_bottleneck_spaces_packets_by_their_length(path):
    # 214 bytes at 107 kbit/s take 16 ms.
    narrow = path(Impairment(rate_kbit_s=107))
    releases = [narrow.fate(rtp(n), time_s=0.0).release_s for n in range(5)]
    assert releases == pytest.approx([0.016, 0.032, 0.048, 0.064, 0.080])
    assert narrow.fate(rtp(5, length_bytes=107), time_s=0.0).release_s == pytest.approx(0.088)


def test_a_bottleneck_that_is_wide_enough_only_takes_its_time(path):
    wide = path(Impairment(rate_kbit_s=107, queue_ms=0))
    for n in range(100):
        assert wide.fate(rtp(n), time_s=n * 0.02).release_s == pytest.approx(n * 0.02 + 0.016)


def test_a_full_queue_turns_packets_away(path):
    narrow = path(Impairment(rate_kbit_s=107, queue_ms=40))
    outcomes = [narrow.fate(rtp(n), time_s=0.0).outcome for n in range(6)]
    # They wait 0, 16 and 32 ms; the fourth would wait 48.
    assert outcomes == ["delivered"] * 3 + ["overflow"] * 3
    assert narrow.fate(rtp(6), time_s=0.01).outcome == "delivered"


def test_a_bottleneck_delivers_at_its_rate(path):
    # Each takes 16 ms of it, and there is one each 8 ms.
    narrow = path(Impairment(rate_kbit_s=107, queue_ms=100))
    met = [narrow.fate(rtp(n), time_s=n * 0.008) for n in range(1000)]
    delivered = [fate.release_s for fate in met if fate.outcome == "delivered"]
    gaps = {round(later - earlier, 9) for earlier, later in pairwise(delivered)}
    assert gaps == {0.016}
    assert sum(fate.outcome == "overflow" for fate in met) > 400


# Whom it concerns


def test_signalling_can_be_spared(path):
    harsh = path(Impairment(loss_pct=100, delay_ms=50, spares_signalling=True))
    assert harsh.fate(SIP, time_s=1.0) == Fate("delivered", 1.0, 1)
    assert harsh.fate(rtp(0), time_s=1.0).outcome == "lost"
    rtcp = Datagram("10.0.0.1:4001", "10.0.0.2:4001", "rtcp", 110)
    assert harsh.fate(rtcp, time_s=1.0).outcome == "lost"
    harsh.impair(Impairment(loss_pct=100), seed=1)
    assert harsh.fate(SIP, time_s=1.0).outcome == "lost"


def test_a_path_that_nobody_impaired_does_nothing():
    assert Path("outgoing").fate(SIP, time_s=3.0).release_s == 3.0
