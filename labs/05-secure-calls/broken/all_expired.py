"""Whatever the phone says, the certificate has expired."""

import checks

from voiplab.grading import Student

TASK = "certificates"
CHECK = tuple(
    f"certificate {letter}"
    for letter, flaw in checks.flaws(Student("Broken State")).items()
    if flaw != "expired"
)


def bring_about(_work: object) -> dict[str, str]:
    return dict.fromkeys(checks.LETTERS, "expired")
