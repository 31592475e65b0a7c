"""How good speech sounded that was really heard, against what was sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voiplab.errors import QualityError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    Samples = npt.NDArray[np.float64]

_LEAST_S = 0.05
_SILENT = 1e-4  # of full scale: three steps of 16 bits
_NARROWBAND_HZ = 8000
_WIDEBAND_HZ = 16_000
_NO_PESQ = (
    "PESQ isn't installed: pip install 'voiplab[pesq]'. Its code is the ITU's, to be used only "
    "for understanding and evaluating it (ITU-T P.862)."
)


@dataclass(frozen=True, kw_only=True)
class Listening:
    """How what was heard compares with what was sent.

    Attributes:
        compared_s: how much of the sent speech lies within the heard recording, in s.
        delay_ms: how much later in its recording it was heard than it lies in its own, in ms.
        slip_ms: how far the delays of its stretches lie apart, in ms.
        level_db: how much louder it was heard, in dB; levelled before anything else is compared.
        correlation: of the two waveforms: 1 for the same shape. Codecs that don't keep the
            waveform lower it although nobody hears that.
        log_spectral_distance_db: 0 for the same
            (:func:`voiplab.quality.spectral.log_spectral_distance_db`).
        stoi: short-time objective intelligibility: 0 to 1.
        estoi: the same, extended: 0 to 1; it also feels noise that comes and goes.
        pesq_narrowband: MOS-LQO by ITU-T P.862 and P.862.1: 1.0 to 4.55, or None.
        pesq_wideband: MOS-LQO by ITU-T P.862.2: 1.0 to 4.64, or None. Not comparable with the
            narrowband one.
        missing: for each figure that is None, why, in a sentence.
    """

    compared_s: float = 0.0
    delay_ms: float | None = None
    slip_ms: float | None = None
    level_db: float | None = None
    correlation: float | None = None
    log_spectral_distance_db: float | None = None
    stoi: float | None = None
    estoi: float | None = None
    pesq_narrowband: float | None = None
    pesq_wideband: float | None = None
    missing: Mapping[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return the figures by name, without the reasons for those that are missing.

        >>> Listening(stoi=0.9).as_dict()["stoi"]
        0.9
        """
        return {name: value for name, value in vars(self).items() if name != "missing"}

    def frame(self) -> "pd.DataFrame":
        """Return a row a figure: figure, value, missing (why there is none)."""
        import pandas as pd  # noqa: PLC0415 - heavy: loaded when a table is wanted

        rows = [(name, value, self.missing.get(name)) for name, value in self.as_dict().items()]
        return pd.DataFrame(rows, columns=["figure", "value", "missing"])

    def _repr_html_(self) -> str:
        shown = self.frame().style.format(precision=3, na_rep="–").hide(axis="index")
        return str(shown.to_html())


def compare_recordings(sent: str | Path, heard: str | Path) -> Listening:
    """Compare a recording of what was heard with the recording that was sent.

    Args:
        sent: the audio file that was sent.
        heard: the audio file that was recorded at the other end.

    Raises:
        QualityError: when a file can't be read, or was sent silent or too short.
    """
    samples, rates = [], []
    for path in (sent, heard):
        read, rate_hz = _read(Path(path))
        samples.append(read)
        rates.append(rate_hz)
    return compare_speech(samples[0], samples[1], rates[0], heard_rate_hz=rates[1])


def compare_speech(
    sent: "npt.ArrayLike",
    heard: "npt.ArrayLike",
    rate_hz: int,
    *,
    heard_rate_hz: int | None = None,
) -> Listening:
    """Compare what was heard with what was sent.

    The two are brought onto the same time (:mod:`voiplab.quality.alignment`) and the same level;
    only what lies within both is compared. What was heard is brought to the sampling rate of what
    was sent first, so that a band that got lost counts.

    Sources: C. H. Taal and others, IEEE Trans. ASLP 19(7), 2125-2136 (2011), for STOI; J. Jensen
    and C. H. Taal, IEEE/ACM Trans. ASLP 24(11), 2009-2022 (2016), for ESTOI; ITU-T P.862 (02/2001),
    P.862.1 (11/2003) and P.862.2 (11/2007) for PESQ.

    Args:
        sent: samples of the sent speech, between -1 and 1, in one channel.
        heard: samples of the recording in which it is looked for.
        rate_hz: samples per second of the sent speech.
        heard_rate_hz: the same of what was heard, where it differs.

    Returns:
        The figures; for what can't be told, None and a reason.

    Raises:
        QualityError: when the sent speech is silent, shorter than 50 ms or no row of numbers.

    >>> import numpy as np
    >>> nothing = compare_speech(np.sin(np.arange(8000) / 3), np.zeros(8000), 8000)
    >>> nothing.missing["estoi"]
    'Nothing was heard: the recording is silent.'
    """
    import numpy as np  # noqa: PLC0415 - heavy: loaded when sound is compared

    from voiplab.quality.alignment import align  # noqa: PLC0415 - as above
    from voiplab.quality.spectral import (  # noqa: PLC0415 - as above
        level_difference_db,
        log_spectral_distance_db,
    )

    clean = _samples(sent, "sent")
    received = _samples(heard, "heard")
    if len(clean) < _LEAST_S * rate_hz:
        raise QualityError(
            f"The sent recording lasts {len(clean) / rate_hz * 1000:.0f} ms: too short to compare. "
            "Send at least half a second of speech."
        )
    if np.abs(clean).max() < _SILENT:
        raise QualityError("The sent recording is silent: there is nothing to compare with.")
    if len(received) == 0 or np.abs(received).max() < _SILENT:
        return _nothing("Nothing was heard: the recording is silent.")
    aligned = align(clean, _resampled(received, heard_rate_hz or rate_hz, rate_hz), rate_hz)
    if np.abs(aligned.heard).max() < _SILENT or np.abs(aligned.sent).max() < _SILENT:
        return _nothing("What was sent isn't to be found in what was heard.")
    level_db = level_difference_db(aligned.sent, aligned.heard, rate_hz)
    levelled = aligned.heard * 10 ** (-level_db / 20)
    figures: dict[str, float | str] = {
        "correlation": _correlation(aligned.sent, levelled),
        "log_spectral_distance_db": log_spectral_distance_db(aligned.sent, levelled, rate_hz),
        "stoi": _intelligibility(aligned.sent, levelled, rate_hz, extended=False),
        "estoi": _intelligibility(aligned.sent, levelled, rate_hz, extended=True),
        "pesq_narrowband": _pesq(aligned.sent, levelled, rate_hz, "nb"),
        "pesq_wideband": _pesq(aligned.sent, levelled, rate_hz, "wb"),
    }
    found = {name: value for name, value in figures.items() if not isinstance(value, str)}
    missing = {name: value for name, value in figures.items() if isinstance(value, str)}
    return Listening(
        compared_s=len(aligned.sent) / rate_hz,
        delay_ms=aligned.delay_ms,
        slip_ms=aligned.slip_ms,
        level_db=level_db,
        missing=missing,
        **found,
    )


def _nothing(reason: str) -> Listening:
    names = [name for name in vars(Listening()) if name not in {"compared_s", "missing"}]
    return Listening(missing=dict.fromkeys(names, reason))


def _read(path: Path) -> "tuple[Samples, int]":
    import soundfile  # noqa: PLC0415 - heavy: loaded when sound is read

    try:
        samples, rate_hz = soundfile.read(path, dtype="float64", always_2d=True)
    except (OSError, RuntimeError) as error:
        raise QualityError(f"The recording {path} can't be read: {error}") from error
    return samples[:, 0], int(rate_hz)


def _samples(given: "npt.ArrayLike", which: str) -> "Samples":
    import numpy as np  # noqa: PLC0415 - as above

    samples = np.asarray(given, dtype=np.float64)
    if samples.ndim != 1 or not np.isfinite(samples).all():
        raise QualityError(
            f"The {which} recording must be one row of finite numbers, the samples of one channel; "
            f"it has the shape {samples.shape}."
        )
    return samples


def _resampled(samples: "Samples", from_hz: int, to_hz: int) -> "Samples":
    from math import gcd  # noqa: PLC0415 - beside the heavy import that it serves

    import numpy as np  # noqa: PLC0415 - as above
    from scipy.signal import resample_poly  # noqa: PLC0415 - as above

    if from_hz == to_hz:
        return samples
    common = gcd(from_hz, to_hz)
    return np.asarray(resample_poly(samples, to_hz // common, from_hz // common))


def _correlation(sent: "Samples", heard: "Samples") -> float:
    import numpy as np  # noqa: PLC0415 - as above

    together = float(np.sqrt(np.sum(sent**2) * np.sum(heard**2)))
    return float(np.sum(sent * heard)) / together if together else 0.0


def _intelligibility(
    sent: "Samples", heard: "Samples", rate_hz: int, *, extended: bool
) -> float | str:
    import warnings  # noqa: PLC0415 - beside the heavy import that it serves

    import numpy as np  # noqa: PLC0415 - as above
    from pystoi import stoi  # noqa: PLC0415 - as above

    # pystoi compares stretches of digital silence by unseeded random numbers: a hiss 100 dB under
    # full scale, the same every time, keeps results the same too.
    hiss = 1e-5 * np.random.default_rng(0).standard_normal(len(heard))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", RuntimeWarning)
            return float(stoi(sent, heard + hiss, rate_hz, extended=extended))
    except (RuntimeWarning, ValueError, IndexError):
        return (
            "There is too little speech: STOI needs 0.4 s of it that is no more than 40 dB softer "
            "than the loudest."
        )


def _pesq(sent: "Samples", heard: "Samples", rate_hz: int, mode: str) -> float | str:
    if find_spec("pesq") is None:
        return _NO_PESQ
    import numpy as np  # noqa: PLC0415 - as above
    import pesq  # noqa: PLC0415 - an extra that may be absent

    wanted_hz = _NARROWBAND_HZ if mode == "nb" else _WIDEBAND_HZ
    if rate_hz < wanted_hz:
        return f"It needs recordings with at least {wanted_hz} samples a second, not {rate_hz}."
    try:
        score = pesq.pesq(
            wanted_hz,
            _resampled(sent, rate_hz, wanted_hz),
            _resampled(heard, rate_hz, wanted_hz),
            mode,
        )
    except (pesq.PesqError, ValueError) as error:
        return f"PESQ can't judge these recordings: {error or type(error).__name__}"
    return float(score) if np.isfinite(score) else "PESQ can't judge these recordings."
