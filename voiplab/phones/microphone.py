"""What a phone sends: speech on order, silence otherwise."""

import hashlib
import io
import wave
from typing import TYPE_CHECKING

from voiplab import background
from voiplab.containers import Container
from voiplab.errors import PhoneError
from voiplab.phones.control import Control

if TYPE_CHECKING:
    import asyncio

FOLDER = "/var/lib/phone/speech"
SILENCE_S = 120.0
LONGEST_TEXT = 500

# baresip ends a call where its source file ends: the file is changed while silence remains.
_RENEW_BEFORE_END_S = 20.0


class Microphone:
    """A phone's audio source.

    Args:
        container: the phone's.
        control: the phone's control port.
        rate_hz: what to sample speech at: the codec's own rate.
    """

    def __init__(self, container: Container, control: Control, rate_hz: int) -> None:
        self._container = container
        self._control = control
        self._rate_hz = rate_hz
        self.speech = ""
        self._renewal: asyncio.TimerHandle | None = None

    @property
    def _silence(self) -> str:
        return f"{FOLDER}/silence-{self._rate_hz}.wav"

    def say(self, text: str, *, voice: str) -> None:
        """Speak a text from now on, followed by silence.

        Args:
            text: what to say, at most 500 characters.
            voice: an espeak-ng voice, for example ``en`` or ``fr``.

        Raises:
            PhoneError: when there is nothing to say, too much, or no such voice.
        """
        if not text.strip() or len(text) > LONGEST_TEXT or "\0" in text:
            raise PhoneError(
                f"A phone can say 1 to {LONGEST_TEXT} characters of text at a time; "
                f"this has {len(text.strip())}. Say it in several sentences."
            )
        name = hashlib.sha256(f"{voice}\n{self._rate_hz}\n{text}".encode()).hexdigest()[:16]
        file = f"{FOLDER}/{name}.wav"
        spoken = self._container.exec(
            ["say", str(self._rate_hz), f"{SILENCE_S:g}", voice, file, text], check=False
        )
        if spoken.exit_code:
            raise PhoneError(
                f"The phone can't say this with voice {voice!r}: "
                f"{spoken.stderr.decode(errors='replace').strip()}. "
                "Voices are espeak-ng's, for example 'en' or 'fr'."
            )
        self.speech = file
        self._control.command("ausrc", f"aufile,{file}")

    def play(self, sound: bytes) -> None:
        """Send a sound from now on, followed by silence.

        Args:
            sound: a WAV file: mono, 16 bit, at the codec's own rate.

        Raises:
            PhoneError: when it is anything else.
            EngineError: when the phone can't be given it.
        """
        file = f"{FOLDER}/{hashlib.sha256(sound).hexdigest()[:16]}.wav"
        self._container.put({file: self._before_silence(sound)})
        self.speech = file
        self._control.command("ausrc", f"aufile,{file}")

    def _before_silence(self, sound: bytes) -> bytes:
        output = io.BytesIO()
        try:
            with wave.open(io.BytesIO(sound)) as given, wave.open(output, "wb") as longer:
                shape = (given.getnchannels(), given.getsampwidth(), given.getframerate())
                longer.setparams(given.getparams())
                longer.writeframes(given.readframes(given.getnframes()))
                longer.writeframes(bytes(2 * int(SILENCE_S * self._rate_hz)))
        except (wave.Error, EOFError) as error:
            raise PhoneError(f"A phone plays WAV files, and this is none: {error}.") from error
        if shape != (1, 2, self._rate_hz):
            raise PhoneError(
                f"This phone plays one channel of 16 bits at {self._rate_hz} Hz, and this sound "
                f"has {shape[0]} of {8 * shape[1]} bits at {shape[2]} Hz: convert it first."
            )
        return output.getvalue()

    def mute(self) -> None:
        """Send silence from now on."""
        self.speech = ""
        self._control.command("ausrc", f"aufile,{self._silence}")

    def rest(self) -> None:
        """Send silence in the next call; for the background thread."""
        self.speech = ""
        self._cancel()
        self._control.soon("ausrc", f"aufile,{self._silence}")

    def renew_in_time(self) -> None:
        """Keep the call alive: go on with fresh silence before the present file ends."""
        background.loop().call_soon_threadsafe(self._arrange)

    def _arrange(self) -> None:
        self._cancel()
        self._renewal = background.loop().call_later(SILENCE_S - _RENEW_BEFORE_END_S, self._renew)

    def _renew(self) -> None:
        self._control.soon("ausrc", f"aufile,{self._silence}")
        self._arrange()

    def _cancel(self) -> None:
        if self._renewal is not None:
            self._renewal.cancel()
            self._renewal = None

    def stop(self) -> None:
        """Stop renewing: the phone is going."""
        background.loop().call_soon_threadsafe(self._cancel)

    def read(self, file: str) -> bytes:
        """Return a speech, without the silence that follows it.

        Args:
            file: a former :attr:`speech`.

        Returns:
            A WAV file: mono, 16 bit.

        Raises:
            EngineError: when the container can't be read.
        """
        with wave.open(io.BytesIO(self._container.read(file))) as spoken:
            silence = int(SILENCE_S * spoken.getframerate())
            frames = spoken.readframes(spoken.getnframes() - silence)
            output = io.BytesIO()
            with wave.open(output, "wb") as cut:
                cut.setparams(spoken.getparams())
                cut.writeframes(frames)
        return output.getvalue()
