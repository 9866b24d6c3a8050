"""One line over three or more arms together: whether any of them differs at all."""

from __future__ import annotations

from crm_metrics.experiments.comparing import moments
from crm_metrics.experiments.distributions import chi_square_above, f_above
from crm_metrics.experiments.model import Arm, MetricShape


def overall_test(shape: MetricShape, arms: tuple[Arm, ...]) -> dict[str, object]:
    """Chi-square for proportions, Welch's ANOVA for means and ratios.

    Keys: test, statistic, degrees (tuple), pvalue; the numbers are None where undefined.
    Sources: Pearson (1900); Welch, Biometrika 38 (1951).
    """
    if shape == "proportion":
        return _chi_square(arms)
    found = [moments(shape, arm) for arm in arms]
    if any(own is None or own[1] <= 0 for own in found):
        return _undefined("welch_anova")
    return _welch_anova([own for own in found if own], [arm.n for arm in arms])


def _chi_square(arms: tuple[Arm, ...]) -> dict[str, object]:
    people, events = sum(arm.n for arm in arms), sum(arm.successes or 0 for arm in arms)
    if not 0 < events < people or min(arm.n for arm in arms) == 0:
        return _undefined("chi_square")
    rate = events / people
    statistic = sum(
        ((arm.successes or 0) - arm.n * rate) ** 2 / (arm.n * rate * (1 - rate)) for arm in arms
    )
    degrees = len(arms) - 1
    pvalue = chi_square_above(statistic, degrees)
    return {
        "test": "chi_square",
        "statistic": statistic,
        "degrees": (degrees,),
        "pvalue": pvalue,
    }


def _welch_anova(moments: list[tuple[float, float]], sizes: list[int]) -> dict[str, object]:
    count = len(moments)
    weights = [1 / variance for _, variance in moments]
    total = sum(weights)
    grand = sum(w * mean for w, (mean, _) in zip(weights, moments, strict=True)) / total
    between = sum(w * (mean - grand) ** 2 for w, (mean, _) in zip(weights, moments, strict=True))
    tail = sum((1 - w / total) ** 2 / (n - 1) for w, n in zip(weights, sizes, strict=True))
    statistic = (between / (count - 1)) / (1 + 2 * (count - 2) * tail / (count * count - 1))
    degrees = (count - 1, (count * count - 1) / (3 * tail))
    return {
        "test": "welch_anova",
        "statistic": statistic,
        "degrees": degrees,
        "pvalue": f_above(statistic, degrees),
    }


def _undefined(name: str) -> dict[str, object]:
    return {"test": name, "statistic": None, "degrees": None, "pvalue": None}
