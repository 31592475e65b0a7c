"""Grading: tasks, checks of what was done, reports."""

__all__: list[str] = []
