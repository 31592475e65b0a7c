"""What the payload types of an RTP stream stand for, and which follow a codec's rhythm."""

from collections.abc import Mapping

from voiplab.packets.sdp import STATIC_PAYLOAD_TYPES, Codec

# They share a stream with speech, but don't follow its rhythm: RFC 4733 and RFC 3389.
_NOT_SPEECH = {"telephone-event", "cn"}


def codec_of(codecs: Mapping[int, Codec], payload_type: int) -> Codec | None:
    """Return what a payload type stands for, or None when nothing tells.

    Args:
        codecs: what session descriptions said.
        payload_type: 0 to 127.

    >>> codec_of({}, 8).name, codec_of({}, 96)
    ('PCMA', None)
    """
    return codecs.get(payload_type) or STATIC_PAYLOAD_TYPES.get(payload_type)


def is_speech(codecs: Mapping[int, Codec], payload_type: int) -> bool:
    """Say whether a payload type carries speech, as far as anything tells."""
    codec = codec_of(codecs, payload_type)
    return codec is None or codec.name.lower() not in _NOT_SPEECH


def rhythm_hz(codecs: Mapping[int, Codec], payload_type: int) -> int:
    """Return the clock rate of speech packets of a payload type.

    Returns:
        0 for what is no speech, and when nothing tells.

    >>> rhythm_hz({}, 0), rhythm_hz({}, 13)
    (8000, 0)
    """
    codec = codec_of(codecs, payload_type)
    return codec.clock_rate_hz if codec and is_speech(codecs, payload_type) else 0
