"""The numbers of an A/B finding as texts: values, differences, lifts, each with fitting digits."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from crm_metrics.experiments.model import ArmResult, Comparison, Finding, Judged, MetricShape
from crm_metrics.findings.wording import metric_name
from crm_metrics.texts import decimal_text, has, percent_text, points_text, signed_text, t
from crm_metrics.texts.formats import MINUS

_MOST_DIGITS = 6
_WITHIN = re.compile(r"(?P<column>.+) \u2264 (?P<hours>[\d.]+) h", re.DOTALL)


def difference_texts(
    of: Finding | Judged, comparison: Comparison, lang: str
) -> tuple[str, str, str] | None:
    """The difference and its bounds, signed, with as many digits as tell the bounds from zero.

    Points for a proportion, the metric's own unit for amounts; None where it is undefined.
    """
    bounds = (comparison.difference, comparison.difference_low, comparison.difference_high)
    if None in bounds:
        return None
    shown = points_text if shape_of(of) == "proportion" else signed_text
    digits = digits_of(of, comparison)
    difference, low, high = (shown(value, lang, digits) for value in bounds)
    return difference, low, high


def arm_texts(of: Finding | Judged, arm: ArmResult, lang: str) -> tuple[str, str, str]:
    """An arm's value and the ends of its interval, with the digits of the sentence."""
    digits = digits_of(of, leading(of))
    share = shape_of(of) == "proportion"
    value, low, high = (
        percent_text(number, lang, digits) if share else decimal_text(number, lang, digits)
        for number in (arm.value, arm.low, arm.high)
    )
    return value, low, high


def lift_texts(comparison: Comparison, lang: str) -> tuple[str, str, str] | None:
    """The lift and its bounds as signed percentages; None where it can't be bounded."""
    bounds = (comparison.lift, comparison.lift_low, comparison.lift_high)
    known = [value for value in bounds if value is not None]
    if len(known) < len(bounds):
        return None
    near = min(abs(known[1]), abs(known[2]))
    digits = 0 if round(100 * near) >= 1 or near == 0 else 1 if round(100 * near, 1) > 0 else 2
    first, low, high = (
        ("" if round(100 * abs(value), digits) == 0 else "+" if value > 0 else MINUS)
        + percent_text(abs(value), lang, digits)
        for value in known
    )
    return first, low, high


def amount_text(of: Finding | Judged, amount: float | None, lang: str) -> str:
    """An amount of the metric without its sign: points for a share, else in the metric's unit."""
    if amount is None:
        return "—"
    share = shape_of(of) == "proportion"
    number = abs(amount) * (100 if share else 1)
    text = decimal_text(number, lang, exact_digits(number))
    return t("unit.points", lang, value=text) if share else text


def digits_of(of: Finding | Judged, comparison: Comparison) -> int:
    """Digits after the mark: two leading ones of the interval's half, and no bound rounded to 0."""
    low, high = comparison.difference_low, comparison.difference_high
    if low is None or high is None:
        return 2
    scale = 100 if shape_of(of) == "proportion" else 1
    half = scale * (high - low) / 2
    least = 1 if shape_of(of) == "proportion" else 0
    digits = least if half <= 0 else min(max(1 - math.floor(math.log10(half)), least), _MOST_DIGITS)
    near = scale * min(abs(low), abs(high))
    while near > 0 and round(near, digits) == 0 and digits < _MOST_DIGITS:
        digits += 1
    return digits


def exact_digits(value: float) -> int:
    """How many digits a round number such as a level needs."""
    exact = (digits for digits in range(6) if math.isclose(round(value, digits), value))
    return next(exact, 6)


def value_text(of: Finding | Judged, arm: ArmResult, lang: str, digits: int) -> str:
    """An arm's value as a sentence says it: counts first for a share."""
    if shape_of(of) == "proportion":
        return t(
            "verdict.counted",
            lang,
            successes=arm.successes or 0,
            n=arm.n,
            value=percent_text(arm.value, lang, digits),
        )
    value = decimal_text(arm.value, lang, digits)
    if shape_of(of) != "mean":
        return value
    some = isinstance(of, Finding) and any(line.kind == "answered" for line in of.lines)
    return t(f"verdict.{'per_answer' if some else 'per_recipient'}", lang, value=value)


def compared_texts(of: Finding | Judged, comparison: Comparison, lang: str) -> dict[str, str]:
    """What a sentence of two arms needs: names, values, the difference and its bounds."""
    arms = {arm.name: arm for arm in of.arms}
    texts = difference_texts(of, comparison, lang) or ("", "", "")
    digits = digits_of(of, comparison)
    return {
        "arm": comparison.arm,
        "control": comparison.control,
        "own": value_text(of, arms[comparison.arm], lang, digits),
        "base": value_text(of, arms[comparison.control], lang, digits),
        "difference": texts[0],
        "low": texts[1],
        "high": texts[2],
    }


def trial_metric(name: str, lang: str) -> str:
    """A test's metric as a person reads it; hours of an answer in the language."""
    timed = _WITHIN.fullmatch(name)
    if timed is None:
        return metric_name(name, lang)
    return f"{timed['column']} \u2264 {t('unit.hour', lang, value=timed['hours'])}"


def said_metric(name: str, lang: str) -> str:
    """The same within a sentence: a column's name in quotation marks."""
    key = "metric_known" if has(f"metric.{name}.name", lang) else "metric_column"
    return t(f"verdict.{key}", lang, name=trial_metric(name, lang))


def leading(of: Finding | Judged) -> Comparison:
    """The comparison that a verdict speaks of; the first one of a metric beside it."""
    if isinstance(of, Judged):
        return of.comparisons[0]
    return next(item for item in of.comparisons if item.arm == of.params["arm"])


def shape_of(of: Finding | Judged) -> MetricShape:
    """The shape of the metric that a finding decides, or of one beside it."""
    return of.metric.shape if isinstance(of, Judged) else of.setup.shape


def between_text(low: str, high: str, lang: str) -> str:
    """An interval of two ends that are written already; in words where there is none."""
    if "—" in (low, high):
        return t("experiments.no_interval", lang)
    return ends_text((low, high), lang)


def ends_text(ends: Sequence[str], lang: str) -> str:
    """The same in a table's cell: a dash where there is none."""
    low, high = ends
    return low if low == "—" else t("experiments.between", lang, low=low, high=high)
