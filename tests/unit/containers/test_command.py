import pytest

from voiplab.containers.command import Completed, _demultiplexed
from voiplab.errors import CommandFailed, EngineError


def frame(stream: int, content: bytes) -> bytes:
    return bytes([stream, 0, 0, 0]) + len(content).to_bytes(4, "big") + content


def test_output_is_sorted_by_stream() -> None:
    body = frame(1, b"one ") + frame(2, b"oops") + frame(1, b"") + frame(1, b"two")

    assert _demultiplexed(body) == {1: b"one two", 2: b"oops"}


def test_a_body_cut_short_keeps_what_came() -> None:
    assert _demultiplexed(frame(1, b"whole") + frame(1, b"cut short")[:-4]) == {
        1: b"wholecut s",
        2: b"",
    }
    assert _demultiplexed(frame(1, b"whole")[:5]) == {1: b"", 2: b""}


def test_a_failed_command_keeps_all_that_is_known_of_it() -> None:
    with pytest.raises(CommandFailed) as caught:
        Completed(("ls", "a b"), 2, b"out", b"no such file").check("demo-pbx")

    assert isinstance(caught.value, EngineError)
    assert str(caught.value) == "`ls 'a b'` in demo-pbx ended with exit code 2: no such file"
    assert caught.value.command == ["ls", "a b"]
    assert caught.value.exit_code == 2
    assert (caught.value.stdout, caught.value.stderr) == (b"out", b"no such file")


def test_a_command_that_succeeded_is_handed_on() -> None:
    completed = Completed(("true",), 0, b"caf\xc3\xa9\xff", b"")

    assert completed.check("demo-pbx") is completed
    assert completed.text == "café\N{REPLACEMENT CHARACTER}"
