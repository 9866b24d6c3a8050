"""A chosen metric in detail: channels with intervals, its course, and how it is counted."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from crm_metrics.charts import channel_color, interval_chart
from crm_metrics.findings.report import ChannelRow, Period
from crm_metrics.findings.wording import channel_name, inside, metric_name
from crm_metrics.metrics import metric_named
from crm_metrics.texts import decimal_text, has, t, value_text
from crm_metrics.ui.channels_campaigns import campaigns_of
from crm_metrics.ui.channels_data import Seen, together
from crm_metrics.ui.channels_notes import variant_words
from crm_metrics.ui.channels_trend import step_choice, trend_of
from crm_metrics.ui.channels_view import place_of
from crm_metrics.ui.chart_words import axis_title, scale_of, scaled, texts_of, tip_titles
from crm_metrics.ui.escape import esc
from crm_metrics.ui.filters import one_of
from crm_metrics.ui.theme import ground
from crm_metrics.ui.words import grain_word

_APART = ":"  # between a metric and its variant in the address


def metric_section(seen: Seen, span: Period | None, language: str) -> None:
    """Draw the chosen metric: its chart of channels, its trend over `span`, and its formula.

    Values are drawn beside each other only where their formula has the same base.
    """
    options = _options(seen)
    if not options:
        return
    st.header(t("channels.metric_title", language))
    with st.container(horizontal=True, vertical_alignment="bottom", key="metric_bar"):
        chosen = one_of(
            "metric",
            t("channels.metric", language),
            options,
            lambda key: _option_words(key, seen, language),
            language=language,
        )
        step = step_choice(span, language)
    metric, variant = chosen.split(_APART)
    rows = [row for row in seen.of(metric) if row.now.variant == variant]
    left, right = st.columns(2, gap="large")
    with left:
        _intervals(seen, rows, language)
    with right:
        trend_of(seen, rows, span, step, language)
    campaigns_of(seen, rows, language)
    _formula(rows, language)


def _options(seen: Seen) -> list[str]:
    """Metrics by the base of their formula: comparable ones first, by what is asked first."""
    counts: dict[str, int] = {}
    for row in seen.rows:
        if row.now.value is not None and row.kind != "total":
            key = f"{row.metric}{_APART}{row.now.variant}"
            counts[key] = counts.get(key, 0) + 1
    return sorted(
        counts, key=lambda key: (-min(counts[key], 2), place_of(key.partition(_APART)[0]))
    )


def _option_words(key: str, seen: Seen, language: str) -> str:
    metric, variant = key.split(_APART)
    name = metric_name(metric, language)
    if len({row.now.variant for row in seen.of(metric)}) == 1:
        return name
    return f"{name} ({variant_words(variant, language)})"


def _intervals(seen: Seen, rows: Sequence[ChannelRow], language: str) -> None:
    metric, unit, currency = rows[0].metric, rows[0].unit, rows[0].now.currency
    name = metric_name(metric, language)
    scale = scale_of(unit, [row.now for row in rows])
    frame = pd.DataFrame(
        [
            {
                "key": key,
                "label": _label(key, row, language),
                "value": scaled(row.now.value, scale),
                "low": scaled(row.now.low, scale),
                "high": scaled(row.now.high, scale),
                **texts_of(row.now, unit, language),
            }
            for key, row in zip(_keys(rows), rows, strict=True)
        ]
    )
    reference, reference_label = None, ""
    pooled = [
        row.now for row in together(seen, (metric,))[metric] if row.now.grain == rows[0].now.grain
    ]
    if len(rows) > 1 and len({row.now.grain for row in rows}) == 1 and pooled:
        reference = scaled(pooled[0].value, scale)
        shown = value_text(pooled[0].value, unit, language, currency)
        reference_label = t("channels.together", language, value=shown)
    chart = interval_chart(
        frame,
        title=t("channels.intervals_title", language, metric=inside(name)),
        x_title=axis_title(name, scale, language, currency),
        lang=language,
        colors={
            key: channel_color(row.channel, ground())
            for key, row in zip(frame["key"], rows, strict=True)
        },
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
        value=value_text(best.now.value, unit, language, currency),
    )
    st.altair_chart(chart, alt=alt, key=f"intervals_{metric}")


def _formula(rows: Sequence[ChannelRow], language: str) -> None:
    """How the number is made: formula, components of each channel, interval, what to beware of."""
    metric = rows[0].metric
    title = t("channels.formula", language, metric=inside(metric_name(metric, language)))
    with st.expander(title, icon=":material/function:"):
        lines = []
        for grain in dict.fromkeys(row.now.grain for row in rows):
            declared = metric_named(metric, grain)
            lines += [
                f"{esc(grain_word(grain, language))}: `{declared.formula}`",
                t(
                    "channels.formula_base",
                    language,
                    base=variant_words(declared.variant, language),
                ),
                t(f"report.interval.{declared.kind}", language),
                t("channels.minimum_n", language, n=declared.minimum_n),
            ]
        trap = f"metric.{metric}.trap"
        lines += [t(trap, language)] if has(trap, language) else []
        st.markdown("\n".join(f"- {line}" for line in dict.fromkeys(lines)))
        st.table(
            pd.DataFrame([_components(row, language) for row in rows]).set_index(
                t("channels.channel", language)
            ),
            border="horizontal",
            width="content",
            alt=t("channels.parts_alt", language),
        )


def _components(row: ChannelRow, language: str) -> dict[str, str]:
    parts = {
        t(f"channels.part.{row.kind}.{name}", language): decimal_text(
            number, language, 0 if float(number).is_integer() else 2
        )
        for name, number in row.now.components.items()
        if has(f"channels.part.{row.kind}.{name}", language)
    }
    return {t("channels.channel", language): esc(channel_name(row.channel, language)), **parts}


def _keys(rows: Sequence[ChannelRow]) -> list[str]:
    """A key a row: the channel, with the grain behind it where a channel stands twice."""
    channels = [row.channel or "unknown" for row in rows]
    return [
        channel if channels.count(channel) == 1 else f"{channel} {row.now.grain}"
        for channel, row in zip(channels, rows, strict=True)
    ]


def _label(key: str, row: ChannelRow, language: str) -> str:
    name = channel_name(row.channel, language)
    return (
        f"{name} ({grain_word(row.now.grain, language)})"
        if key.endswith(f" {row.now.grain}")
        else name
    )
