"""Words on charts: axis titles with their unit, tooltips, and the takeaway that `alt` says."""

from __future__ import annotations

from crm_metrics.charts import Scale, display_scale
from crm_metrics.findings.wording import bound_text, n_text
from crm_metrics.metrics.model import Unit, Value
from crm_metrics.texts import t, value_text


def scale_of(unit: Unit, values: list[Value]) -> Scale:
    """The scale that fits the largest of the values and their intervals."""
    ends = [end for value in values for end in (value.value, value.high) if end is not None]
    return display_scale(unit, max(map(abs, ends), default=None))


def axis_title(name: str, scale: Scale, language: str, currency: str | None = None) -> str:
    """A metric's name and the unit of its axis: "Click rate, %"; a bare name for pure numbers."""
    if scale.unit == "money":
        return f"{name}, {currency}" if currency else name
    return f"{name}, {t(f'chart.unit.{scale.unit}', language)}" if scale.unit else name


def tip_titles(language: str, *names: str) -> dict[str, str]:
    """The titles of tooltip columns by column."""
    return {name: t(f"chart.tip.{name}", language) for name in names}


def scaled(number: float | None, scale: Scale) -> float | None:
    """A number in the unit of the axis."""
    return None if number is None else number * scale.factor


def measured(value: Value, unit: Unit, scale: Scale, language: str) -> dict[str, object]:
    """A value and the ends of its interval in the unit of the axis, and its tooltip texts."""
    return {
        "value": scaled(value.value, scale),
        "low": scaled(value.low, scale),
        "high": scaled(value.high, scale),
        **texts_of(value, unit, language),
    }


def texts_of(value: Value, unit: Unit, language: str) -> dict[str, str]:
    """A value, its interval and n as tooltip texts: value_text, interval_text, n_text."""
    return {
        "value_text": value_text(value.value, unit, language, value.currency),
        "interval_text": interval_words(value, unit, language) or "—",
        "n_text": n_text(value, language),
    }


def interval_words(value: Value, unit: Unit, language: str) -> str:
    """The interval of a value as "2,1-2,5 %", "" where there is none."""
    ends = end_texts(value, unit, language)
    return t("channels.interval", language, low=ends[0], high=ends[1]) if ends else ""


def end_texts(value: Value, unit: Unit, language: str) -> tuple[str, str] | None:
    """Both ends of the interval of a value, None where there is none."""
    if value.low is None or value.high is None:
        return None
    low, high = (
        bound_text(end, value.value, unit, language, value.currency)
        for end in (value.low, value.high)
    )
    return low, high
