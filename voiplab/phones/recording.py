"""What a phone's loudspeaker played, in one file."""

import io
import wave
from collections.abc import Iterable

from voiplab.errors import PhoneError


def joined(files: Iterable[bytes]) -> bytes:
    """Join WAV files of one format, one after the other; the last may still be being written.

    Args:
        files: WAV files; empty ones are left out.

    Returns:
        One WAV file, or b"" when there was none.

    Raises:
        PhoneError: when a file is damaged.
    """
    output = io.BytesIO()
    writer: wave.Wave_write | None = None
    for content in files:
        if not content:
            continue
        try:
            with wave.open(io.BytesIO(content)) as part:
                if writer is None:
                    writer = wave.open(output, "wb")  # noqa: SIM115 - closed below
                    writer.setparams(part.getparams())
                writer.writeframes(part.readframes(part.getnframes()) or _unfinished(content, part))
        except (wave.Error, EOFError) as error:
            raise PhoneError(
                f"A recording of {len(content)} bytes is not a WAV file ({error}): "
                "the phone was stopped while it wrote it."
            ) from error
    if writer is not None:
        writer.close()
    return output.getvalue()


def _unfinished(content: bytes, part: wave.Wave_read) -> bytes:
    """Return the frames of a file whose header does not count them yet."""
    frames = content[content.index(b"data") + 8 :]
    return frames[: len(frames) - len(frames) % (part.getsampwidth() * part.getnchannels())]
