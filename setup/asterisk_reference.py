"""Write down anew what the lab's Asterisk knows, for the reader of hand-written files.

setup/with-engine.sh .venv/bin/python setup/asterisk_reference.py
"""

import json
from pathlib import Path

from voiplab import Lab
from voiplab.config.by_hand import reference

PLACE = Path(reference.__file__).with_name("reference.json")

with Lab() as lab:
    known = reference.extract(
        lab.pbx.container.read(reference.DOCUMENTATION),
        {command: lab.asterisk(command) for command in reference.COMMANDS},
    )
PLACE.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
