"""What became of the speech in each trial, as a table that can be kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voiplab.errors import EvidenceError
from voiplab.evidence import Evidence
from voiplab.packets.player import player
from voiplab.quality import compare_recordings

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    Recording = tuple[npt.NDArray[np.float64], int]

POINTS = "points.csv"

_LISTENED = (
    "estoi", "stoi", "log_spectral_distance_db", "correlation", "pesq_narrowband", "pesq_wideband",
)  # fmt: skip
_MAY_BE_MISSING = ("jitter_ms", "r", "mos", *_LISTENED)


def outcome(evidence: Evidence) -> dict[str, Any]:
    """Return what became of the speech in a call: as packets, as a rating, and as sound.

    Args:
        evidence: of a call between two phones, in which the caller spoke.

    Returns:
        packets, lost, loss_pct, burst_ratio, delay_ms (from mouth to ear), jitter_ms, r, mos, scale
        (of r and mos) as the called phone received it; estoi, stoi, log_spectral_distance_db,
        correlation, pesq_narrowband and pesq_wideband of what it played, against what was said.
    """
    caller = evidence.record.caller
    there = next(each for each in evidence.quality if each.sender == caller)
    heard = compare_recordings(
        evidence.recording(caller, "said"), evidence.recording(there.receiver)
    )
    return {
        "packets": there.packets,
        "lost": there.lost,
        "loss_pct": there.loss_pct,
        "burst_ratio": there.burst_ratio,
        "delay_ms": there.delay_ms,
        "jitter_ms": there.jitter_ms,
        "r": there.r,
        "mos": there.mos,
        "scale": str(there.rating.scale),
    } | {name: getattr(heard, name) for name in _LISTENED}


@dataclass(frozen=True)
class Trials:
    """Trials and what became of the speech in each; in a notebook they show themselves as a table.

    Attributes:
        points: a row a trial: label, codec, seed, loss_set_pct and delay_set_ms (what the network
            was told), and what :func:`outcome` returns.
        heard: what the called phone played in each (samples, and how many of them make a second),
            or None where it was not kept.
        software: names and versions of what took part.
    """

    points: "pd.DataFrame"
    heard: "tuple[Recording | None, ...]"
    software: Mapping[str, str]

    @classmethod
    def of(
        cls,
        rows: Sequence[Mapping[str, Any]],
        calls: Sequence[Evidence],
        software: Mapping[str, str],
        *,
        keep_sounds: bool = True,
    ) -> "Trials":
        """Make the table of trials of the calls that were made.

        Args:
            rows: what was tried and what came of it, a mapping a trial.
            calls: their evidence.
            software: names and versions of what took part.
            keep_sounds: whether to keep what was heard.
        """
        import pandas as pd  # noqa: PLC0415 - heavy: loaded when there is a table

        points = pd.DataFrame(list(rows)).astype(dict.fromkeys(_MAY_BE_MISSING, "float64"))
        return cls(points, tuple(_heard(call) if keep_sounds else None for call in calls), software)

    @classmethod
    def open(cls, folder: Path | str) -> "Trials":
        """Open trials that were saved.

        Raises:
            EvidenceError: when the folder holds none.
        """
        import pandas as pd  # noqa: PLC0415 - as above
        import soundfile  # noqa: PLC0415 - heavy: loaded when sound is wanted

        folder = Path(folder)
        try:
            points = pd.read_csv(folder / POINTS, dtype={"label": str})
        except (OSError, ValueError) as error:
            raise EvidenceError(
                f"{folder} holds no trials: {POINTS} can't be read ({error}). "
                "Name a folder that Trials.save has written."
            ) from error
        points["label"] = points["label"].fillna("")
        files = (folder / f"{row}.flac" for row in range(len(points)))
        heard = (soundfile.read(file) if file.is_file() else None for file in files)
        return cls(points, tuple(heard), {})

    def save(self, folder: Path | str) -> None:
        """Keep the trials in a folder.

        Args:
            folder: where; it is made when it is needed.
        """
        import soundfile  # noqa: PLC0415 - as above

        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        self.points.to_csv(folder / POINTS, index=False, float_format="%.6g")
        for row, recording in enumerate(self.heard):
            if recording is not None:
                soundfile.write(folder / f"{row}.flac", *recording)

    def listen(self, row: int) -> Any:  # noqa: ANN401 - IPython's own type
        """Return a player of what was heard in a trial, for a notebook.

        Args:
            row: its number in `points`.

        Raises:
            EvidenceError: when that was not kept.
        """
        recording = self.heard[row]
        if recording is None:
            raise EvidenceError(f"What was heard in trial {row} was not kept.")
        return player(*recording)

    def listen_to_all(self) -> Any:  # noqa: ANN401 - IPython's own type
        """Return a table of players, one a trial that was kept, for a notebook."""
        from IPython.display import HTML  # noqa: PLC0415 - only there in notebooks

        rows = "".join(
            f'<tr><td style="text-align: left">{escape(str(label))}</td>'
            f"<td>{player(*recording)._repr_html_()}</td></tr>"
            for label, recording in zip(self.points["label"], self.heard, strict=True)
            if recording is not None
        )
        return HTML(f"<table>{rows}</table>")  # type: ignore[no-untyped-call]

    def _repr_html_(self) -> str:
        shown = self.points.dropna(axis="columns", how="all")
        return str(shown.style.format(precision=2, na_rep="–").hide(axis="index").to_html())


def _heard(call: Evidence) -> "Recording":
    listener = next(each.receiver for each in call.quality if each.sender == call.record.caller)
    return call.samples(listener)
