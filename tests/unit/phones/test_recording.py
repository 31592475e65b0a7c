import io
import wave

import pytest

from voiplab.errors import PhoneError
from voiplab.phones.recording import joined


def wav(samples: bytes) -> bytes:
    output = io.BytesIO()
    with wave.open(output, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(samples)
    return output.getvalue()


def test_parts_are_joined_in_their_order():
    whole = joined([wav(b"\1\0\2\0"), b"", wav(b"\3\0")])
    with wave.open(io.BytesIO(whole)) as file:
        assert file.readframes(10) == b"\1\0\2\0\3\0"
        assert file.getframerate() == 8000


def test_a_part_that_is_still_being_written_has_what_was_written_so_far():
    begun = wav(b"")
    whole = joined([wav(b"\1\0"), begun + b"\2\0\3\0\4"])
    with wave.open(io.BytesIO(whole)) as file:
        assert file.readframes(10) == b"\1\0\2\0\3\0"


def test_nothing_heard_is_no_file():
    assert joined([b"", b""]) == b""


def test_a_damaged_part_is_named():
    with pytest.raises(PhoneError, match="7 bytes is not a WAV file"):
        joined([b"RIFFxxx"])
