"""One table of channels and metrics: value, interval and n in a cell, and why a cell is empty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import pandas as pd
import streamlit as st

from crm_metrics.findings.csv_file import Cell
from crm_metrics.findings.report import ChannelRow
from crm_metrics.findings.wording import channel_name, field_name, metric_name
from crm_metrics.metrics.model import Missing
from crm_metrics.texts import has, integer_text, t, value_text
from crm_metrics.ui.channels_data import Seen
from crm_metrics.ui.channels_view import interval_words, reason_words
from crm_metrics.ui.escape import esc
from crm_metrics.ui.filters import one_of
from crm_metrics.ui.widgets import download_table
from crm_metrics.ui.words import grain_word

_ROW_HEIGHT = 62
_HEADER_HEIGHT = 38
_MOST_ROWS = 9


def channels_table(seen: Seen, language: str) -> None:
    """Draw the table, its notes on formulas and gaps, and the button that downloads it."""
    columns = _chosen(_columns(seen), seen, language)
    channels = list(dict.fromkeys(row.channel for row in seen.rows))
    cells = {(row.channel, _column(row, columns)): row for row in seen.rows}
    usual = {column: _usual(seen.rows, column) for column in columns}
    frame = pd.DataFrame(
        [
            [channel_name(channel, language)]
            + [_cell(cells.get((channel, column)), usual[column], language) for column in columns]
            for channel in channels
        ],
        columns=["channel", *(f"m{place}" for place in range(len(columns)))],
    )
    config = {"channel": st.column_config.TextColumn(t("channels.channel", language), pinned=True)}
    for place, column in enumerate(columns):
        config[f"m{place}"] = st.column_config.TextColumn(
            metric_name(column, language),
            help=_meaning(column, language),
            alignment="right",
            width=190,
        )
    st.dataframe(
        frame,
        column_config=config,
        hide_index=True,
        row_height=_ROW_HEIGHT,
        height=_HEADER_HEIGHT + _ROW_HEIGHT * min(max(len(channels), 1), _MOST_ROWS) + 2,
        alt=t("channels.table_alt", language),
        key="channels_table",
    )
    _notes(seen, usual, language)
    download_table(
        [t(f"channels.column.{name}", language) for name in _COLUMNS],
        lambda: _tidy(seen, language),
        language,
        name="channels",
        key="channels_download",
    )


def _columns(seen: Seen) -> list[str]:
    """Metrics with a value somewhere: those that most channels share first, totals last."""
    counts = Counter(row.metric for row in seen.rows if row.now.value is not None)
    totals = {row.metric for row in seen.rows if row.kind == "total"}
    return sorted(seen.metrics, key=lambda key: (key in totals, -counts[key]))


def _chosen(columns: list[str], seen: Seen, language: str) -> list[str]:
    """Metrics of at least two channels, or all; the choice is offered only where they differ."""
    shared = [column for column in columns if len({row.channel for row in seen.of(column)}) > 1]
    if not shared or len(shared) == len(columns):
        return columns
    view = one_of(
        "table",
        t("channels.table_view", language),
        ("shared", "all"),
        lambda key: t(
            f"channels.table_{key}", language, count=len(shared if key == "shared" else columns)
        ),
        language=language,
        flat=True,
    )
    return shared if view == "shared" else columns


def _column(row: ChannelRow, columns: Sequence[str]) -> str | None:
    return row.metric if row.metric in columns else None


def _usual(rows: Sequence[ChannelRow], metric: str) -> tuple[str, str]:
    """The formula variant and grain of most channels' values of a metric."""
    found = Counter((row.now.variant, row.now.grain) for row in rows if row.metric == metric)
    return found.most_common(1)[0][0]


def _cell(row: ChannelRow | None, usual: tuple[str, str], language: str) -> str:
    if row is None:
        return "—"
    value = row.now
    if value.value is None:
        return f"{t('channels.na', language)}\n{reason_words(value.flags[:1], language)}"
    shown = value_text(value.value, row.unit, language, value.currency)
    if value.variant != usual[0]:
        shown += f" {t('channels.other_base', language)}"
    base = t("channels.n", language, n=integer_text(value.n, language))
    return "\n".join(
        line for line in (shown, interval_words(value, row.unit, language), base) if line
    )


def _meaning(metric: str, language: str) -> str | None:
    key = f"metric.{metric}.help"
    return t(key, language) if has(key, language) else None


def _notes(seen: Seen, usual: dict[str, tuple[str, str]], language: str) -> None:
    """Other formula bases, doubts about values, and metrics that the data can't give."""
    other = [row for row in seen.rows if row.metric in usual and row.now.value is not None]
    other = [row for row in other if row.now.variant != usual[row.metric][0]]
    lines = [
        t(
            "channels.other_base_note",
            language,
            metric=esc(metric_name(row.metric, language)),
            channel=esc(channel_name(row.channel, language)),
            base=esc(variant_words(row.now.variant, language)),
            usual=esc(variant_words(usual[row.metric][0], language)),
        )
        for row in other
    ]
    flags = list(dict.fromkeys(flag for row in seen.rows for flag in row.now.flags))
    doubts = [(flag, [row for row in seen.rows if flag in row.now.flags]) for flag in flags]
    lines += [_doubt(flag, rows, language) for flag, rows in doubts]
    if lines:
        with st.expander(t("channels.notes", language, count=len(lines)), icon=":material/info:"):
            st.markdown("\n".join(f"- {line}" for line in lines))
    if seen.missing:
        title = t("channels.missing", language, count=len(seen.missing))
        with st.expander(title, icon=":material/extension:"):
            st.markdown("\n".join(f"- {_lacks(missing, language)}" for missing in seen.missing))


def _doubt(flag: str, rows: Sequence[ChannelRow], language: str) -> str:
    named = [
        f"{channel_name(row.channel, language)} — {metric_name(row.metric, language)}"
        for row in rows
    ]
    shown = "; ".join(dict.fromkeys(named))
    return f"{esc(reason_words((flag,), language))}: {esc(shown, limit=300)}"


def _lacks(missing: Missing, language: str) -> str:
    needs = ", ".join(f"«{field_name(need, language)}»" for need in missing.needs)
    return t(
        "channels.missing_line",
        language,
        metric=esc(metric_name(missing.metric, language)),
        grain=esc(grain_word(missing.grain, language)),
        needs=esc(needs),
    )


def variant_words(variant: str, language: str) -> str:
    """The base of a formula in words, the code where it has none."""
    key = f"variant.{variant}"
    return t(key, language) if has(key, language) else variant


_COLUMNS = (
    "channel",
    "metric",
    "value",
    "low",
    "high",
    "n",
    "before",
    "change",
    "variant",
    "flags",
)


def _tidy(seen: Seen, language: str) -> Iterator[tuple[Cell, ...]]:
    """A row a channel and metric, numbers as they are: rates as fractions, durations in seconds."""
    for row in seen.rows:
        yield (
            channel_name(row.channel, language),
            metric_name(row.metric, language),
            row.now.value,
            row.now.low,
            row.now.high,
            row.now.n,
            row.before.value if row.before else None,
            row.shift.value if row.shift else None,
            variant_words(row.now.variant, language),
            reason_words(row.now.flags, language),
        )
