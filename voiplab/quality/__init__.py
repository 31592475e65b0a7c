"""How good a call is: the E-model of the ITU, and what it needs."""

from voiplab.quality.codec import IMPAIRMENTS, Impairment, impairment_of
from voiplab.quality.emodel import (
    Connection,
    basic_signal_to_noise,
    delay_impairment,
    effective_equipment_impairment,
    pure_delay_impairment,
    r_factor,
    simultaneous_impairment,
)
from voiplab.quality.mos import (
    BANDS,
    Band,
    good_or_better_pct,
    mos_from_r,
    poor_or_worse_pct,
    r_from_mos,
    satisfaction,
)
from voiplab.quality.rating import Rating, rate, rate_streams

__all__ = [
    "BANDS",
    "IMPAIRMENTS",
    "Band",
    "Connection",
    "Impairment",
    "Rating",
    "basic_signal_to_noise",
    "delay_impairment",
    "effective_equipment_impairment",
    "good_or_better_pct",
    "impairment_of",
    "mos_from_r",
    "poor_or_worse_pct",
    "pure_delay_impairment",
    "r_factor",
    "r_from_mos",
    "rate",
    "rate_streams",
    "satisfaction",
    "simultaneous_impairment",
]
