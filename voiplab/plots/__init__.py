"""Figures of a call: `f(data, ax=None) -> Axes`, each with a text that says the same."""

from voiplab.plots.acceptability import describe_acceptability, plot_acceptability
from voiplab.plots.bandwidth import describe_bandwidth, plot_bandwidth
from voiplab.plots.budget import describe_delay_budget, plot_delay_budget
from voiplab.plots.buffer_choice import describe_buffer_choice, plot_buffer_choice
from voiplab.plots.byte_frequencies import describe_byte_frequencies, plot_byte_frequencies
from voiplab.plots.call_paths import describe_call_paths, plot_call_paths
from voiplab.plots.companding import describe_companding, plot_companding
from voiplab.plots.cost_by_users import (
    describe_cheapest,
    describe_cost_by_users,
    plot_cheapest,
    plot_cost_by_users,
)
from voiplab.plots.cost_difference import describe_cost_difference, plot_cost_difference
from voiplab.plots.cost_parts import describe_cost_parts, plot_cost_parts
from voiplab.plots.curves import describe_quality_curves, plot_quality_curves
from voiplab.plots.erlang_b import describe_erlang_b, plot_erlang_b
from voiplab.plots.frames import describe_frames, plot_frames
from voiplab.plots.jitter import describe_jitter, plot_jitter
from voiplab.plots.ladder import plot_ladder
from voiplab.plots.mos import describe_mos, plot_mos
from voiplab.plots.parts import describe_parts, plot_parts
from voiplab.plots.playout import describe_playout, plot_playout
from voiplab.plots.ranking import describe_ranking, plot_ranking
from voiplab.plots.samples import describe_samples, plot_samples
from voiplab.plots.spectrogram import describe_spectrogram, plot_spectrogram
from voiplab.plots.staffing import describe_staffing, plot_staffing
from voiplab.plots.timeline import Moment, describe_timeline, plot_timeline
from voiplab.plots.tornado import describe_tornado, plot_tornado
from voiplab.plots.waveform import describe_waveform, plot_waveform
from voiplab.plots.winner_along import describe_winner_along, plot_winner_along

__all__ = [
    "Moment",
    "describe_acceptability",
    "describe_bandwidth",
    "describe_buffer_choice",
    "describe_byte_frequencies",
    "describe_call_paths",
    "describe_cheapest",
    "describe_companding",
    "describe_cost_by_users",
    "describe_cost_difference",
    "describe_cost_parts",
    "describe_delay_budget",
    "describe_erlang_b",
    "describe_frames",
    "describe_jitter",
    "describe_mos",
    "describe_parts",
    "describe_playout",
    "describe_quality_curves",
    "describe_ranking",
    "describe_samples",
    "describe_spectrogram",
    "describe_staffing",
    "describe_timeline",
    "describe_tornado",
    "describe_waveform",
    "describe_winner_along",
    "plot_acceptability",
    "plot_bandwidth",
    "plot_buffer_choice",
    "plot_byte_frequencies",
    "plot_call_paths",
    "plot_cheapest",
    "plot_companding",
    "plot_cost_by_users",
    "plot_cost_difference",
    "plot_cost_parts",
    "plot_delay_budget",
    "plot_erlang_b",
    "plot_frames",
    "plot_jitter",
    "plot_ladder",
    "plot_mos",
    "plot_parts",
    "plot_playout",
    "plot_quality_curves",
    "plot_ranking",
    "plot_samples",
    "plot_spectrogram",
    "plot_staffing",
    "plot_timeline",
    "plot_tornado",
    "plot_waveform",
    "plot_winner_along",
]
