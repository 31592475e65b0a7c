import pytest

from voiplab.ami import Ami
from voiplab.errors import AmiError


@pytest.fixture
def ami() -> Ami:
    return Ami("127.0.0.1", 1, "voiplab", "top secret")


def test_nobody_at_the_port_can_be_polled(ami):
    assert ami.connect(timeout_s=1.0) is False
    assert not ami.connected


def test_the_secret_is_not_shown(ami):
    assert "secret" not in repr(ami)


def test_an_action_without_a_connection_says_so(ami):
    with pytest.raises(AmiError, match="No connection to Asterisk's management interface"):
        ami.command("core show version")


@pytest.mark.parametrize(
    "line", ["core show version\r\nAction: Command", "core show\nversion", "core\rshow"]
)
def test_a_line_break_can_not_smuggle_a_header_in(ami, line):
    with pytest.raises(AmiError, match="holds a line break"):
        ami.command(line)
