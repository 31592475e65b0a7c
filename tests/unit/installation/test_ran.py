"""What a line leaves on the screen."""

from dataclasses import replace

import pytest

from voiplab.installation import Ran

MANY = "".join(f"   [CC] {n}.c -> {n}.o\nline {n}\n" for n in range(50))
RAN = Ran(line="make", folder="/usr/src", host="pbx", exit_code=0, seconds=61.23, output=MANY)


def test_only_the_last_telling_lines_stay():
    assert RAN.gist.splitlines() == [f"line {n}" for n in range(42, 50)]


def test_of_a_line_that_failed_all_last_lines_stay():
    failed = replace(RAN, exit_code=2)
    assert failed.gist.splitlines()[-2:] == ["   [CC] 49.c -> 49.o", "line 49"]
    assert failed.verdict == "✗ exit code 2, 61.2 s"


def test_it_looks_like_a_terminal():
    assert repr(replace(RAN, output="built\n")) == "root@pbx:/usr/src# make\nbuilt\n✓ 61.2 s"
    assert repr(replace(RAN, output="", folder="/root")) == "root@pbx:~# make\n✓ 61.2 s"


def test_what_it_wrote_is_text_and_no_html():
    shown = replace(RAN, line="echo '<b>'", output="<script>").as_html()
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
    assert "&lt;b&gt;" in shown


@pytest.mark.parametrize("code", [None, 1, 130])
def test_only_zero_is_well(code):
    assert not replace(RAN, exit_code=code).ok
