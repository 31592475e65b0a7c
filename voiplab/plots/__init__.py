"""Figures of a call: `f(data, ax=None) -> Axes`, each with a text that says the same."""

from voiplab.plots.jitter import describe_jitter, plot_jitter
from voiplab.plots.ladder import plot_ladder
from voiplab.plots.mos import describe_mos, plot_mos
from voiplab.plots.samples import describe_samples, plot_samples
from voiplab.plots.waveform import describe_waveform, plot_waveform

__all__ = [
    "describe_jitter",
    "describe_mos",
    "describe_samples",
    "describe_waveform",
    "plot_jitter",
    "plot_ladder",
    "plot_mos",
    "plot_samples",
    "plot_waveform",
]
