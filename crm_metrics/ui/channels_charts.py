"""A chosen metric in pictures: channels with intervals, its course, and how it is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from crm_metrics.charts import channel_color, interval_chart, trend_chart
from crm_metrics.findings.report import ChannelRow, Period
from crm_metrics.findings.wording import channel_name, inside, metric_name
from crm_metrics.metrics import metric_named
from crm_metrics.metrics.model import Value
from crm_metrics.texts import date_text, decimal_text, has, t, value_text
from crm_metrics.ui import cached
from crm_metrics.ui.channels_data import Seen
from crm_metrics.ui.channels_table import variant_words
from crm_metrics.ui.chart_words import axis_title, scale_of, scaled, texts_of, tip_titles
from crm_metrics.ui.escape import esc
from crm_metrics.ui.filters import one_of
from crm_metrics.ui.theme import ground
from crm_metrics.ui.words import grain_word

_MOST_LINES = 4
_WEEKS_UP_TO = 100  # days: a longer span is shown by month first


def metric_section(seen: Seen, span: Period | None, language: str) -> None:
    """Draw the chosen metric: its chart of channels, its trend over `span`, and its formula."""
    options = [key for key in (*seen.shared, *seen.metrics) if metric_named(key).kind != "total"]
    options = list(dict.fromkeys(options))
    if not options:
        return
    st.subheader(t("channels.metric_title", language))
    metric = one_of(
        "metric",
        t("channels.metric", language),
        options,
        lambda key: metric_name(key, language),
        language=language,
    )
    left, right = st.columns(2, gap="large")
    with left:
        _intervals(seen, metric, language)
    with right:
        _trend(seen, metric, span, language)
    _formula(seen, metric, language)


def _intervals(seen: Seen, metric: str, language: str) -> None:
    rows = seen.of(metric)
    if not rows:
        return
    name, together = metric_name(metric, language), seen.together(metric)
    scale = scale_of(rows[0].unit, [row.now for row in rows])
    frame = pd.DataFrame(
        {
            "key": _keys(rows),
            "label": _labels(rows, language),
            "value": [scaled(row.now.value, scale) for row in rows],
            "low": [scaled(row.now.low, scale) for row in rows],
            "high": [scaled(row.now.high, scale) for row in rows],
            **_columns([texts_of(row.now, row.unit, language) for row in rows]),
        }
    )
    reference, reference_label = None, ""
    if len(together) == 1 and len(rows) > 1:
        total = together[0].now
        reference = scaled(total.value, scale)
        shown = value_text(total.value, rows[0].unit, language, total.currency)
        reference_label = t("channels.together", language, value=shown)
    chart = interval_chart(
        frame,
        title=t("channels.intervals_title", language, metric=inside(name)),
        x_title=axis_title(name, scale, language, rows[0].now.currency),
        lang=language,
        colors={key: channel_color(key.partition(" ")[0], ground()) for key in frame["key"]},
        tips=tip_titles(language, "label", "value_text", "interval_text", "n_text"),
        ground=ground(),
        reference=reference,
        reference_label=reference_label,
    )
    best = max(rows, key=lambda row: row.now.value or 0.0)
    alt = t(
        "channels.intervals_alt",
        language,
        metric=name,
        channel=channel_name(best.channel, language),
        value=value_text(best.now.value, best.unit, language, best.now.currency),
    )
    st.altair_chart(chart, alt=alt, key=f"intervals_{metric}")


def _trend(seen: Seen, metric: str, span: Period | None, language: str) -> None:
    if span is None:
        st.caption(t("channels.no_dates", language))
        return
    step = one_of(
        "step",
        t("channels.step", language),
        ("week", "month") if (span[1] - span[0]).days <= _WEEKS_UP_TO else ("month", "week"),
        lambda key: t(f"channels.by_{key}", language),
        language=language,
        flat=True,
    )
    filters = replace(seen.filters, start=span[0], end=span[1])
    found = cached.compute((metric,), by=("channel", step), filters=filters, limits=seen.limits)
    dated = _one_grain([value for value in found.values if value.group[step] is not None])
    channels = _busiest(dated)
    if not channels:
        st.caption(t("channels.no_dates", language))
        return
    unit = metric_named(metric).unit
    drawn = [value for value in dated if value.group["channel"] in channels]
    scale = scale_of(unit, [value for value in drawn if value.value is not None])
    name = metric_name(metric, language)
    frame = _steps(drawn, channels, step, span, language)
    for column in ("value", "low", "high"):
        frame[column] = frame[column] * scale.factor
    currency = next((value.currency for value in drawn if value.currency), None)
    chart = trend_chart(
        frame,
        title=t("channels.trend_title", language, metric=inside(name)),
        x_title=t(f"channels.axis_{step}", language),
        y_title=axis_title(name, scale, language, currency),
        lang=language,
        colors={channel or "": channel_color(channel, ground()) for channel in channels},
        tips=tip_titles(language, "label", "start", "value_text", "interval_text", "n_text"),
    )
    alt = _trend_alt(drawn, channels, metric, step, language)
    st.altair_chart(chart, alt=alt, key=f"trend_{metric}")
    notes = [t("channels.hollow", language)] if frame["partial"].any() else []
    if len({value.group["channel"] for value in dated}) > len(channels):
        notes.append(t("channels.most_lines", language, count=_MOST_LINES))
    if notes:
        st.caption(" ".join(notes))


def _one_grain(values: Sequence[Value]) -> list[Value]:
    """For each channel the grain with the most units: two formulas make no one line."""
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
    period: Period,
    language: str,
) -> pd.DataFrame:
    """A row a channel and step; a step without data has nulls, so that the line breaks there."""
    found = {(value.group["channel"], value.group[step]): value for value in values}
    unit = metric_named(values[0].metric).unit
    rows = []
    for channel in channels:
        for start, end in _spans(step, period):
            value = found.get((channel, start.isoformat()))
            texts = (
                texts_of(value, unit, language)
                if value is not None
                else {"value_text": "—", "interval_text": "—", "n_text": "0"}
            )
            rows.append(
                {
                    "key": channel or "",
                    "label": channel_name(channel, language),
                    "date": pd.Timestamp(start),
                    "start": date_text(start, language),
                    "value": value.value if value is not None else None,
                    "low": value.low if value is not None else None,
                    "high": value.high if value is not None else None,
                    "partial": start < period[0] or end > period[1],
                    **texts,
                }
            )
    frame = pd.DataFrame(rows)
    return frame.astype({"value": float, "low": float, "high": float})


def _spans(step: str, period: Period) -> list[tuple[date, date]]:
    """The first and last day of each week or month that the period touches."""
    first, last = period
    start = first - timedelta(days=first.weekday()) if step == "week" else first.replace(day=1)
    spans = []
    while start <= last:
        after = start + timedelta(days=7) if step == "week" else _next_month(start)
        spans.append((start, after - timedelta(days=1)))
        start = after
    return spans


def _next_month(start: date) -> date:
    return (start.replace(day=28) + timedelta(days=4)).replace(day=1)


def _trend_alt(
    values: Sequence[Value], channels: Sequence[str | None], metric: str, step: str, language: str
) -> str:
    """The takeaway: where the largest channel began and where it is."""
    own = [
        value
        for value in values
        if value.group["channel"] == channels[0] and value.value is not None
    ]
    own.sort(key=lambda value: value.group[step] or "")
    first, last = (
        value_text(value.value, metric_named(metric).unit, language, value.currency)
        for value in (own[0], own[-1])
    )
    return t(
        "channels.trend_alt",
        language,
        metric=metric_name(metric, language),
        channel=channel_name(channels[0], language),
        first=first,
        last=last,
    )


def _formula(seen: Seen, metric: str, language: str) -> None:
    """How the number is made: formula, components of each channel, interval, what to beware of."""
    rows = seen.of(metric)
    title = t("channels.formula", language, metric=inside(metric_name(metric, language)))
    with st.expander(title, icon=":material/function:"):
        for place, grain in enumerate(dict.fromkeys(row.now.grain for row in rows)):
            declared = metric_named(metric, grain)
            lines = [
                f"{esc(grain_word(grain, language))}: `{declared.formula}`",
                t(
                    "channels.formula_base",
                    language,
                    base=esc(variant_words(declared.variant, language)),
                ),
                t(f"report.interval.{declared.kind}", language),
                t("channels.minimum_n", language, n=declared.minimum_n),
            ]
            trap = f"metric.{metric}.trap"
            if place == 0 and has(trap, language):
                lines.append(t(trap, language))
            st.markdown("\n".join(f"- {line}" for line in lines))
        st.dataframe(
            pd.DataFrame(
                [
                    {
                        t("channels.channel", language): channel_name(row.channel, language),
                        **{
                            t(f"channels.part.{row.kind}.{name}", language): decimal_text(
                                number, language, 0 if float(number).is_integer() else 2
                            )
                            for name, number in row.now.components.items()
                            if has(f"channels.part.{row.kind}.{name}", language)
                        },
                    }
                    for row in rows
                ]
            ),
            hide_index=True,
            alt=t("channels.parts_alt", language),
        )


def _keys(rows: Sequence[ChannelRow]) -> list[str]:
    """A key a row: the channel, with the grain behind it where a channel stands twice."""
    channels = [row.channel or "unknown" for row in rows]
    return [
        channel if channels.count(channel) == 1 else f"{channel} {row.now.grain}"
        for channel, row in zip(channels, rows, strict=True)
    ]


def _labels(rows: Sequence[ChannelRow], language: str) -> list[str]:
    return [
        channel_name(row.channel, language)
        if " " not in key
        else f"{channel_name(row.channel, language)} ({grain_word(row.now.grain, language)})"
        for key, row in zip(_keys(rows), rows, strict=True)
    ]


def _columns(rows: Sequence[dict[str, str]]) -> dict[str, list[str]]:
    return {name: [row[name] for row in rows] for name in rows[0]}
