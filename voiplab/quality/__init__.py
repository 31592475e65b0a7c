"""How good a call is: what the E-model predicts, what was heard, and what it takes of a link."""

from voiplab.quality.codec import CODECS, Codec, EquipmentImpairment, find_codec
from voiplab.quality.delay import (
    PACKET_MS,
    PHONE_BUFFER_MS,
    PHONE_DELAY_MS,
    UNACCEPTABLE_MS,
    UNNOTICED_MS,
    Basis,
    Delay,
    DelayBudget,
    circuit_budget,
    delay_budget,
)
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
from voiplab.quality.framing import Framing
from voiplab.quality.link import LINKS, Bandwidth, Layer, Link, bandwidth
from voiplab.quality.listening import Listening, compare_recordings, compare_speech
from voiplab.quality.opinion import (
    good_or_better_pct,
    mos_from_r,
    poor_or_worse_pct,
    r_from_mos,
)
from voiplab.quality.prediction import predict
from voiplab.quality.rating import Rating, Scale, rate
from voiplab.quality.satisfaction import BANDS, Band, band_of
from voiplab.quality.transmission import Transmission
from voiplab.quality.wideband import (
    BEST_WIDEBAND_R,
    WidebandTransmission,
    mos_from_wideband_r,
    wideband_absolute_delay_impairment,
    wideband_delay_impairment,
    wideband_effective_equipment_impairment,
    wideband_listener_echo_impairment,
    wideband_rating_factor,
    wideband_talker_echo_impairment,
)

__all__ = [
    "BANDS",
    "BEST_WIDEBAND_R",
    "CODECS",
    "LINKS",
    "PACKET_MS",
    "PHONE_BUFFER_MS",
    "PHONE_DELAY_MS",
    "UNACCEPTABLE_MS",
    "UNNOTICED_MS",
    "Band",
    "Bandwidth",
    "Basis",
    "Codec",
    "Delay",
    "DelayBudget",
    "EquipmentImpairment",
    "Framing",
    "Layer",
    "Link",
    "Listening",
    "Rating",
    "Scale",
    "Transmission",
    "WidebandTransmission",
    "absolute_delay_impairment",
    "band_of",
    "bandwidth",
    "basic_signal_to_noise_ratio",
    "circuit_budget",
    "compare_recordings",
    "compare_speech",
    "delay_budget",
    "delay_impairment",
    "effective_equipment_impairment",
    "find_codec",
    "good_or_better_pct",
    "listener_echo_impairment",
    "mos_from_r",
    "mos_from_wideband_r",
    "poor_or_worse_pct",
    "predict",
    "r_from_mos",
    "rate",
    "rating_factor",
    "simultaneous_impairment",
    "talker_echo_impairment",
    "wideband_absolute_delay_impairment",
    "wideband_delay_impairment",
    "wideband_effective_equipment_impairment",
    "wideband_listener_echo_impairment",
    "wideband_rating_factor",
    "wideband_talker_echo_impairment",
]
