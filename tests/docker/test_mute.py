"""A muted phone, and what is heard while a call goes on."""

import io
import wave

import numpy as np
import pytest

from voiplab.containers import wait_until

pytestmark = pytest.mark.engine

COUNTING = "one two three four five six seven eight nine ten eleven twelve"


def loudness(wav):
    """The root mean square of each quarter of a second."""
    with wave.open(io.BytesIO(wav)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(float)
        length = file.getframerate() // 4
    quarters = samples[: len(samples) // length * length].reshape(-1, length)
    return np.sqrt((quarters**2).mean(axis=1))


def test_a_muted_phone_sends_silence_and_the_call_goes_on(lab):
    call = lab["2001"].phone.call(lab["2002"], say=f"{COUNTING}, {COUNTING}")
    call.wait(1.5)
    call.mute()
    assert call.leg.muted
    call.mute()
    assert call.leg.muted
    call.wait(1.5)
    call.unmute()
    assert not call.leg.muted
    call.wait(1.5)
    assert call.state == "established"
    call.hang_up()
    heard = loudness(call.evidence.recording("2002").read_bytes())
    assert heard[1:5].max() > 500
    assert (heard[7:11] < 20).all()
    assert heard[13:17].max() > 500
    # Silence is sent, not nothing: no packet is missing.
    assert all(each.lost == 0 and each.packets > 200 for each in call.quality)


def test_what_a_phone_hears_can_be_had_while_the_call_goes_on(lab):
    call = lab["2001"].phone.call(lab["2002"], say=f"{COUNTING}, {COUNTING}")
    (leg,) = lab["2002"].phone.active_legs()

    def spoken():
        heard = lab["2002"].phone.heard(leg)
        return (loudness(heard) > 500).sum() >= 3 if heard else None

    wait_until("some of it", spoken, timeout_s=10)
    call.hang_up()
