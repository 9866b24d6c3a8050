"""A chosen metric by campaign: value, interval and n, the best first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd
import streamlit as st

from crm_metrics.findings.report import ChannelRow
from crm_metrics.findings.sheet import Cell
from crm_metrics.findings.wording import channel_name, inside, metric_name
from crm_metrics.metrics import metric_named
from crm_metrics.metrics.model import Unit, Value
from crm_metrics.texts import t
from crm_metrics.ui import cached
from crm_metrics.ui.channels_data import Seen
from crm_metrics.ui.chart_words import texts_of
from crm_metrics.ui.state import engine
from crm_metrics.ui.widgets import download_table

_BY = ("channel", "campaign_name")
_NUMBERS = ("metric", "value", "low", "high", "n")


def campaigns_of(seen: Seen, rows: Sequence[ChannelRow], language: str) -> None:
    """Draw the campaigns of the metric of `rows`, with the same formula, where there are some."""
    metric, unit = rows[0].metric, rows[0].unit
    found = _ranked(seen, rows)
    if len(found) < 2:
        return
    name = metric_name(metric, language)
    st.subheader(t("channels.campaigns_title", language, metric=inside(name)))
    titles = [
        t(f"channels.{key}", language) for key in ("campaign", "channel", "value", "likely_between")
    ]
    frame = pd.DataFrame([_row(value, unit, language) for value in found], columns=[*titles, "n"])
    right = {title: st.column_config.TextColumn(alignment="right") for title in [*titles[2:], "n"]}
    best = frame.iloc[0]
    st.dataframe(
        frame,
        hide_index=True,
        column_config={titles[0]: st.column_config.TextColumn(pinned=True), **right},
        alt=t(
            "channels.campaigns_alt",
            language,
            metric=name,
            campaign=best[titles[0]],
            value=best[titles[2]],
        ),
        key=f"campaigns_{metric}",
    )
    least = metric_named(metric, found[0].grain).minimum_n
    if any(value.n < least for value in found):
        st.caption(t("channels.campaigns_few", language, n=least))
    download_table(
        [t(f"channels.{key}", language) for key in ("campaign", "channel")]
        + [
            t(f"channels.column.{key}", language) for key in ("metric", "value", "low", "high", "n")
        ],
        lambda: _tidy(found, name, language),
        language,
        name="campaigns",
        key="campaigns_download",
    )


def _ranked(seen: Seen, rows: Sequence[ChannelRow]) -> list[Value]:
    """Values by channel and campaign, those on too few units last."""
    metric, variant = rows[0].metric, rows[0].now.variant
    grains = {row.now.grain for row in rows}
    if not any("campaign_name" in engine().mapped(grain) for grain in grains):
        return []
    result = cached.compute((metric,), by=_BY, filters=seen.filters, limits=seen.limits)
    named = [
        value
        for value in result.values  # noqa: PD011 - no frame
        if value.value is not None and value.variant == variant and value.group["campaign_name"]
    ]
    sign = -1 if rows[0].direction != "down" else 1
    return sorted(
        named,
        key=lambda one: (
            one.n < metric_named(metric, one.grain).minimum_n,
            sign * (one.value or 0.0),
        ),
    )


def _row(value: Value, unit: Unit, language: str) -> list[str]:
    texts = texts_of(value, unit, language)
    return [
        str(value.group["campaign_name"]),
        channel_name(value.group["channel"], language),
        texts["value_text"],
        texts["interval_text"],
        texts["n_text"],
    ]


def _tidy(values: Sequence[Value], name: str, language: str) -> Iterator[Sequence[Cell]]:
    """A row a campaign, numbers as they are: rates as fractions, durations in seconds."""
    for value in values:
        yield (
            value.group["campaign_name"],
            channel_name(value.group["channel"], language),
            name,
            value.value,
            value.low,
            value.high,
            value.n,
        )
