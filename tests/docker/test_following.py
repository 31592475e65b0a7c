"""Files in containers, followed while they grow."""

import contextlib
import secrets

import pytest

from voiplab.containers import image, wait_until
from voiplab.errors import LabStopped

pytestmark = pytest.mark.engine

LINES = "/var/lib/phone/lines"


@pytest.fixture
def writer(engine):
    """A container that goes on writing numbered lines of four bytes."""
    counts = "i=1000; while :; do echo $i; i=$((i + 1)); sleep 0.01; done > /var/lib/phone/lines"
    container = engine.run(
        image=image(engine, "phone"),
        name=f"voiplab-test-{secrets.token_hex(4)}",
        labels={},
        command=["sh", "-c", counts],
    )
    yield container
    container.remove()


def read_until(following, enough):
    content = b""

    def read():
        nonlocal content
        content += following.read()
        return enough(content) or None

    wait_until("what is written", read, timeout_s=20)
    return content


def processes(container):
    script = "for each in /proc/[0-9]*/cmdline; do tr '\\0' ' ' < $each; echo; done"
    return container.exec(["sh", "-c", script]).text


def test_all_that_is_written_comes_once_and_in_order(writer):
    wait_until("a file", lambda: _exists(writer), timeout_s=10)
    with contextlib.closing(writer.follow(LINES, interval_s=0.05)) as following:
        content = read_until(following, lambda each: len(each) > 2000)
    lines = content.split()
    assert lines == [b"%d" % n for n in range(1000, 1000 + len(lines))]


def test_the_past_can_be_left_out_but_for_the_head(writer):
    wait_until("two lines", lambda: len(_exists(writer)) > 100, timeout_s=10)
    following = writer.follow(LINES, head_bytes=5, offset=100, interval_s=0.05)
    with contextlib.closing(following):
        lines = read_until(following, lambda each: len(each) > 100).split()
    assert lines[0] == b"1000"
    assert lines[1] == b"1020"
    assert lines[1:] == [b"%d" % n for n in range(int(lines[1]), int(lines[1]) + len(lines) - 1)]


def test_a_file_that_is_not_there_yet_is_waited_for(writer):
    with contextlib.closing(writer.follow("/var/lib/phone/later", interval_s=0.05)) as following:
        assert following.read() == b""
        writer.exec(["sh", "-c", "echo now > /var/lib/phone/later"])
        assert read_until(following, len) == b"now\n"


def test_closing_it_ends_its_command_in_the_container(writer):
    wait_until("a file", lambda: _exists(writer), timeout_s=10)
    following = writer.follow(LINES, interval_s=0.05)
    read_until(following, len)
    assert "tail -c" in processes(writer)
    following.close()
    following.close()
    wait_until("the end", lambda: "tail -c" not in processes(writer) or None, timeout_s=10)


def test_it_ends_with_its_container(writer):
    wait_until("a file", lambda: _exists(writer), timeout_s=10)
    following = writer.follow(LINES, interval_s=0.05)
    writer.stop()

    def ended():
        following.read()
        return following.ended or None

    wait_until("the end", ended, timeout_s=10)
    following.close()
    with pytest.raises(LabStopped):
        writer.follow(LINES)


def test_reading_does_not_wait(writer):
    wait_until("a file", lambda: _exists(writer), timeout_s=10)
    with contextlib.closing(writer.follow(LINES, interval_s=5)) as following:
        read_until(following, len)
        assert following.read() == b""


def _exists(container):
    try:
        return container.read(LINES)
    except FileNotFoundError:
        return b""
