"""What can be wrong with the course."""

from voiplab.errors import VoipLabError


class CourseError(VoipLabError):
    """A part of the course doesn't say what it must: says where, and what to do."""
