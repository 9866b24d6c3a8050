"""Goals in words: what is aimed at, how far it is, and what the data say of it."""

from __future__ import annotations

from typing import Any

from crm_metrics.findings.report import Shift
from crm_metrics.findings.wording import channel_name, field_name, inside, metric_name, shift_texts
from crm_metrics.metrics.goals import Goal, Judged, metric_of
from crm_metrics.texts import has, percent_text, t, value_text


def scope_text(goal: Goal, lang: str) -> str:
    """The channel of a goal, or that it is for all of them together; of retention, which month."""
    if goal.metric == "retention_rate" and goal.channel is None:
        return t("goals.next_month", lang)
    return channel_name(goal.channel, lang) if goal.channel else t("goals.together", lang)


def source_text(goal: Goal, lang: str) -> str:
    """A goal's own label, or the guide that it was taken from; "" for a plain one of one's own."""
    if goal.label or goal.guide is None:
        return goal.label
    key = f"goals.guide.{goal.guide}"
    if goal.guide == "convention":
        return t(key, lang)
    return t("goals.from_guide", lang, guide=t(key, lang) if has(key, lang) else goal.guide)


def target_text(judged: Judged, lang: str) -> str:
    """What is aimed at: "at least 20%", or "growth by 15% (to 1,150)" of a relative goal."""
    goal, metric = judged.goal, metric_of(judged.goal, judged.value)
    unit = metric.unit if metric else "score"
    currency = judged.value.currency if judged.value else None
    if not goal.relative:
        way = goal.aim if metric is None or metric.direction == "neutral" else metric.direction
        shown = value_text(goal.target, unit, lang, currency)
        return t(f"goals.at_{'most' if way == 'down' else 'least'}", lang, value=shown)
    by = percent_text(abs(goal.target), lang, _digits(100 * goal.target))
    said = t(f"goals.{'growth' if goal.target >= 0 else 'fall'}", lang, by=by)
    if judged.target is None:
        return said
    to = value_text(judged.target, unit, lang, currency)
    return t("goals.relative_to", lang, change=said, to=to)


def distance_text(judged: Judged, lang: str) -> str:
    """How far the value is from the target, signed, with its interval where there is one."""
    metric = metric_of(judged.goal, judged.value)
    if judged.distance is None or metric is None:
        return ""
    currency = judged.value.currency if judged.value else None
    away = Shift(judged.distance, judged.low, judged.high)
    words = shift_texts(away, metric.unit, lang, currency)
    if judged.low is None or judged.high is None:
        return words["change"]
    return t("goals.distance", lang, **words)


def reason_text(judged: Judged, lang: str) -> str:
    """Why nothing can be told; "" where something can."""
    if judged.reason is None:
        return ""
    if judged.reason == "needs":
        names = ", ".join(inside(field_name(need, lang)) for need in judged.needs)
        return t("goals.reason.needs", lang, needs=names)
    keys = (f"goals.reason.{judged.reason}", f"flag.{judged.reason}")
    return next((t(key, lang) for key in keys if has(key, lang)), judged.reason)


def status_text(judged: Judged, lang: str) -> str:
    """Met, not met, can't be told yet, or n/a, with the reason of the last two."""
    said = t(f"goals.status.{judged.status}", lang)
    reason = reason_text(judged, lang)
    return t("goals.because", lang, status=said, reason=reason) if reason else said


def card_text(judged: Judged, lang: str) -> str:
    """What is aimed at and its status, as they stand under a value."""
    words = {"target": target_text(judged, lang), "status": status_text(judged, lang)}
    return t("goals.card", lang, **words)


def goal_name(goal: Goal, lang: str) -> str:
    """The metric and the channel of a goal, as a list of goals shows it."""
    return t(
        "goals.name", lang, metric=metric_name(goal.metric, lang), scope=scope_text(goal, lang)
    )


def goal_document(judged: Judged) -> dict[str, Any]:
    """A judged goal as a JSON object; numbers in the metric's own unit."""
    goal = judged.goal
    return {
        "target": judged.target if judged.target is not None else goal.target,
        "relative": goal.target if goal.relative else None,
        "status": judged.status,
        "distance": judged.distance,
        "low": judged.low,
        "high": judged.high,
        "reason": judged.reason,
        "label": goal.label,
        "guide": goal.guide,
    }


def _digits(percent: float) -> int:
    return 0 if float(percent).is_integer() else 1
