"""Trials made to learn something: a sentence over one network after another, files by hand."""

from voiplab.experiments.by_hand import Tried, try_files
from voiplab.experiments.fax import send_faxes
from voiplab.experiments.observations import Observations
from voiplab.experiments.trial import Trial, run_trials
from voiplab.experiments.trial_table import Trials

__all__ = ["Observations", "Trial", "Trials", "Tried", "run_trials", "send_faxes", "try_files"]
