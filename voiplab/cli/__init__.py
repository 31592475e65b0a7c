"""The command line: the lab without a notebook."""

from voiplab.cli.main import main

__all__ = ["main"]
