"""An Asterisk that was installed in one way, with what it took: to be compared with another."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from voiplab.errors import EvidenceError
from voiplab.installation.findings import Findings, look
from voiplab.installation.machine import Machine
from voiplab.installation.ran import Ran
from voiplab.installation.steps import Step

FILE = "installed.json"

_OWN = (
    "/usr/sbin/asterisk /usr/lib/asterisk /usr/lib/*-linux-gnu*/asterisk /usr/share/asterisk "
    "/var/lib/asterisk /etc/asterisk"
)
_DISK_MIB = "du --one-file-system --summarize --block-size=1M / | cut -f 1"
_OWN_MIB = f"du --total --summarize --block-size=1M {_OWN} 2> /dev/null | tail -n 1 | cut -f 1"
_FILES = "find / -xdev -type f | wc -l"


@dataclass(frozen=True)
class Taken:
    """A step that was taken.

    Attributes:
        name: what it is called, in a word.
        title: what it does, in a few words.
        lines: what was typed, and what came of it.
    """

    name: str
    title: str
    lines: tuple[Ran, ...]

    @property
    def seconds(self) -> float:
        """How long it took."""
        return sum(ran.seconds for ran in self.lines)


@dataclass(frozen=True)
class Installed:
    """What installing Asterisk in one way took, and what came of it.

    Attributes:
        way: how, in a few words.
        steps: what was done.
        answers: what the machine answered then: see :class:`voiplab.installation.Findings`.
        disk_mib: how much more is on its disk, in MiB: Asterisk and all that it took.
        own_mib: how much of that is Asterisk itself, in MiB.
        files: how many files more there are.
    """

    way: str
    steps: tuple[Taken, ...]
    answers: Mapping[str, str]
    disk_mib: int
    own_mib: int
    files: int

    def __repr__(self) -> str:
        return f"<Asterisk {self.findings.version}, {self.way}: {self.seconds:.0f} s>"

    @property
    def findings(self) -> Findings:
        """What the machine's answers say."""
        return Findings(self.answers)

    @property
    def seconds(self) -> float:
        """How long all steps took."""
        return sum(step.seconds for step in self.steps)

    @property
    def software(self) -> Mapping[str, str]:
        """Names and versions of what was installed."""
        return {"Asterisk": self.findings.version}

    def step(self, name: str) -> "Transcript":
        """Return what stood on the screen in a step.

        Args:
            name: the step's name.

        Raises:
            KeyError: when there is no such step.
        """
        taken = {step.name: step for step in self.steps}[name]
        return Transcript(taken.lines)

    def save(self, folder: Path) -> None:
        """Write it into a folder; of what was on the screen, what would have stayed on it."""
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1)
        (folder / FILE).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def open(cls, folder: Path | str) -> Self:
        """Read it from a folder.

        Raises:
            EvidenceError: when there is none, or it is damaged.
        """
        path = Path(folder) / FILE
        try:
            content = json.loads(path.read_bytes())
            steps = tuple(
                Taken(step["name"], step["title"], tuple(Ran(**ran) for ran in step["lines"]))
                for step in content.pop("steps")
            )
            return cls(steps=steps, **content)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise EvidenceError(
                f"{path} is missing or damaged ({type(error).__name__}: {error}). "
                "Make the recording again: make notebooks."
            ) from error


class Transcript:
    """What stood on a machine's screen; in a notebook it shows itself as that screen."""

    def __init__(self, lines: Sequence[Ran]) -> None:
        self.lines = tuple(lines)

    def __repr__(self) -> str:
        return "\n".join(repr(ran) for ran in self.lines)

    def _repr_html_(self) -> str:
        return "".join(ran.as_html() for ran in self.lines)


def install(machine: Machine, way: str, steps: Sequence[Step]) -> Installed:
    """Install Asterisk on a machine, and measure what that took.

    Args:
        machine: a clean machine.
        way: how, in a few words.
        steps: what to do.

    Raises:
        LineFailed: when a line ended with an error.
    """
    disk_mib, files = int(machine.ask(_DISK_MIB)), int(machine.ask(_FILES))
    taken = tuple(Taken(step.name, step.title, _told(step.follow(machine))) for step in steps)
    return Installed(
        way=way,
        steps=taken,
        answers=look(machine),
        disk_mib=int(machine.ask(_DISK_MIB)) - disk_mib,
        own_mib=int(machine.ask(_OWN_MIB)),
        files=int(machine.ask(_FILES)) - files,
    )


def _told(lines: Sequence[Ran]) -> tuple[Ran, ...]:
    """Keep of each line what would stay on the screen."""
    return tuple(
        Ran(
            line=ran.line,
            folder=ran.folder,
            host=ran.host,
            exit_code=ran.exit_code,
            seconds=round(ran.seconds, 1),
            output=ran.gist,
        )
        for ran in lines
    )
