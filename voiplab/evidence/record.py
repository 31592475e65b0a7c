"""What a call's evidence says about the call itself: ``call.json``."""

from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from voiplab.errors import EvidenceError
from voiplab.impairment import Settings

FILE = "call.json"


class LegRecord(BaseModel):
    """One phone's end of a call.

    Attributes:
        user: the extension of the phone's user.
        address: the phone's IP address.
        call_id: the SIP Call-ID of its dialog with the PBX.
        incoming: whether the phone was called.
        capture: the file with the packets that crossed its network in this call.
        heard: the file with what came out of its loudspeaker, or None.
        said: the file with what it was told to say, or None.
        network: the file with what became of each packet on its network, or None where nothing
            was to become of them.
        impairments: what its network did during the call, one after the other.
        transport: what the phone's SIP went over: ``udp``, ``tcp`` or ``tls``; None where nobody
            noted it.
        media_encryption: how the keys for its speech were agreed on: ``sdes`` or ``dtls``; or
            ``none``, for speech in clear.
    """

    model_config = ConfigDict(frozen=True)

    user: str
    address: str
    call_id: str
    incoming: bool
    capture: str | None = None
    heard: str | None = None
    said: str | None = None
    network: str | None = None
    impairments: tuple[Settings, ...] = ()
    transport: Literal["udp", "tcp", "tls"] | None = None
    media_encryption: Literal["none", "sdes", "dtls"] | None = None

    @property
    def encrypted(self) -> bool | None:
        """Whether its signalling and its speech were encrypted; None where nobody noted it."""
        if self.transport is None:
            return None
        return self.transport == "tls" and self.media_encryption != "none"


class CallRecord(BaseModel):
    """A call, as told by who made it.

    Attributes:
        format: the version of this file's keys.
        lab: the lab's name.
        caller: the calling extension.
        called: the number that was dialled.
        started: when it was dialled.
        ended: whether it was over when this was written.
        duration_s: from established to the end, in seconds; None when never established.
        status: the final SIP status code that refused it, or None.
        reason: why it ended, as the caller's phone said it.
        pbx_address: the IP address of the PBX.
        legs: each phone's end.
        signalling: the file with the SIP of encrypted legs, as the PBX sent and received it; None
            where the phones' captures show it.
        software: names and versions of what took part.
        missing: sentences on what this evidence lacks, and why.
    """

    model_config = ConfigDict(frozen=True)

    format: Literal[1] = 1
    lab: str
    caller: str
    called: str
    started: AwareDatetime
    ended: bool = False
    duration_s: float | None = None
    status: int | None = None
    reason: str = ""
    pbx_address: str = ""
    legs: tuple[LegRecord, ...] = ()
    signalling: str | None = None
    software: dict[str, str] = {}
    missing: tuple[str, ...] = ()

    @property
    def encrypted(self) -> bool | None:
        """Whether all phones' signalling and speech was encrypted; None where nobody noted it."""
        legs = [leg.encrypted for leg in self.legs]
        return None if not legs or None in legs else all(legs)

    def folder_name(self) -> str:
        """Return a folder name that sorts by time.

        >>> from datetime import UTC, datetime
        >>> when = datetime(2026, 11, 24, 9, 30, 5, 120_000, tzinfo=UTC)
        >>> CallRecord(lab="lab", caller="2001", called="*43", started=when).folder_name()
        '20261124-093005.120-2001-s43'
        """
        stamp = self.started.strftime("%Y%m%d-%H%M%S.") + f"{self.started.microsecond // 1000:03d}"
        called = self.called.replace("*", "s").replace("#", "h")
        return f"{stamp}-{self.caller}-{called}"

    def write(self, folder: Path) -> None:
        """Write the record into a folder."""
        (folder / FILE).write_text(self.model_dump_json(indent=2) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> "CallRecord":
        """Read the record of a folder.

        Raises:
            EvidenceError: when there is none, or it is damaged.
        """
        path = folder / FILE
        try:
            return cls.model_validate_json(path.read_bytes())
        except FileNotFoundError as error:
            raise EvidenceError(
                f"{folder} is not a call's evidence: it has no {FILE}. "
                "Name one of the folders under runs/."
            ) from error
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "its beginning"
            raise EvidenceError(
                f"{path} is damaged at {where}: {first['msg']}. Take it from a backup, "
                "or make the call again."
            ) from error
