"""The test plan as JUnit's XML, which build servers read."""

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from voiplab.grading.plan.case import Case, Outcome

if TYPE_CHECKING:
    from voiplab.grading.plan.plan import TestPlan

_SUITE = "voiplab.test-plan"


def junit(plan: "TestPlan") -> str:
    """Return a test plan as a JUnit report: a test suite, a test case a case.

    A failed case has a ``failure`` with the reasons, one that was not run a ``skipped`` with the
    reason; what was observed and checked is in ``system-out``.

    Source: the schema of Apache Ant's and Jenkins' reports, as build servers agree on it.

    Args:
        plan: the test plan.
    """
    counts = dict.fromkeys(Outcome, 0)
    for case in plan.cases:
        counts[case.outcome] += 1
    totals = {
        "tests": str(len(plan.cases)),
        "failures": str(counts[Outcome.FAILED]),
        "errors": "0",
        "time": f"{plan.duration_s:.3f}",
    }
    root = ET.Element("testsuites", totals)
    suite = ET.SubElement(
        root,
        "testsuite",
        {
            "name": _SUITE,
            **totals,
            "skipped": str(counts[Outcome.NOT_RUN]),
            "timestamp": plan.started.strftime("%Y-%m-%dT%H:%M:%S"),
            "hostname": "localhost",
        },
    )
    properties = ET.SubElement(suite, "properties")
    facts = {"lab": plan.lab, "security": plan.security, **plan.software}
    for name, value in facts.items():
        ET.SubElement(properties, "property", {"name": name, "value": _printable(value)})
    for case in plan.cases:
        _add(suite, case)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=False) + "\n"


def _add(suite: ET.Element, case: Case) -> None:
    attributes = {"classname": _SUITE, "name": case.name, "time": f"{case.duration_s:.3f}"}
    element = ET.SubElement(suite, "testcase", attributes)
    if case.outcome is Outcome.NOT_RUN:
        ET.SubElement(element, "skipped", {"message": _printable(case.not_run)})
    if case.outcome is Outcome.FAILED:
        names = ", ".join(check.name for check in case.failures) or "nothing was looked at"
        failure = ET.SubElement(
            element, "failure", {"message": _printable(names), "type": "AssertionError"}
        )
        failure.text = _printable("\n".join(str(check) for check in case.failures))
    ET.SubElement(element, "system-out").text = _printable(_told(case))


def _told(case: Case) -> str:
    return "\n".join(
        [
            f"Initial state: {case.initial_state}",
            f"Action: {case.action}",
            f"Expected: {case.expected}",
            *(f"Observed: {sentence}" for sentence in case.observed),
            *(str(check) for check in case.checks),
            *(f"Evidence: {exhibit.folder}" for exhibit in case.exhibits),
        ]
    )


def _printable(text: str) -> str:
    """Return text without the control characters that XML 1.0 can't carry, not even escaped."""
    return "".join(
        each if each in "\n\t" or each.isprintable() else "\N{REPLACEMENT CHARACTER}"
        for each in text
    )
