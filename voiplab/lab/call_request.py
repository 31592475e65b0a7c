"""What a phone is asked for when it is to call."""

from pydantic import BaseModel, ConfigDict


class CallRequest(BaseModel):
    """A call that was asked for.

    Attributes:
        caller: the calling extension.
        number: what is dialled.
        say: what the caller says as soon as the call is answered, or None.
        reply: what the called user's phone says then, or None.
        voice: the espeak-ng voice that says it.

    >>> CallRequest(caller="2001", number="*43", say="Is there an echo?")
    <2001 calls *43, and says 'Is there an echo?'>
    """

    model_config = ConfigDict(frozen=True)

    caller: str
    number: str
    say: str | None = None
    reply: str | None = None
    voice: str = "en"

    def __repr__(self) -> str:
        return f"<{self}>"

    def __str__(self) -> str:
        said = [f"and says {self.say!r}"] if self.say is not None else []
        if self.reply is not None:
            said.append(f"is answered {self.reply!r}")
        if said and self.voice != "en":
            said.append(f"in the voice {self.voice!r}")
        return ", ".join([f"{self.caller} calls {self.number}", *said])
