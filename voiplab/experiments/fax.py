"""A fax machine's modem on the line: its sound through calls between real phones."""

import io
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from voiplab.evidence import Evidence
from voiplab.experiments.observations import Observations
from voiplab.experiments.trial import Trial, taken, user_pairs
from voiplab.lab import Lab, User
from voiplab.modem import V27TER, Modem, random_frames, receive
from voiplab.modem.modem import RATE_HZ

if TYPE_CHECKING:
    from voiplab.modem.modem import Bits, Samples

_FRAMES = 20
_BEFORE_S = 0.5  # of silence: what a phone may lose of its first packets is none of the fax
_AFTERWARDS_S = 1.0


def send_faxes(
    trials: Sequence[Trial], *, modem: Modem = V27TER, frames: int = _FRAMES, at_once: int = 4
) -> Observations:
    """Send a modem's frames as sound in calls of a lab of their own, and count what comes.

    Args:
        trials: over which codecs and networks.
        modem: whose frames they are.
        frames: how many are sent in each call.
        at_once: how many calls go on side by side.

    Returns:
        A row a trial: label, codec, modem, loss_set_pct, loss_pct (as the called phone received
        it), and what :meth:`voiplab.modem.Transmission.as_dict` says.

    Raises:
        EngineError: when no lab can run here.
        CallFailed: when a call is not established.
    """
    with Lab() as lab, ThreadPoolExecutor(at_once) as pool:
        pairs = user_pairs(lab, trials, at_once)

        def run(trial: Trial) -> Mapping[str, Any]:
            with taken(pairs[trial.codec]) as pair:
                return _row(*pair, trial, modem, random_frames(modem, frames, seed=trial.seed))

        running = [pool.submit(run, trial) for trial in trials]
        try:
            rows = [each.result() for each in running]
        finally:
            for each in running:
                each.cancel()
        return Observations.of(rows, lab.software())


def _row(caller: User, callee: User, trial: Trial, modem: Modem, bits: "Bits") -> dict[str, Any]:
    sound = modem.modulate(bits)
    evidence = _call(caller, callee, trial, sound)
    heard = _at(RATE_HZ, *evidence.samples(callee))
    there = next(each for each in evidence.quality if each.sender == caller.extension)
    return {
        "label": trial.label,
        "codec": trial.codec,
        "modem": modem.name,
        "loss_set_pct": trial.incoming.expected_loss_pct,
        "loss_pct": there.loss_pct,
    } | receive(modem, bits, heard).as_dict()


def _call(caller: User, callee: User, trial: Trial, sound: "Samples") -> Evidence:
    callee.phone.network.impair(incoming=trial.incoming, outgoing=trial.outgoing, seed=trial.seed)
    rate_hz = caller.phone.account.rate_hz
    caller.phone.play(_wav(_at(rate_hz, sound, RATE_HZ), rate_hz))
    call = caller.phone.call(callee)
    call.wait(_BEFORE_S + len(sound) / RATE_HZ + _AFTERWARDS_S)
    call.hang_up()
    return call.evidence


def _at(wanted_hz: int, samples: "Samples", rate_hz: int) -> "Samples":
    """Return a sound at another rate."""
    import numpy as np  # noqa: PLC0415 - heavy: loaded when sound is sent
    from scipy.signal import resample_poly  # noqa: PLC0415 - as above

    return np.asarray(
        samples if wanted_hz == rate_hz else resample_poly(samples, wanted_hz, rate_hz)
    )


def _wav(samples: "Samples", rate_hz: int) -> bytes:
    import numpy as np  # noqa: PLC0415 - as above
    import soundfile  # noqa: PLC0415 - as above

    file = io.BytesIO()
    whole = np.concatenate([np.zeros(int(_BEFORE_S * rate_hz)), samples])
    soundfile.write(file, whole, rate_hz, format="WAV", subtype="PCM_16")
    return file.getvalue()
