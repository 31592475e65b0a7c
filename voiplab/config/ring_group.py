"""A ring group: one extension at which several users' phones ring at once."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from voiplab.config.part import Part
from voiplab.config.text import Extension


class RingGroup(Part):
    """Several users under one extension: all ring, the first to answer has the call.

    Args:
        extension: what is dialled.
        members: the extensions of the users who ring.
        ring_s: how long they ring, in seconds.

    >>> RingGroup(extension="6000", members=("2001", "2002")).ring_s
    25
    """

    extension: Extension
    members: Annotated[tuple[Extension, ...], Field(min_length=1)]
    ring_s: Annotated[int, Field(ge=1, le=300)] = 25

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        for member in self.members:
            if self.members.count(member) > 1:
                raise ValueError(f"{member} is a member of {self.extension} twice: name it once.")
        return self
