"""The report for build servers, parsed back."""

from xml.etree import ElementTree as ET

import pytest

# As the schema has it that Jenkins publishes with its JUnit plugin (jenkins-junit.xsd): for each
# element, its attributes and the elements in it.
SCHEMA = {
    "testsuites": ({"name", "time", "tests", "failures", "disabled", "errors"}, {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors", "time", "disabled", "skipped", "timestamp",
         "hostname", "id", "package"},
        {"properties", "testcase", "system-out", "system-err"},
    ),
    "properties": (set(), {"property"}),
    "property": ({"name", "value"}, set()),
    "testcase": (
        {"name", "assertions", "time", "classname", "status"},
        {"skipped", "error", "failure", "system-out", "system-err"},
    ),
    "skipped": ({"type", "message"}, set()),
    "failure": ({"type", "message"}, set()),
    "system-out": (set(), set()),
}  # fmt: skip


@pytest.fixture
def root(plan, tmp_path):
    return ET.parse(plan.write_junit(tmp_path / "report.xml")).getroot()  # noqa: S314 - our own


def test_elements_and_attributes_are_those_of_the_common_schema(root):
    assert root.tag == "testsuites"
    for element in root.iter():
        attributes, children = SCHEMA[element.tag]
        assert set(element.keys()) <= attributes
        assert {child.tag for child in element} <= children


def test_counts_and_times_agree_with_the_cases(root, plan):
    (suite,) = root
    cases = suite.findall("testcase")
    assert [case.get("name") for case in cases] == [case.name for case in plan.cases]
    assert int(suite.get("tests")) == len(cases)
    assert int(suite.get("failures")) == len(suite.findall("testcase/failure")) == 1
    assert int(suite.get("skipped")) == len(suite.findall("testcase/skipped")) == 1
    assert float(cases[0].get("time")) == 17.5
    assert suite.get("timestamp") == "2026-11-25T04:50:29"


def test_a_failure_says_what_was_found_without_what_xml_cannot_carry(root):
    failure = root.find("testsuite/testcase/failure")
    assert failure.get("message") == "2002 <back>"
    assert "found 403 & � Forbidden; look at there" in failure.text


def test_what_was_observed_is_kept(root):
    told = root.find("testsuite/testcase/system-out").text
    assert "Expected: It comes.\nObserved: It came.\n✓ set-up: expected this, found that" in told
