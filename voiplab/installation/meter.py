"""How far a long command has come, told by the lines that it prints."""

import re
from dataclasses import dataclass

DRY_RUN = r"make --dry-run --keep-going --ignore-errors 2> /dev/null | grep -c '\[CC\]'"
"""Counts what make has still to compile, without compiling it."""

_MAKE = re.compile(r"(nice )?make( -[jklsw]\S*| -j \d+)*")
_COMPILED = re.compile(r" *\[CC\] \S+ -> ")
_INSTALLING = re.compile(r"(\d+) upgraded, (\d+) newly installed")
_INSTALLED = re.compile(r"(Unpacking|Setting up) ")
_CHATTER = re.compile(
    r"( *\[\w+\] |(Get|Hit|Ign):\d+ |Selecting |\(Reading |Preparing |Unpacking |Setting up "
    r"|checking |make(\[\d+\])?: (Enter|Leav)ing |Processing |configure: creating "
    r"|Adding 'diversion |update-alternatives: |Installing |/usr/bin/install |mkdir |cp |rm "
    r"|(ccache )?g?cc |CC=|Unknown value )"
)


def compiles(line: str) -> bool:
    """Tell whether a shell line is a plain make, which compiles.

    >>> compiles("make -j2"), compiles("make install"), compiles("cd /usr/src")
    (True, False, False)
    """
    return _MAKE.fullmatch(line.strip()) is not None


def is_chatter(line: str) -> bool:
    """Tell whether a line of output only says that work goes on.

    >>> is_chatter("   [CC] app_dial.c -> app_dial.o"), is_chatter("E: Unable to locate package")
    (True, False)
    """
    return _CHATTER.match(line) is not None


@dataclass
class Meter:
    """Counts what is done, as the lines come.

    Args:
        total: of how many; 0 when it isn't known, or not yet.

    Attributes:
        done: how many things are done: files compiled, or packages unpacked and set up.
        last_line: the last line of the output that isn't empty.

    >>> meter = Meter()
    >>> meter.read("0 upgraded, 2 newly installed, 0 to remove and 0 not upgraded.")
    >>> meter.read("Unpacking ccache (4.14.2-1) ...")
    >>> meter.done, meter.total, meter.share
    (1, 4, 0.25)
    """

    total: int = 0
    done: int = 0
    last_line: str = ""

    def read(self, line: str) -> None:
        """Take the next line of the output."""
        if line.strip():
            self.last_line = line.strip()
        if installing := _INSTALLING.match(line):
            self.done, self.total = 0, 2 * (int(installing[1]) + int(installing[2]))
        elif _COMPILED.match(line) or _INSTALLED.match(line):
            self.done += 1

    @property
    def share(self) -> float | None:
        """How much of the whole is done, 0 to 1; None when that isn't known."""
        return min(self.done / self.total, 1.0) if self.total else None
