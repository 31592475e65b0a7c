"""Choosing between alternatives: a weighted decision matrix, and how robust its winner is."""

from voiplab.decision.acceptability import NEAR, Acceptability, acceptability
from voiplab.decision.dominance import BestCase, best_case, dominated_by, never_first
from voiplab.decision.facts import Comparison, Fact, Facts
from voiplab.decision.matrix import Matrix
from voiplab.decision.ranking import Ranked, Ranking, rank
from voiplab.decision.rule import score_between
from voiplab.decision.score import BEST, Basis, Score
from voiplab.decision.tipping import Stretch, Tipping, tipping_points, winners_along
from voiplab.decision.verdict import Verdict, judge
from voiplab.decision.weights import Weights, read_profiles

__all__ = [
    "BEST",
    "NEAR",
    "Acceptability",
    "Basis",
    "BestCase",
    "Comparison",
    "Fact",
    "Facts",
    "Matrix",
    "Ranked",
    "Ranking",
    "Score",
    "Stretch",
    "Tipping",
    "Verdict",
    "Weights",
    "acceptability",
    "best_case",
    "dominated_by",
    "judge",
    "never_first",
    "rank",
    "read_profiles",
    "score_between",
    "tipping_points",
    "winners_along",
]
