"""What all parts of a configuration are: frozen, checked, and refused in one sentence."""

from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from voiplab.errors import ConfigError


class Part(BaseModel):
    """A frozen value of which an exchange's configuration is made.

    Raises:
        ConfigError: a value that Asterisk would refuse, or that can't be carried unharmed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    def __init__(self, **values: Any) -> None:  # noqa: ANN401 - pydantic's own signature
        try:
            super().__init__(**values)
        except ValidationError as error:
            raise ConfigError(sentence(type(self), error)) from None


def sentence(part: type[BaseModel], error: ValidationError) -> str:
    """Say in one sentence what the first thing wrong with a part is.

    Args:
        part: the model that refused its values.
        error: what pydantic found.
    """
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(step) for step in first["loc"])
    if first["type"] == "value_error":
        reason = str(first["ctx"]["error"])
        return f"{part.__name__} {where}: {reason}" if where else reason[0].upper() + reason[1:]
    return f"{part.__name__} {where}: {_reason(part, first)}"


def _reason(part: type[BaseModel], detail: ErrorDetails) -> str:
    field = str(detail["loc"][-1]) if detail["loc"] else ""
    known = tuple(part.model_fields)
    match detail["type"]:
        case "missing":
            return "it is missing: give it a value."
        case "extra_forbidden":
            likely = get_close_matches(field, known, n=1)
            meant = f"did you mean {likely[0]!r}?" if likely else f"there are {', '.join(known)}."
            return f"there is no such field; {meant}"
        case "too_short":
            return "there is none: name at least one."
        case _:
            said = detail["msg"]
            return f"{said[0].lower()}{said[1:]}; change it."
