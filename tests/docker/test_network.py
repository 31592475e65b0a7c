"""A phone's network, impaired: what was done, what was captured, what RTCP reported."""

import re
import shutil
from pathlib import Path
from statistics import median

import pytest

import voiplab.impairment as pure
from voiplab import Evidence, GilbertElliott, Impairment, Lab
from voiplab.containers import LAB, ROLE, wait_until
from voiplab.errors import ImageMissing, ImpairmentError
from voiplab.impairment import Datagram, Settings
from voiplab.packets import Capture
from voiplab.phones.access_network import SIDECAR

pytestmark = pytest.mark.engine

SENTENCE = "The quick brown fox jumps over the lazy dog, twice a day."
LOSSY = Impairment(loss_pct=5, spares_signalling=True)


@pytest.fixture(scope="module")
def phone(lab):
    """A phone of the shared lab whose network the tests may impair."""
    yield lab.add_user("2090", name="Far away").phone
    lab.remove_user("2090")


@pytest.fixture(scope="module")
def surprised(lab, phone):
    """A call in whose midst the network is impaired for the first time, then differently."""
    call = phone.call(lab["2002"], say=SENTENCE)
    call.wait(seconds=1.5)
    first = phone.network.impair(incoming=LOSSY, outgoing=LOSSY, seed=3)
    call.wait(seconds=2)
    second = phone.network.impair(
        incoming=Impairment(delay_ms=120, jitter_ms=15, keeps_order=False), seed=4
    )
    call.wait(seconds=2)
    phone.network.clear()
    call.wait(seconds=1)
    call.hang_up()
    return call, first, second


@pytest.fixture(scope="module")
def lossy(lab, phone, surprised):  # noqa: ARG001 - that one wants the network untouched
    """A call with losses in both directions, long enough for two RTCP reports (RFC 3550, 6.2)."""
    phone.network.impair(incoming=LOSSY, outgoing=LOSSY, seed=7)
    call = phone.call(lab["2002"], say=SENTENCE, reply="I hear you.")
    call.wait(seconds=11)
    call.hang_up()
    phone.network.clear()
    return call


def leg_of(call, user="2090"):
    return next(leg for leg in call.evidence.record.legs if leg.user == user)


def rtp(truth, direction):
    return truth[(truth["protocol"] == "rtp") & (truth["direction"] == direction)]


def sequence_numbers(packets, *, src=None, dst=None):
    """The RTP sequence numbers from or to an address, in the order of the capture."""
    found = []
    for each in packets:
        if each.src == (src or each.src) and each.dst == (dst or each.dst):
            payload = bytes(each.payload)
            if len(payload) == 172 and payload[0] == 0x80:
                found.append(int.from_bytes(payload[2:4], "big"))
    return found


def lost_offsets(truth, direction):
    stream = rtp(truth, direction).reset_index(drop=True)
    return list(stream.index[stream["fate"] == "lost"])


# Ground truth, capture, report


def test_what_arrived_and_what_was_lost_is_what_the_truth_says_packet_for_packet(lossy):
    leg = leg_of(lossy)
    packets = list(lossy.evidence.capture_at(leg).packets())
    truth = lossy.evidence.network_truth("2090")
    incoming = rtp(truth, "incoming")
    arrived = incoming[incoming["fate"] == "delivered"]
    captured = sequence_numbers(packets, dst=leg.address)
    assert captured == list(arrived["sequence"])
    first, last = captured[0], captured[-1]
    missing = [
        (first + n) % 65_536
        for n in range((last - first) % 65_536)
        if (first + n) % 65_536 not in set(captured)
    ]
    heard = incoming.loc[arrived.index[0] : arrived.index[-1]]
    assert missing == list(heard.loc[heard["fate"] == "lost", "sequence"])
    assert len(missing) > 10


def test_what_the_phone_sent_left_the_network_as_the_truth_says(lossy, phone):
    leg = leg_of(lossy)
    outgoing = rtp(lossy.evidence.network_truth("2090"), "outgoing")
    sent = sequence_numbers(lossy.evidence.capture_at(leg).packets(), src=leg.address)
    assert sent == list(outgoing["sequence"])
    ssrc = int(outgoing["ssrc"].iloc[0])
    behind = Capture.open(phone.tap.network_side()).call(leg.call_id)
    left = sequence_numbers(behind.packets(), src=leg.address)
    assert left == list(outgoing.loc[outgoing["fate"] == "delivered", "sequence"])
    (stream,) = behind.streams[behind.streams["ssrc"] == ssrc].to_dict("records")
    assert stream["packets"] == len(left)
    assert (outgoing["fate"] == "lost").sum() > 10


def test_truth_capture_and_rtcp_agree(lossy):
    counts = lossy.evidence.loss_counts("2090").set_index("direction")
    print("\n" + counts.to_string())  # noqa: T201 - shown with -s
    incoming, outgoing = counts.loc["incoming"], counts.loc["outgoing"]
    assert incoming["truth_lost"] == incoming["capture_lost"] > 10
    assert incoming["rtcp_lost"] == incoming["truth_lost_until"] > 5
    assert outgoing["rtcp_lost"] == outgoing["truth_lost_until"] > 5


def test_the_truth_can_be_computed_again_from_the_seed(lossy):
    evidence = lossy.evidence
    (settings,) = leg_of(lossy).impairments
    assert (settings.seed, settings.incoming, settings.outgoing) == (7, LOSSY, LOSSY)
    truth = evidence.network_truth("2090")
    for direction in ("incoming", "outgoing"):
        path = pure.Path(direction)
        path.impair(getattr(settings, direction), seed=settings.seed)
        for row in truth[truth["direction"] == direction].itertuples():
            ssrc = int(row.ssrc) if row.protocol == "rtp" else None
            datagram = Datagram(row.src, row.dst, row.protocol, row.bytes, ssrc)
            assert path.fate(datagram, time_s=row.time_s).outcome == row.fate


def test_the_same_seed_loses_the_same_packets_of_another_call(lab, phone, lossy):
    phone.network.impair(incoming=LOSSY, outgoing=LOSSY, seed=7)
    call = phone.call(lab["2002"])
    call.wait(seconds=4)
    call.hang_up()
    phone.network.clear()
    for direction in ("incoming", "outgoing"):
        again = lost_offsets(call.evidence.network_truth("2090"), direction)
        once = lost_offsets(lossy.evidence.network_truth("2090"), direction)
        assert again == once[: len(again)]
        assert len(again) > 3


# Impaired in the midst of a call


def test_a_call_in_progress_is_captured_whole(surprised):
    """Its early part by the phone's own capture, the rest behind the impairments."""
    call, first, _ = surprised
    leg = leg_of(call)
    packets = list(call.evidence.capture_at(leg).packets())
    truth = call.evidence.network_truth("2090")
    sent = sequence_numbers(packets, src=leg.address)
    assert sent == [(sent[0] + n) % 65_536 for n in range(len(sent))]
    received = sequence_numbers(packets, dst=leg.address)
    assert len(received) == len(set(received))
    missing = set(range(min(received), max(received))) - set(received)
    incoming = rtp(truth, "incoming")
    assert missing == set(incoming.loc[incoming["fate"] == "lost", "sequence"])
    assert len(rtp(truth, "outgoing")) < len(sent)
    assert truth["time_s"].min() < first.since_s
    assert [each.seed for each in leg.impairments] == [3, 4, 0]


def test_each_change_is_in_force_at_the_time_that_it_says(surprised):
    call, first, second = surprised
    incoming = rtp(call.evidence.network_truth("2090"), "incoming")
    lost_s = incoming.loc[incoming["fate"] == "lost", "time_s"]
    assert lost_s.between(first.since_s, second.since_s).all()
    assert len(lost_s) > 0
    before = incoming[incoming["time_s"] < second.since_s]
    since = incoming[incoming["time_s"] >= second.since_s]
    assert not (before["delay_ms"] > 60).any()
    assert (since["delay_ms"].iloc[:50] > 60).all()


def test_delays_are_what_was_asked_for_and_what_two_captures_measure(surprised, phone):
    call, _, second = surprised
    leg = leg_of(call)
    truth = rtp(call.evidence.network_truth("2090"), "incoming").set_index("sequence")
    delayed = truth[truth["delay_ms"] > 60]

    def times(packets):
        return {
            int.from_bytes(bytes(each.payload)[2:4], "big"): each.time_s
            for each in packets
            if each.dst == leg.address and len(each.payload) == 172
        }

    near = times(call.evidence.capture_at(leg).packets())
    far = times(Capture.open(phone.tap.network_side()).call(leg.call_id).packets())
    differences = []
    for sequence, row in delayed.iterrows():
        assert far[sequence] == pytest.approx(row["time_s"], abs=2e-6)
        differences.append(1000 * (near[sequence] - far[sequence]) - row["delay_ms"])
    assert len(differences) > 60
    # The log's time is taken just before the packet is handed over.
    assert min(differences) > -0.01
    assert median(differences) < 0.05 * delayed["delay_ms"].median()
    # What was asked for, by the same luck: a packet leaves after its time, never before.
    path = pure.Path("incoming")
    path.impair(second.incoming, seed=second.seed)
    everything = call.evidence.network_truth("2090")
    since = everything[
        (everything["direction"] == "incoming") & (everything["time_s"] >= second.since_s)
    ]
    late = []
    for row in since.itertuples():
        if row.time_s > delayed["time_s"].max():
            break
        ssrc = int(row.ssrc) if row.protocol == "rtp" else None
        datagram = Datagram(row.src, row.dst, row.protocol, row.bytes, ssrc)
        fate = path.fate(datagram, time_s=row.time_s)
        late.append(row.delay_ms - 1000 * (fate.release_s - row.time_s))
    assert min(late) > -0.01
    assert median(late) < 0.05 * second.incoming.delay_ms


def test_clearing_restores_the_network(surprised):
    call, *_ = surprised
    truth = call.evidence.network_truth("2090")
    cleared = truth[truth["time_s"] > leg_of(call).impairments[-1].since_s]
    assert (cleared["fate"] == "delivered").all()
    assert len(rtp(cleared, "incoming")) > 30
    impaired_ms = leg_of(call).impairments[1].incoming.delay_ms
    assert rtp(cleared, "incoming")["delay_ms"].median() < 0.1 * impaired_ms


# The other ways to suffer


def test_copies_and_overtaking_are_counted_as_they_were_made(lab, phone):
    phone.network.impair(
        incoming=Impairment(duplicate_pct=10, reorder_pct=5, reorder_ms=30, spares_signalling=True),
        seed=11,
    )
    call = phone.call(lab["2002"])
    call.wait(seconds=4)
    call.hang_up()
    phone.network.clear()
    leg = leg_of(call)
    streams = call.evidence.capture_at(leg).received_by(leg.address).streams
    incoming = rtp(call.evidence.network_truth("2090"), "incoming")
    twice = (incoming["copies"] == 2).sum()
    assert streams["duplicated"].sum() == twice > 5
    leaving = (incoming["time_s"] + incoming["delay_ms"] / 1000).sort_values().index
    order = [
        (each - incoming["sequence"].iloc[0]) % 65_536 for each in incoming.loc[leaving, "sequence"]
    ]
    overtaken = sum(each < max(order[:n], default=0) for n, each in enumerate(order))
    assert streams["reordered"].sum() == overtaken > 3
    assert streams["lost"].sum() == 0


def test_a_narrow_link_drops_what_its_queue_can_not_hold(lab, phone):
    # Speech in G.711 takes 50 frames of 214 bytes a second: 85.6 kbit/s.
    phone.network.impair(
        outgoing=Impairment(rate_kbit_s=60, queue_ms=100, spares_signalling=True), seed=1
    )
    call = phone.call(lab["2002"])
    call.wait(seconds=4)
    call.hang_up()
    phone.network.clear()
    outgoing = rtp(call.evidence.network_truth("2090"), "outgoing")
    dropped = outgoing["fate"] == "overflow"
    assert dropped.sum() > 20
    passed = outgoing[~dropped]
    gaps_ms = 1000 * (passed["time_s"] + passed["delay_ms"] / 1000).diff().iloc[5:]
    assert gaps_ms.median() == pytest.approx(8 * 214 / 60, rel=0.05)


def test_orders_get_through_where_nothing_else_does(phone):
    phone.network.impair(incoming=Impairment(loss_pct=100), outgoing=Impairment(loss_pct=100))
    try:
        assert phone.answering == phone.answering
        phone.say("Nobody hears this.")
        call = phone.call("*43", answered_within_s=None)
        assert not call.wait(seconds=1) or call.state == "trying"
        call.hang_up()
        truth = phone.network.truth()
        now = truth[truth["time_s"] > phone.network.impairments.since_s]
        assert set(now.loc[now["protocol"] == "sip", "fate"]) == {"lost"}
        assert "4444" not in " ".join(now["src"])
    finally:
        phone.network.clear()
    call = phone.call("*43")
    assert call.wait(seconds=1)
    call.hang_up()


def test_bursts_and_presets_can_be_had_by_name(phone):
    settings = phone.network.impair("congested-wifi", seed=5)
    assert settings.incoming.bursts == GilbertElliott.of(loss_pct=2, mean_burst=3)
    assert phone.network.impairments == settings
    call = phone.call("*43")
    call.wait(seconds=2)
    call.hang_up()
    phone.network.clear()
    delays = rtp(call.evidence.network_truth("2090"), "outgoing")["delay_ms"]
    assert delays.std() > 3


def test_evidence_opened_again_has_the_same_truth(lossy):
    again = Evidence.open(lossy.evidence.folder)
    assert again.network_truth("2090").equals(lossy.evidence.network_truth("2090"))
    assert again.record.missing == ()
    assert again.network_truth("2002").empty
    assert leg_of(lossy, "2002").impairments == ()


# What is refused


@pytest.mark.usefixtures("lossy")
def test_what_is_no_impairment_is_refused_and_changes_nothing(phone):
    before = phone.network.impairments
    with pytest.raises(ImpairmentError, match="No preset is called '5g'"):
        phone.network.impair("5g")
    with pytest.raises(ImpairmentError, match="leave incoming and outgoing out"):
        phone.network.impair("4g", incoming=LOSSY)
    with pytest.raises(ImpairmentError, match="A seed is an integer"):
        phone.network.impair("4g", seed="7")
    with pytest.raises(ImpairmentError, match="outgoing is an Impairment"):
        phone.network.impair(outgoing=5)
    assert phone.network.impairments == before
    order = phone.network.capture[0].exec(
        ["python3", "-m", "voiplab.impairment.middlebox.ask", '{"seed": 1}']
    )
    assert "Settings have since_s, seed" in order.text


def test_a_network_that_was_never_impaired_has_no_truth(lab):
    network = lab["2002"].phone.network
    assert network.impairments is None
    assert network.truth().empty
    assert network.capture is None
    network.clear()
    network.check()


def test_a_missing_image_is_named_before_anything_happens(lab, tmp_path, monkeypatch):
    folder = shutil.copytree(Path(pure.__file__).parents[2] / "docker", tmp_path / "docker")
    (folder / "network" / "Dockerfile").write_text("FROM scratch\n")
    monkeypatch.setenv("VOIPLAB_DOCKER", str(folder))
    with pytest.raises(ImageMissing, match=r"voiplab/network:\w+ has not been built"):
        lab["2002"].phone.network.impair("4g")
    assert lab["2002"].phone.network.impairments is None


# Life and death


def sidecars(engine, lab):
    return [each.name for each in engine.containers({LAB: lab.name, ROLE: SIDECAR})]


def test_the_sidecar_goes_with_its_phone(lab, engine):
    user = lab.add_user("2091", name="Passing")
    user.phone.network.impair("office-lan")
    assert f"voiplab-{lab.name}-2091-network" in sidecars(engine, lab)
    lab.remove_user("2091")
    assert f"voiplab-{lab.name}-2091-network" not in sidecars(engine, lab)


def test_a_lab_that_is_taken_up_knows_its_networks_and_takes_them_along(engine, runs):
    with Lab(users={"2001": "One", "2002": "Two"}, runs=runs, engine=engine) as mine:
        settings = mine["2001"].phone.network.impair(incoming=LOSSY, seed=9)
        theirs = Lab.attach(mine.name, runs=runs)
        network = theirs["2001"].phone.network
        assert network.impairments == settings
        assert theirs["2002"].phone.network.impairments is None
        call = theirs["2001"].phone.call(theirs["2002"])
        call.wait(seconds=3)
        call.hang_up()
        leg = leg_of(call, "2001")
        incoming = rtp(call.evidence.network_truth("2001"), "incoming")
        arrived = incoming[incoming["fate"] == "delivered"]
        captured = call.evidence.capture_at(leg).received_by(leg.address).streams
        assert captured["packets"].sum() == len(arrived)
        theirs.stop()
        mine.take_up()
        assert mine["2001"].phone.network.impairments == settings
    assert engine.containers({LAB: mine.name}) == []


def test_a_phone_whose_container_was_restarted_can_be_impaired_anew(engine, runs):
    with Lab(users={"2001": "One"}, runs=runs, engine=engine) as mine:
        phone = mine["2001"].phone
        phone.network.impair("office-lan")
        sidecar, *_ = phone.network.capture
        phone.container.restart()
        wait_until("the sidecar's end", lambda: not sidecar.running or None, timeout_s=10)
        assert "The network is impaired no longer" in sidecar.logs()
        phone.connect()
        phone.register()
        assert phone.network.impair("4g").incoming.loss_pct == 0.7
        call = phone.call("*43")
        call.wait(seconds=2)
        call.hang_up()
        assert rtp(call.evidence.network_truth("2001"), "incoming")["delay_ms"].median() > 10


def test_a_sidecar_that_was_killed_is_named(lab):
    phone = lab.add_user("2092", name="Cut off").phone
    try:
        phone.network.impair("office-lan")
        sidecar, *_ = phone.network.capture
        sidecar.kill()
        wait_until("the sidecar's end", lambda: not sidecar.running or None, timeout_s=10)
        with pytest.raises(ImpairmentError, match=r"The sidecar that impairs .* has stopped"):
            phone.network.clear()
        with pytest.raises(ImpairmentError, match="eth0 has no IP address: what impaired it"):
            phone.network.impair("office-lan")
    finally:
        lab.remove_user("2092")


def test_a_capture_without_room_is_missed_in_the_evidence(engine, runs):
    with Lab(users={"2001": "One"}, runs=runs, engine=engine, capture_room="64k") as mine:
        phone = mine["2001"].phone
        phone.network.impair("office-lan")
        call = phone.call("*43")
        call.wait(seconds=4)
        call.hang_up()
        assert "its capture has ended: No space left on device" in " ".join(
            call.evidence.record.missing
        )


def test_settings_are_found_in_the_record_as_json(lossy):
    written = (lossy.evidence.folder / "call.json").read_text()
    assert re.search(r'"seed": 7', written)
    assert Settings.from_dict(leg_of(lossy).impairments[0].as_dict()).seed == 7
