"""How far a command has come, by what it prints."""

import pytest

from voiplab.installation.meter import Meter, compiles, is_chatter
from voiplab.installation.screen import state

APT = """\
Reading package lists...
The following NEW packages will be installed:
  bc dc
0 upgraded, 2 newly installed, 0 to remove and 12 not upgraded.
Get:1 http://debian.example/debian forky/main amd64 bc amd64 1.07.1-4 [104 kB]
Selecting previously unselected package bc.
Preparing to unpack .../archives/bc_1.07.1-4_amd64.deb ...
Unpacking bc (1.07.1-4) ...
Unpacking dc (1.07.1-4) ...
Setting up dc (1.07.1-4) ...
"""

MAKE = """\
CC="cc" CXX="g++" make -C menuselect CONFIGURE_SILENT="--silent" makeopts
[pjproject]  Compiling libpj-x86_64-pc-linux-gnu.a
   [CC] app_dial.c -> app_dial.o
   [LD] app_dial.o -> app_dial.so
   [CC] pjsip/dialplan_functions.c -> pjsip/dialplan_functions.o
make[1]: Entering directory '/usr/src/asterisk-22.10.1'
"""


def read(text, total=0):
    meter = Meter(total=total)
    for line in text.splitlines():
        meter.read(line)
    return meter


def test_packages_are_counted_twice_unpacked_and_set_up():
    meter = read(APT)
    assert (meter.done, meter.total, meter.share) == (3, 4, 0.75)
    assert meter.last_line == "Setting up dc (1.07.1-4) ..."


def test_compiled_files_are_counted_and_nothing_else_of_make():
    meter = read(MAKE, total=240)
    assert (meter.done, meter.total) == (2, 240)


def test_more_than_was_counted_beforehand_is_all_of_it():
    assert read(MAKE, total=1).share == 1.0


def test_without_a_total_there_is_no_share():
    assert read(MAKE).share is None
    assert state(read(MAKE), 7.4) == "7 s"


@pytest.mark.parametrize(
    ("share", "bar"), [(0, "·" * 30), (0.5, "█" * 15 + "·" * 15), (1, "█" * 30)]
)
def test_the_bar_is_as_long_as_what_is_done(share, bar):
    assert state(Meter(total=100, done=round(100 * share)), 0).split()[0] == bar


@pytest.mark.parametrize("line", ["make", "make -j2", "nice make -j 4", " make -j"])
def test_a_plain_make_compiles(line):
    assert compiles(line)


@pytest.mark.parametrize(
    "line", ["make install", "cmake", "make -j2 && true", "make -C menuselect"]
)
def test_nothing_else_does(line):
    assert not compiles(line)


def test_what_goes_on_is_chatter_and_what_went_wrong_is_not():
    assert [line for line in APT.splitlines() if not is_chatter(line)] == [
        "Reading package lists...",
        "The following NEW packages will be installed:",
        "  bc dc",
        "0 upgraded, 2 newly installed, 0 to remove and 12 not upgraded.",
    ]
    for trouble in ("configure: error: no acceptable C compiler", "make: *** [all] Error 2"):
        assert not is_chatter(trouble)
