"""Installation: a clean machine, what is typed on it, and what it has become."""

from voiplab.installation.machine import Machine
from voiplab.installation.ran import Ran

__all__ = ["Machine", "Ran"]
