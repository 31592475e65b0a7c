"""Figures and sounds as part of a page: no file beside it, no address outside."""

import io
from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voiplab.errors import CaptureError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from matplotlib.axes import Axes

    from voiplab.packets import Capture

_LONGEST_S = 600.0
_DOTS_PER_INCH = 130


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure, with the text that says the same.

    Attributes:
        address: the picture itself, as a data address (RFC 2397).
        text: the figure in words.
    """

    address: str
    text: str


@dataclass(frozen=True, slots=True)
class Player:
    """A stream to listen to.

    Attributes:
        label: whose speech it is.
        text: what is heard of it, or why nothing is.
        address: the sound itself, as a data address; "" where there is none.
    """

    label: str
    text: str
    address: str = ""


def picture_of(axes: "Axes") -> Picture:
    """Return a figure as a PNG picture, and close it.

    Args:
        axes: as a function of `voiplab.plots` returns it: labelled with its text.
    """
    import matplotlib.pyplot as plt  # noqa: PLC0415 - heavy: loaded when a figure is wanted

    figure = axes.get_figure(root=True)
    file = io.BytesIO()
    if figure is not None:
        figure.savefig(file, format="png", dpi=_DOTS_PER_INCH, metadata={"Software": None})
        plt.close(figure)
    return Picture(
        _data_address("image/png", file.getvalue()), " ".join(str(axes.get_label()).split())
    )


def player_of(capture: "Capture", number: int, label: str) -> Player:
    """Return a stream as a FLAC sound, which loses nothing, or the reason why there is none.

    Args:
        capture: the capture that holds it.
        number: the stream's row in `Capture.streams`.
        label: whose speech it is.
    """
    stream = capture.media[number]
    if stream.figures.duration_s > _LONGEST_S:
        return Player(label, f"Longer than {_LONGEST_S / 60:.0f} minutes: too much for a page.")
    try:
        sound = capture.sound(number)
    except CaptureError as error:
        return Player(label, str(error))
    if not len(sound.samples):
        return Player(label, "No packet of it was to be heard.")
    said = " ".join([str(sound), *sound.remarks])
    return player_of_samples(sound.samples, sound.rate_hz, label, said)


def player_of_samples(
    samples: "npt.NDArray[np.floating]", rate_hz: int, label: str, text: str = ""
) -> Player:
    """Return samples as a FLAC sound, which loses nothing.

    Args:
        samples: from -1 to 1, in one channel.
        rate_hz: how many of them make a second.
        label: whose speech it is.
        text: what is heard of it.
    """
    import soundfile  # noqa: PLC0415 - heavy: loaded when sound is wanted

    file = io.BytesIO()
    soundfile.write(file, samples, rate_hz, format="FLAC", subtype="PCM_16")
    return Player(label, text, _data_address("audio/flac", file.getvalue()))


def _data_address(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{b64encode(content).decode('ascii')}"
