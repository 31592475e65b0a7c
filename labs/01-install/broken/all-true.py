"""Whatever is said is taken for true."""

import checks

from voiplab.grading import Student, Worksheet

TASK = "differences"
# The letters that this state's student has for what is false.
CHECK = tuple(
    f"statement {letter}"
    for letter, sentence in checks.statements(Student("Broken State")).items()
    if not checks.FACTS[sentence]
)


def bring_about(work: Worksheet) -> dict[str, bool]:
    return dict.fromkeys(checks.statements(work.student), True)
