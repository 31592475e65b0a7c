"""Two aors of one name: Asterisk loads none at all."""

import checks

from voiplab import Lab
from voiplab.grading import Worksheet

TASK, CHECK = "users", ("objects", "registered")


def bring_about(work: Worksheet) -> Lab:
    aor = f"[{work.student.extension(0)}]\ntype = aor\nmax_contacts = 1\nremove_existing = yes\n"
    return checks.start_spoilt(work, checks.PJSIP, aor, f"{aor}\n{aor}")
