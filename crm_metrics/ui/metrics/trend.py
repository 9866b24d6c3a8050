"""A metric's course over time, by channel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from crm_metrics.charts import Scale, channel_color, trend_chart
from crm_metrics.findings.report import ChannelRow, Period
from crm_metrics.findings.wording import channel_name, inside, metric_name
from crm_metrics.metrics.model import Unit, Value
from crm_metrics.texts import date_text, t, value_text
from crm_metrics.ui import cached
from crm_metrics.ui.chart_words import axis_title, measured, scale_of, tip_titles
from crm_metrics.ui.charted import charted, spec_of, value_lines
from crm_metrics.ui.escape import esc
from crm_metrics.ui.filters import one_of
from crm_metrics.ui.metrics.data import Seen
from crm_metrics.ui.metrics.marks import marks_of
from crm_metrics.ui.theme import ground

_MOST_LINES = 4
_HIGH = 0.6
_TEXTS = {"value_text": "—", "interval_text": "—", "n_text": "0"}
_NO_DATA: dict[str, object] = {"value": None, "low": None, "high": None, **_TEXTS}
_DAYS_UP_TO, _WEEKS_UP_TO = 200, 100  # days of a span that is shown by day at all, by week first


def step_choice(span: Period | None, language: str) -> str:
    """Day, week or month; the longer step first where the span is long."""
    if span is None:
        return "month"
    days = (span[1] - span[0]).days
    steps: tuple[str, ...] = ("week", "month") if days <= _WEEKS_UP_TO else ("month", "week")
    if days <= _DAYS_UP_TO:
        steps = (*steps, "day")
    return one_of(
        "step",
        t("channels.step", language),
        steps,
        lambda key: t(f"channels.by_{key}", language),
        language=language,
        flat=True,
    )


def trend_of(
    seen: Seen, rows: Sequence[ChannelRow], span: Period | None, step: str, language: str
) -> None:
    """Draw the metric of `rows`, with the same formula, by day, week or month over `span`."""
    found = _dated(seen, rows, span, step) if span else []
    channels = _busiest(found)
    if span is None or not channels:
        st.caption(t("channels.no_dates", language))
        return
    if len({value.group[step] for value in found if value.value is not None}) < 2:
        st.caption(
            t(
                "channels.one_day" if step == "day" or span[0] == span[1] else "channels.one_step",
                language,
                metric=metric_name(rows[0].metric, language),
            )
        )
        return
    metric, unit = rows[0].metric, rows[0].unit
    drawn = [value for value in found if value.group["channel"] in channels]
    scale = scale_of(unit, [value for value in drawn if value.value is not None])
    name = metric_name(metric, language)
    frame = _steps(drawn, channels, step, period=span, unit=unit, scale=scale, language=language)
    currency = next((value.currency for value in drawn if value.currency), None)
    marks = marks_of(drawn, step, span, language)
    chart = spec_of(
        trend_chart,
        frame,
        title=t("channels.trend_title", language, metric=inside(name)),
        x_title=t(f"channels.axis_{step}", language),
        y_title=axis_title(name, scale, language, currency),
        lang=language,
        colors={channel or "": channel_color(channel, ground()) for channel in channels},
        tips=tip_titles(language, "label", "start", "value_text", "interval_text", "n_text"),
        marks=pd.DataFrame(
            {"date": [pd.Timestamp(day) for day, _ in marks], "label": [one for _, one in marks]}
        ),
        from_zero=not _far_from_zero(frame),
    )
    charted(
        chart,
        lambda: value_lines(
            [
                ((channel_name(value.group["channel"], language), str(value.group[step])), value)
                for value in drawn
            ],
            (t("channels.channel", language), t(f"channels.axis_{step}", language)),
            unit,
            language,
        ),
        language,
        alt=_alt(drawn, channels, unit, step, language),
        key="trend",
        name="trend",
    )
    notes = [t("channels.hollow", language)] if frame["partial"].any() else []
    if len({value.group["channel"] for value in found}) > len(channels):
        notes.append(t("channels.most_lines", language, count=_MOST_LINES))
    if marks:
        said = "; ".join(f"{date_text(day, language)}: {words}" for day, words in marks)
        notes.append(t("channels.marks", language, marks=esc(said, limit=400)))
    if notes:
        st.caption(" ".join(notes))


def _dated(seen: Seen, rows: Sequence[ChannelRow], span: Period, step: str) -> list[Value]:
    """Values by channel and step; for each channel only the grain with the most units."""
    filters = replace(seen.filters, start=span[0], end=span[1])
    by = ("channel", step)
    found = cached.compute((rows[0].metric,), by=by, filters=filters, limits=seen.limits)
    variant = rows[0].now.variant
    values = [one for one in found.values if one.group[step] and one.variant == variant]  # noqa: PD011 - no frame
    sizes: Counter[tuple[str | None, str]] = Counter()
    for value in values:
        sizes[value.group["channel"], value.grain] += int(value.n)
    largest = dict(sorted(sizes, key=lambda key: sizes[key]))
    return [value for value in values if largest[value.group["channel"]] == value.grain]


def _busiest(values: Sequence[Value]) -> list[str | None]:
    """The channels with the most units, at most so many as a reader can tell apart."""
    sizes: dict[str | None, float] = {}
    for value in values:
        if value.value is not None:
            channel = value.group["channel"]
            sizes[channel] = sizes.get(channel, 0.0) + value.n
    return sorted(sizes, key=lambda channel: -sizes[channel])[:_MOST_LINES]


def _steps(
    values: Sequence[Value],
    channels: Sequence[str | None],
    step: str,
    *,
    period: Period,
    unit: Unit,
    scale: Scale,
    language: str,
) -> pd.DataFrame:
    """A row a channel and step; a step without data has nulls, so that the line breaks there."""
    found = {(value.group["channel"], value.group[step]): value for value in values}
    rows = []
    for channel in channels:
        for start, end in _spans(step, period):
            value = found.get((channel, start.isoformat()))
            rows.append(
                {
                    "key": channel or "",
                    "label": channel_name(channel, language),
                    "date": pd.Timestamp(start),
                    "start": date_text(start, language),
                    "partial": start < period[0]
                    or end > period[1]
                    or (value is not None and "immature" in value.flags),
                    **(_NO_DATA if value is None else measured(value, unit, scale, language)),
                }
            )
    frame = pd.DataFrame(rows)
    return frame.astype({"value": float, "low": float, "high": float})


def _spans(step: str, period: Period) -> list[tuple[date, date]]:
    """The first and last day of each day, week or month that the period touches."""
    first, last = period
    start = first - timedelta(days=first.weekday()) if step == "week" else first.replace(day=1)
    spans = []
    if step == "day":
        start = first
    lengths = {"day": 1, "week": 7}
    while start <= last:
        days = lengths.get(step)
        after = start + timedelta(days=days) if days else _next_month(start)
        spans.append((start, after - timedelta(days=1)))
        start = after
    return spans


def _next_month(start: date) -> date:
    return (start.replace(day=28) + timedelta(days=4)).replace(day=1)


def _far_from_zero(frame: pd.DataFrame) -> bool:
    """Whether all values lie so high that an axis from zero would hide their course."""
    ends = pd.concat([frame["value"], frame["low"], frame["high"]]).dropna()
    return bool(len(ends)) and ends.min() > _HIGH * ends.max()


def _alt(
    values: Sequence[Value],
    channels: Sequence[str | None],
    unit: Unit,
    step: str,
    language: str,
) -> str:
    """The takeaway: where the largest channel began and where it is."""
    own = [one for one in values if one.group["channel"] == channels[0] and one.value is not None]
    own.sort(key=lambda one: one.group[step] or "")
    first, last = (value_text(one.value, unit, language, one.currency) for one in (own[0], own[-1]))
    return t(
        "channels.trend_alt",
        language,
        metric=metric_name(own[0].metric, language),
        channel=channel_name(channels[0], language),
        first=first,
        last=last,
    )
