"""Where calls leave their evidence."""

import os
from pathlib import Path


def runs_folder() -> Path:
    """Return the folder for evidence: ``VOIPLAB_RUNS``, else ``runs/`` of the checkout or here.

    >>> runs_folder().name != ""
    True
    """
    chosen = os.environ.get("VOIPLAB_RUNS")
    if chosen:
        return Path(chosen)
    checkout = Path(__file__).parents[2]
    return (checkout if (checkout / "docker").is_dir() else Path.cwd()) / "runs"
