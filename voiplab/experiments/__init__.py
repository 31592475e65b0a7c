"""Calls made to learn something: the same sentence over one network after another."""

from voiplab.experiments.trial import Trial, run_trials
from voiplab.experiments.trial_table import Trials

__all__ = ["Trial", "Trials", "run_trials"]
