"""How a packet's delay strays from its mean: four distributions, each of mean 0 and deviation 1.

A variate is had from uniform ones in closed form (inverse transform; for the normal distribution
Box and Muller, 1958), so that a seed gives the same on every machine and version of Python.
"""

from collections.abc import Callable, Mapping
from math import cos, erf, exp, log, pi, pow, sqrt  # noqa: A004 - always a float
from typing import Literal, get_args

Distribution = Literal["uniform", "normal", "exponential", "pareto"]
DISTRIBUTIONS: tuple[Distribution, ...] = get_args(Distribution)

# The shape of netem's `pareto` table (iproute2, netem/pareto.c).
PARETO_SHAPE = 3.0
_PARETO_MEAN = PARETO_SHAPE / (PARETO_SHAPE - 1)
_PARETO_DEVIATION = sqrt(PARETO_SHAPE / ((PARETO_SHAPE - 1) ** 2 * (PARETO_SHAPE - 2)))

# A normal delay has no least value; one draw in 741 strays further down than this.
_NORMAL_LEAST = -3.0


def _uniform(u: float, _v: float) -> float:
    return sqrt(3) * (2 * u - 1)


def _normal(u: float, v: float) -> float:
    return sqrt(-2 * log(1 - u)) * cos(2 * pi * v)


def _exponential(u: float, _v: float) -> float:
    return -log(1 - u) - 1


def _pareto(u: float, _v: float) -> float:
    return (pow(1 - u, -1 / PARETO_SHAPE) - _PARETO_MEAN) / _PARETO_DEVIATION


_VARIATES: Mapping[Distribution, Callable[[float, float], float]] = {
    "uniform": _uniform,
    "normal": _normal,
    "exponential": _exponential,
    "pareto": _pareto,
}

LEAST: Mapping[Distribution, float] = {
    "uniform": -sqrt(3),
    "normal": _NORMAL_LEAST,
    "exponential": -1.0,
    "pareto": (1 - _PARETO_MEAN) / _PARETO_DEVIATION,
}
"""How far below its mean a delay goes, in standard deviations."""


def deviation(distribution: Distribution, u: float, v: float) -> float:
    """Return how far a delay strays from its mean, in standard deviations.

    Args:
        distribution: ``uniform``; ``normal``; ``exponential``, as the wait at a queue with random
            arrivals; ``pareto`` of shape 3, with rare long delays.
        u: a uniform variate in [0, 1).
        v: another one, for the distribution that takes two.

    >>> deviation("uniform", 0.5, 0.0), deviation("exponential", 0.0, 0.0)
    (0.0, -1.0)
    """
    return _VARIATES[distribution](u, v)


def cumulative(distribution: Distribution, x: float) -> float:
    """Return the probability that :func:`deviation` is at most `x`.

    >>> cumulative("exponential", -1.0), cumulative("normal", 0.0)
    (0.0, 0.5)
    """
    if distribution == "normal":
        return (1 + erf(x / sqrt(2))) / 2
    if distribution == "uniform":
        return min(max((x / sqrt(3) + 1) / 2, 0.0), 1.0)
    if distribution == "exponential":
        return 1 - exp(-(x + 1)) if x > -1 else 0.0
    point = x * _PARETO_DEVIATION + _PARETO_MEAN
    return 1 - pow(point, -PARETO_SHAPE) if point > 1 else 0.0
