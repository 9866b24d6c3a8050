"""What to compare a metric with: the own typical campaign, then published numbers."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from crm_metrics.findings.references import (
    base_text,
    coded,
    history_text,
    kind_text,
    number_text,
    published_by,
    segment_text,
)
from crm_metrics.findings.report import ChannelRow
from crm_metrics.findings.wording import bound_text, channel_name, inside, metric_name
from crm_metrics.metrics.combining.adding import MESSAGE_GRAINS
from crm_metrics.metrics.references import Benchmark, History, benchmarks_of, own_history
from crm_metrics.texts import t, value_text
from crm_metrics.ui import cached
from crm_metrics.ui.escape import esc
from crm_metrics.ui.metrics.data import Seen

_OWN = ("channel", "kind", "median", "half", "campaigns")
_PUBLIC = ("value", "aggregator", "segment", "source", "year", "quality", "base")


def references_of(seen: Seen, rows: Sequence[ChannelRow], language: str) -> None:
    """Draw the typical campaigns of the metric of `rows`, and published numbers of it."""
    st.subheader(t("references.of", language, metric=inside(metric_name(rows[0].metric, language))))
    sent = rows[0].now.grain in MESSAGE_GRAINS  # only mailings have a typical campaign
    st.caption(t("references.lead" if sent else "references.lead_published", language))
    if sent:
        _own(seen, rows[0], language)
    _published(rows, language)


def _own(seen: Seen, row: ChannelRow, language: str) -> None:
    st.markdown(f"**{t('references.own', language)}**")
    before = seen.period[0] if seen.period and seen.before else None
    found = cached.asked(own_history, (row.metric,), before=before, filters=seen.filters)
    whole = [one for one in found if one.lacking == 0]
    if whole:
        titles = [t(f"references.column.{name}", language) for name in _OWN]
        frame = pd.DataFrame([_own_cells(one, row, language) for one in whole], columns=titles)
        alt = t("references.history_alt", language, count=len(whole))
        st.table(frame.map(esc), border="horizontal", hide_index=True, alt=alt)
    lines = [
        f"{channel_name(one.channel, language)}. {history_text(one, row.unit, language)}"
        for one in found
        if one.lacking
    ]
    if not found:
        lines = [t("references.no_history", language)]
    for line in lines:
        st.caption(esc(line))


def _own_cells(history: History, row: ChannelRow, language: str) -> list[str]:
    ends = [
        bound_text(end or 0.0, history.median, row.unit, language, history.currency)
        for end in (history.low, history.high)
    ]
    return [
        channel_name(history.channel, language),
        kind_text(history, language),
        value_text(history.median, row.unit, language, history.currency),
        t("references.range", language, low=ends[0], high=ends[1]),
        str(history.campaigns),
    ]


def _published(rows: Sequence[ChannelRow], language: str) -> None:
    st.markdown(f"**{t('references.published', language)}**")
    channels = {row.channel for row in rows}
    found = [one for one in benchmarks_of(rows[0].metric) if one.channel in {"", *channels}]
    if not found:
        st.caption(t("references.none", language))
        return
    titles = [t(f"references.column.{name}", language) for name in _PUBLIC]
    by_channel = {row.channel: row for row in rows}
    frame = pd.DataFrame(
        [_cells(one, by_channel.get(one.channel, rows[0]), language) for one in found],
        columns=titles,
    )
    name = metric_name(rows[0].metric, language)
    st.table(
        frame,
        border="horizontal",
        hide_index=True,
        alt=t("references.table_alt", language, metric=name, count=len(found)),
    )


def _cells(benchmark: Benchmark, row: ChannelRow, language: str) -> list[str]:
    source = esc(published_by(benchmark, language))
    texts = [
        number_text(benchmark, row.unit, language),
        coded("aggregator", benchmark.aggregator, language),
        segment_text(benchmark, language),
        f"[{source}]({benchmark.url})" if benchmark.url else source,
        str(benchmark.year),
        coded("quality", benchmark.quality, language),
        base_text(benchmark, row.now, language),
    ]
    return [text if at == _PUBLIC.index("source") else esc(text) for at, text in enumerate(texts)]
