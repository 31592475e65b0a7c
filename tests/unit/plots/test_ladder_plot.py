import matplotlib.pyplot as plt
import pytest

from voiplab.packets import Actor, Arrow, Band, Flow, Ladder
from voiplab.plots import plot_ladder

CALL = Ladder(
    actors=(Actor("192.0.2.1", "phone 2001"), Actor("192.0.2.9", "Asterisk")),
    rungs=(
        Arrow(0.0, 0, 1, "INVITE (SDP)", "request", "INVITE sip:2002@192.0.2.9 SIP/2.0"),
        Arrow(0.1, 1, 0, "200 OK (SDP)", "success", "SIP/2.0 200 OK"),
        Band(0.2, 5.0, (0, 1), (Flow(0, 1, "PCMU", 240), Flow(1, 0, "PCMU", 241))),
        Arrow(5.1, 0, 1, "BYE", "request", "BYE sip:2002@192.0.2.9 SIP/2.0"),
    ),
)


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def written(axes):
    return [text.get_text() for text in axes.texts]


def test_messages_media_and_names_are_all_written():
    texts = written(plot_ladder(CALL))
    for expected in (
        "phone 2001",
        "Asterisk",
        "INVITE (SDP)",
        "200 OK (SDP)",
        "240 RTP PCMU",
        "241 RTP PCMU",
        "BYE",
        "5.100 s",
    ):
        assert expected in texts


def test_an_arrow_points_from_sender_to_receiver():
    arrows = [each for each in plot_ladder(CALL).texts if getattr(each, "arrow_patch", None)]
    ends = [(each.xyann[0], each.xy[0]) for each in arrows]
    assert ends == [(0, 1), (1, 0), (0, 1), (1, 0), (0, 1)]


def test_time_runs_down():
    axes = plot_ladder(CALL)
    bottom, top = axes.get_ylim()
    assert bottom > top


def test_the_text_alternative_is_the_ladder_for_a_terminal():
    assert plot_ladder(CALL).get_label() == CALL.text()


def test_a_given_axes_is_drawn_on_and_the_style_is_left_alone():
    before = dict(plt.rcParams)
    _, ax = plt.subplots()
    assert plot_ladder(CALL, ax) is ax
    assert dict(plt.rcParams) == before


def test_a_longer_call_makes_a_higher_figure():
    longer = Ladder(CALL.actors, CALL.rungs * 4)
    heights = [plot_ladder(each).figure.get_size_inches()[1] for each in (CALL, longer)]
    assert heights[1] > heights[0] * 2


def test_an_empty_ladder_says_so():
    axes = plot_ladder(Ladder(actors=(), rungs=()))
    assert axes.get_title(loc="left") == "No message was captured"


def test_rows_within_the_time_of_a_band_lie_on_its_ground():
    key = Arrow(3.0, 0, 1, "key 5, 160 ms", "dtmf", "key 5")
    during = Ladder(CALL.actors, (*CALL.rungs[:3], key, CALL.rungs[3]))

    def height(ladder):
        (ground,) = plot_ladder(ladder).collections
        box = ground.get_paths()[0].get_extents()
        return box.height

    assert height(during) == pytest.approx(height(CALL) + 1)


def test_a_retransmission_is_dashed():
    again = Arrow(0.5, 0, 1, "INVITE, retransmitted", "request", "", retransmitted=True)
    arrows = [
        each.arrow_patch
        for each in plot_ladder(Ladder(CALL.actors, (CALL.rungs[0], again))).texts
        if getattr(each, "arrow_patch", None)
    ]
    assert [arrow.get_linestyle() for arrow in arrows] == ["-", "--"]


def test_a_long_ladder_is_cut_with_a_sentence():
    long = Ladder(CALL.actors, CALL.rungs * 30)
    axes = plot_ladder(long, most=8)
    assert "… and 112 more" in written(axes)
    assert written(axes).count("BYE") == 2
    assert axes.get_label() == long.text(8)


def test_what_looks_like_a_formula_is_written_as_it_came():
    odd = Arrow(0.0, 0, 1, "486 $x^$ and $", "failure", "")
    axes = plot_ladder(Ladder(CALL.actors, (odd,)))
    axes.figure.canvas.draw()
    assert any("x^" in text for text in written(axes))


def test_a_host_that_talks_to_itself_says_so_beside_its_lifeline():
    alone = Ladder(CALL.actors[:1], (Arrow(0.0, 0, 0, "INVITE", "request", ""),))
    assert "↻ INVITE" in written(plot_ladder(alone))
