"""What a file that was handed in says of itself."""

from typing import Annotated, Final, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from voiplab.errors import SubmissionError

MANIFEST: Final = "manifest.json"
FORMAT: Final = 1

_Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _Versioned(BaseModel):
    format: int = 0


class Manifest(BaseModel):
    """What a file that was handed in says of itself.

    Attributes:
        format: the version of these keys and of the file's layout.
        assignment: the lab's name.
        version: which text of the lab's ``checks.py`` judged the results in it.
        student: who handed it in.
        sheet: the random digits of the student's sheet.
        created: when it was written.
        software: the version of VoIP Lab that wrote it.
        hints: how many hints were shown, by task.
        files: the SHA-256 of each other member, by name.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int = FORMAT
    assignment: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
    version: Annotated[str, Field(max_length=100)]
    student: Annotated[str, Field(min_length=1, max_length=200)]
    sheet: Annotated[str, Field(max_length=100)]
    created: AwareDatetime
    software: Annotated[str, Field(max_length=100)]
    hints: dict[str, int] = {}
    files: dict[str, _Sha256]

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """Read it.

        Raises:
            SubmissionError: when it is damaged, or of another format.
        """
        try:
            found = _Versioned.model_validate_json(content).format
            if found != FORMAT:
                cure = (
                    "let the student hand in again with this version of VoIP Lab"
                    if found < FORMAT
                    else "update VoIP Lab"
                )
                raise SubmissionError(
                    f"It is of format {found}, and this version reads format {FORMAT}: {cure}."
                )
            return cls.model_validate_json(content)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "its beginning"
            raise SubmissionError(
                f"Its {MANIFEST} is damaged at {where}: {first['msg']}. Let it be handed in again."
            ) from error
