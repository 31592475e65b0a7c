"""Calls made to learn something: the same sentence over one network after another."""

from voiplab.experiments.trial import TRIAL_IMAGES, Trial, run_trials
from voiplab.experiments.trial_table import Trials

__all__ = ["TRIAL_IMAGES", "Trial", "Trials", "run_trials"]
