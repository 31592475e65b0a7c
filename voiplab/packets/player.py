"""Sound in a notebook."""

import io
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


def player(samples: "npt.NDArray[np.int16] | npt.NDArray[np.floating]", rate_hz: int) -> Any:  # noqa: ANN401 - IPython's own type
    """Return a player for a notebook.

    The notebook holds the sound as FLAC: nothing is lost, and a saved notebook stays small.

    Args:
        samples: 16 bits each, or from -1 to 1.
        rate_hz: how many of them make a second.
    """
    import soundfile  # noqa: PLC0415 - heavy: loaded when sound is wanted
    from IPython.display import Audio  # noqa: PLC0415 - only there in notebooks

    squeezed = io.BytesIO()
    soundfile.write(squeezed, samples, rate_hz, format="FLAC")
    return Audio(data=squeezed.getvalue())  # type: ignore[no-untyped-call]
