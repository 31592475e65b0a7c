"""Finding what is wrong with hand-written files, before Asterisk does."""

from collections.abc import Mapping

from voiplab.config.by_hand import dial_plan, pjsip
from voiplab.config.by_hand.fault import Fault, Faults
from voiplab.config.by_hand.faults_of_dial_plan import of_dial_plan
from voiplab.config.by_hand.faults_of_pjsip import of_pjsip
from voiplab.config.by_hand.faults_of_syntax import of_syntax
from voiplab.config.by_hand.syntax import Document


def find_faults(files: Mapping[str, str]) -> Faults:
    r"""Find what is wrong with hand-written files.

    Each kind of fault was tried on Asterisk 22: tests/docker/test_faults_in_asterisk.py.

    Args:
        files: texts by file name: ``pjsip.conf``, ``extensions.conf``, what they include, and,
            where it is known, ``modules.conf``.

    Returns:
        The faults, each with its file and line, object and option; none for files that work.

    >>> files = {"pjsip.conf": "[2001]\ntype = aor\nmax_contact = 1\n"}
    >>> [(each.line, each.kind, each.remedy) for each in find_faults(files)][1]
    (3, 'unknown-option', 'Did you mean max_contacts?')
    """
    found: list[Fault] = []
    plan = dial_plan.document(files)
    contexts = dial_plan.contexts(plan) if dial_plan.FILE in files else None
    described = pjsip.document(files)
    found += of_syntax(described)
    found += of_syntax(plan)
    if pjsip.FILE in files:
        found += of_pjsip(described, contexts)
    if contexts is not None:
        endpoints = _endpoints(described) if pjsip.FILE in files else None
        found += of_dial_plan(contexts, endpoints, files.get("modules.conf"))
    return Faults.of(found)


def _endpoints(described: Document) -> set[str]:
    """The endpoints that are meant, though something else may be wrong with them."""
    sections = tuple(each for each in described.sections if not each.template)
    return {each.name for each in pjsip.described_objects(sections) if each.kind == "endpoint"}
