"""Installation: a clean machine, what is typed on it, and what it has become."""

from voiplab.installation.disks import Disks, disks_by_hand
from voiplab.installation.findings import Findings, look
from voiplab.installation.installed import Installed, install
from voiplab.installation.machine import Machine
from voiplab.installation.ran import Ran
from voiplab.installation.steps import PACKAGED, Step, by_hand
from voiplab.installation.trial_call import TrialCall, try_call

__all__ = [
    "PACKAGED",
    "Disks",
    "Findings",
    "Installed",
    "Machine",
    "Ran",
    "Step",
    "TrialCall",
    "by_hand",
    "disks_by_hand",
    "install",
    "look",
    "try_call",
]
