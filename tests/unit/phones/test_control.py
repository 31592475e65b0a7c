import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiplab import background
from voiplab.errors import PhoneError
from voiplab.phones.control import Control, netstring, read_netstring


def read(*chunks: bytes) -> list[bytes]:
    async def feed() -> list[bytes]:
        reader = asyncio.StreamReader()
        for chunk in chunks:
            reader.feed_data(chunk)
        reader.feed_eof()
        found = []
        while not reader.at_eof():
            found.append(await read_netstring(reader))
        return found

    return background.run(feed(), timeout_s=5)


@given(st.lists(st.binary(max_size=200), max_size=5), st.integers(1, 7))
def test_netstrings_are_read_back_however_the_stream_is_cut(payloads, size):
    stream = b"".join(netstring(payload) for payload in payloads)
    chunks = [stream[at : at + size] for at in range(0, len(stream), size)]
    assert read(*chunks) == payloads


@pytest.mark.parametrize("stream", [b"HTTP/1.1 200 OK:", b"-3:abc,", b"99999999999:x,"])
def test_what_is_no_netstring_is_named(stream):
    with pytest.raises(PhoneError, match="where the length of a netstring"):
        read(stream)


def test_an_end_in_the_middle_is_an_end():
    with pytest.raises(asyncio.IncompleteReadError):
        read(b"10:abc")


def test_nobody_at_the_port_can_be_polled():
    control = Control("2001", lambda _event: None)
    assert control.connect("127.0.0.1", 1, timeout_s=1.0) is False
    assert not control.connected


def test_an_order_without_a_connection_says_whose_phone_and_what_to_do():
    control = Control("2001", lambda _event: None)
    with pytest.raises(PhoneError, match=r"phone of 2001 can't be reached.*voiplab status"):
        control.command("dial", "sip:2002@pbx")


def serve(answer: bytes | None) -> int:
    """Answer each order with the same bytes, or never; return the port."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(4096):
            if answer is not None:
                writer.write(answer)

    async def listen() -> int:
        server = await asyncio.start_server(talk, "127.0.0.1", 0)
        return int(server.sockets[0].getsockname()[1])

    return background.run(listen(), timeout_s=5)


def test_a_program_that_is_no_phone_is_not_taken_for_one():
    control = Control("2001", lambda _event: None)
    assert control.connect("127.0.0.1", serve(b"220 mail.example ESMTP\r\n"), 0.5) is False


def test_a_silent_phone_is_given_up_in_time():
    control = Control("2001", lambda _event: None)
    assert control.connect("127.0.0.1", serve(None), timeout_s=0.2) is False
