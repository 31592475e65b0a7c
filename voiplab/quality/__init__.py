"""How good a call is: the E-model, the codecs it knows, and what users say."""

from voiplab.quality.codec import CODECS, Codec, EquipmentImpairment, find_codec
from voiplab.quality.e_model import (
    absolute_delay_impairment,
    basic_signal_to_noise_ratio,
    delay_impairment,
    effective_equipment_impairment,
    listener_echo_impairment,
    rating_factor,
    simultaneous_impairment,
    talker_echo_impairment,
)
from voiplab.quality.opinion import (
    good_or_better_pct,
    mos_from_r,
    poor_or_worse_pct,
    r_from_mos,
)
from voiplab.quality.rating import Rating, rate
from voiplab.quality.satisfaction import BANDS, Band, band_of
from voiplab.quality.transmission import Transmission

__all__ = [
    "BANDS",
    "CODECS",
    "Band",
    "Codec",
    "EquipmentImpairment",
    "Rating",
    "Transmission",
    "absolute_delay_impairment",
    "band_of",
    "basic_signal_to_noise_ratio",
    "delay_impairment",
    "effective_equipment_impairment",
    "find_codec",
    "good_or_better_pct",
    "listener_echo_impairment",
    "mos_from_r",
    "poor_or_worse_pct",
    "r_from_mos",
    "rate",
    "rating_factor",
    "simultaneous_impairment",
    "talker_echo_impairment",
]
