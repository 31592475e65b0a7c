"""Figures of a call: `f(data, ax=None) -> Axes`, each with a text that says the same."""

from voiplab.plots.jitter import describe_jitter, plot_jitter
from voiplab.plots.ladder import plot_ladder
from voiplab.plots.mos import describe_mos, plot_mos

__all__ = ["describe_jitter", "describe_mos", "plot_jitter", "plot_ladder", "plot_mos"]
