"""A plan: its verdict, its figures, and that it comes back whole from its folder."""

import json

import pytest

from voiplab.errors import EvidenceError


def test_a_plan_with_a_case_that_was_not_run_has_not_passed(plan):
    assert not plan.passed
    assert plan.verdict == "1 of 3 cases failed, 1 of 3 cases not run"
    green = plan.model_copy(update={"cases": plan.cases[:1]})
    assert green.passed
    assert green.verdict == "All 1 cases passed"
    assert not plan.model_copy(update={"cases": ()}).passed


def test_cases_are_found_by_their_keys(plan):
    assert plan["restart"].name == "The case restart"
    with pytest.raises(KeyError, match="there are calls, restart, encryption"):
        plan["none"]


def test_json_has_the_keys_that_stay(plan):
    told = json.loads(json.dumps(plan.as_dict()))
    assert set(told) == {
        "passed", "verdict", "lab", "security", "started", "duration_s", "software", "cases",
    }  # fmt: skip
    assert set(told["cases"][0]) == {
        "key", "name", "outcome", "initial_state", "action", "expected", "observed", "not_run",
        "checks", "evidence", "restarts", "duration_s",
    }  # fmt: skip
    assert [each["outcome"] for each in told["cases"]] == ["passed", "failed", "not run"]
    (restart,) = told["cases"][1]["restarts"]
    assert restart["returns"][0]["back_s"] == 44.0


def test_a_saved_plan_comes_back_with_its_evidence(plan, tmp_path):
    plan.save(tmp_path / "kept")
    again = type(plan).open(tmp_path / "kept")
    assert again.as_dict()["verdict"] == plan.as_dict()["verdict"]
    assert again["restart"].restarts == plan["restart"].restarts
    assert again["calls"].checks == plan["calls"].checks
    (exhibit,) = again["calls"].exhibits
    assert exhibit.folder.is_relative_to(tmp_path)
    assert (exhibit.folder / "call.json").exists()
    # It may be saved again from there, and nothing of it names the place where it lay.
    again.save(tmp_path / "again")
    assert str(tmp_path) not in (tmp_path / "again" / "test-plan.json").read_text()


def test_a_plan_may_be_saved_over_the_one_that_it_was_opened_from(plan, tmp_path):
    plan.save(tmp_path)
    type(plan).open(tmp_path).save(tmp_path)
    assert type(plan).open(tmp_path)["calls"].exhibits[0].folder.exists()


@pytest.mark.parametrize(
    ("content", "said"), [(None, "can't be read"), ("{", "is damaged at its beginning")]
)
def test_a_missing_or_damaged_plan_is_told(plan, tmp_path, content, said):
    if content is not None:
        (tmp_path / "test-plan.json").write_text(content)
    with pytest.raises(EvidenceError, match=said):
        type(plan).open(tmp_path)


def test_where_evidence_lies_is_not_part_of_what_a_notebook_keeps(plan):
    shown = repr(plan) + repr(plan["calls"]) + plan._repr_html_() + plan["calls"]._repr_html_()
    assert "<Case calls: passed>" in shown
    assert str(plan["calls"].exhibits[0].folder.parent) not in shown


def test_in_a_notebook_it_is_a_table_that_holds_no_markup_of_others(plan):
    shown = plan._repr_html_()
    assert shown.count("<tr>") == 4
    assert "2002 &lt;back&gt;" in shown
