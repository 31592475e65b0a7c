"""Figures as JSON has them: what is unknown is null, never NaN."""

from math import isfinite


def known(value: object, *, digits: int = 3) -> float | None:
    """Return a measured figure, or None where nothing was measured.

    Args:
        value: a number; None, NaN, infinity or pandas' NA for unknown.
        digits: to how many digits after the point it is rounded.

    >>> known(1.23456), known(float("nan")), known(None)
    (1.235, None, None)
    """
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return round(number, digits) if isfinite(number) else None
