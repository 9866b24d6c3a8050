"""Metrics beside the one that decides: guardrails that must hold, and others that are shown."""

from __future__ import annotations

from crm_metrics.experiments.comparing import compared, own
from crm_metrics.experiments.looks import Looks
from crm_metrics.experiments.model import Comparison, Judged, Margin, Measured, Metric, Standing

POINTS = Margin(0.001)
SHARE = Margin(0.05, relative=True)
# Rare and grave: a share of the control's rate would let nearly any number pass as noise.
_BY_POINTS = ("unsub", "complain", "spam", "отпис", "жалоб")


def default_margin(metric: Metric) -> Margin:
    """0.1 points for unsubscribes and complaints, 5 % of the control's value for others."""
    words = f"{metric.field} {metric.name}".lower()
    rare = metric.shape == "proportion" and any(word in words for word in _BY_POINTS)
    return POINTS if rare else SHARE


def judged(measured: Measured, *, alpha: float, looks: Looks) -> Judged:
    """A metric's values, its differences at `alpha` (not corrected for arms), how each stands.

    A guardrail holds where the whole interval is better than the margin (non-inferiority by the
    interval: Piaggio et al., JAMA 308 (2012)).
    """
    metric = measured.metric
    comparisons = compared(metric.shape, measured.arms, alpha=alpha, looks=looks, corrected=False)
    return Judged(
        metric=metric,
        arms=tuple(own(metric.shape, arm, alpha=alpha) for arm in measured.arms),
        comparisons=comparisons,
        standings=tuple(standing(metric, item) for item in comparisons),
    )


def standing(metric: Metric, item: Comparison) -> Standing:
    """How an arm stands against the control on a metric beside the decision's."""
    difference = _gains(metric, item.difference_low, item.difference_high)
    if difference is None:
        return "undefined"
    low, high = difference
    if low > 0:
        return "better"
    if metric.role == "secondary":
        return "worse" if high < 0 else "open"
    margin = metric.margin or default_margin(metric)
    bounds = _gains(metric, item.lift_low, item.lift_high) if margin.relative else difference
    if bounds is not None and bounds[0] > -margin.amount:
        return "kept"
    return "worse" if high < 0 else "open"


def _gains(metric: Metric, low: float | None, high: float | None) -> tuple[float, float] | None:
    """The interval turned so that the better way is above zero."""
    if low is None or high is None:
        return None
    return (low, high) if metric.direction == "up" else (-high, -low)
