"""Telling how far something long has come."""

from collections.abc import Callable

Progress = Callable[[str], None]
"""Takes one line at a time; while images are built side by side, from several threads."""


def silent(_line: str) -> None:
    """Tell nobody."""
