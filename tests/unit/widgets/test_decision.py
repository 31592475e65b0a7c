"""The panel of a decision: what its sliders weigh, and what it says of it."""

import subprocess
import sys

import pytest

from voiplab.decision import Matrix, Weights, judge
from voiplab.errors import DecisionError
from voiplab.widgets.decision import DecisionPanel

MATRIX = Matrix.of(
    {
        "own": {"price": 9, "work": 1, "features": 6},
        "hosted": {"price": 3, "work": 8, "features": 7},
        "box": {"price": 6, "work": 5, "features": 6.5},
    }
)
PROFILES = {
    "thrifty": Weights.of({"price": 10, "work": 2, "features": 4}),
    "busy": Weights.of({"price": 1, "work": 5, "features": 0}),
}


@pytest.fixture
def panel(monkeypatch):
    # The sliders have come to rest when a test says so.
    monkeypatch.setattr("voiplab.widgets.debounce.Debounce.ask", lambda _self: None)
    made = DecisionPanel(MATRIX, PROFILES)
    yield made
    made.close()


def points(panel):
    return {name: field.value for name, field in panel.points.items()}


def test_it_begins_with_the_first_profile(panel):
    assert panel.profile.value == "thrifty"
    assert points(panel) == {"price": 10, "work": 2, "features": 4}
    assert panel.verdict.ranking.winner == "own"
    assert panel.report.sentence == str(judge(MATRIX, PROFILES["thrifty"]))


def test_a_chosen_profile_moves_the_sliders(panel):
    panel.profile.value = "busy"
    panel.weigh()
    assert points(panel) == {"price": 2, "work": 10, "features": 0}
    assert panel.verdict.ranking.winner == "hosted"
    assert panel.profile.value == "busy"


def test_a_moved_slider_is_nobody_s_profile(panel):
    panel.points["work"].value = 10.0
    assert panel.profile.value == ""
    panel.weigh()
    assert panel.weights == Weights.of({"price": 10, "work": 10, "features": 4})
    assert panel.report.sentence.startswith(f"{panel.verdict.ranking.winner} comes first")


def test_the_line_of_python_says_the_same(panel, capsys):
    panel.points["work"].value = 7.0
    panel.weigh()
    names = {"judge": judge, "matrix": MATRIX, "Weights": Weights}
    exec(panel.report.python, names)  # noqa: S102 - it is the panel's own line
    assert capsys.readouterr().out.strip() == panel.report.sentence


def test_the_table_has_all_from_best_to_worst(panel):
    rows = panel.table.value.split("<tr>")[2:]
    ranked = panel.verdict.ranking.ranked
    assert len(rows) == len(ranked)
    for place, (row, each) in enumerate(zip(rows, ranked, strict=True), 1):
        assert f'<th scope="row">{place}. {each.alternative}</th>' in row
        assert f"<td>{each.worth:.2f}<" in row
        assert f"<td>{100 * panel.verdict.near.first[each.alternative]:.0f} %<" in row


def test_names_are_no_markup():
    hostile = Matrix.of({"<img src=x>": {"price": 9}, "b": {"price": 3}})
    panel = DecisionPanel(hostile)
    assert "<img" not in panel.table.value
    assert "&lt;img src=x&gt;" in panel.table.value
    panel.close()


def test_when_nothing_counts_it_says_so_and_goes_on(panel):
    for field in panel.points.values():
        field.value = 0.0
    panel.weigh()
    assert panel.report.state == "failed"
    assert panel.report.sentence == "Nothing counts: give at least one criterion a point."
    assert panel.verdict is None
    with pytest.raises(DecisionError):
        _ = panel.weights
    panel.points["price"].value = 1.0
    panel.weigh()
    assert panel.report.state == "done"
    assert panel.verdict.ranking.winner == "own"


def test_the_widgets_are_imported_without_numpy():
    asked = "import sys, voiplab.widgets; print('numpy' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"
