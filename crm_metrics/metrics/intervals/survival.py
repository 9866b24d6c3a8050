"""A quantile of times some of which still run, by Kaplan and Meier."""

from __future__ import annotations

import numpy as np

from crm_metrics.metrics.intervals.critical import Floats, Z


def survival_quantile(
    times: Floats, ended: Floats, running: Floats, p: float
) -> tuple[float, float, float]:
    """The time by which a share p has ended, and its interval; NaN where that is not reached.

    `times` are different and ascending; `ended` and `running` say how many rows ended at each, and
    how many were still running when last seen. Kaplan and Meier (1958), variance by Greenwood
    (1926); the interval holds the times whose share on the complementary log-log scale is within Z
    errors of p (Brookmeyer and Crowley 1982). Where the curve is level at exactly 1 - p, the value
    is the middle of that stretch, as the median of whole data is.
    """
    none = (np.nan, np.nan, np.nan)
    at_risk = np.cumsum((ended + running)[::-1])[::-1]
    happens = ended > 0
    if not happens.any():
        return none
    times, ended, at_risk = times[happens], ended[happens], at_risk[happens]
    left = np.cumprod(1 - ended / at_risk).astype(float)
    goal = 1 - p
    level = np.isclose(left, goal, rtol=0, atol=1e-12)
    below = np.flatnonzero((left < goal) & ~level)
    if level.any():
        first = times[np.argmax(level)]
        value = (first + times[below[0]]) / 2 if len(below) else first
    elif len(below):
        value = times[below[0]]
    else:
        return none
    return float(value), *_ends(times, left, ended, at_risk, goal)


def _ends(
    times: Floats, left: Floats, ended: Floats, at_risk: Floats, goal: float
) -> tuple[float, float]:
    inside = (left > 0) & (left < 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.sqrt(np.cumsum(ended / (at_risk * (at_risk - ended))))
        scale = np.log(-np.log(left)) - np.log(-np.log(goal))
        # The derivative of log(-log S) is 1 / (S log S), and S times the error that of S.
        distance = np.abs(scale * np.log(left)) / error
    near = np.flatnonzero(inside & (distance <= Z))
    if not len(near):
        return np.nan, np.nan
    after = near[-1] + 1
    # Before the first of them nothing has ended that would exclude an earlier time.
    high = float(times[after]) if after < len(times) else np.nan
    return float(times[near[0]]), high
