"""One table of channels and metrics: value, interval and n in a cell, and why a cell is empty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from crm_metrics.findings.report import ChannelRow
from crm_metrics.findings.sheet import Cell
from crm_metrics.findings.wording import channel_name, field_name, flags_text, metric_name, n_text
from crm_metrics.metrics.scores import NOT_GRADES
from crm_metrics.texts import t, value_text
from crm_metrics.ui.escape import esc
from crm_metrics.ui.filters import one_of
from crm_metrics.ui.metrics.data import Seen
from crm_metrics.ui.metrics.notes import reason_words
from crm_metrics.ui.metrics.opening import open_one_of
from crm_metrics.ui.metrics.view import range_words
from crm_metrics.ui.widgets import download_table
from crm_metrics.ui.words import grain_word, variant_words

_FIT = 7  # metrics beside the channel before the table scrolls
_FIXED = "\N{NO-BREAK SPACE}"  # a number, its unit and its interval stay on one line
_RIGHT = "text-align: right !important"


@dataclass(frozen=True, slots=True)
class _Column:
    """A metric, and its grain where some channel has the metric in two grains."""

    metric: str
    grain: str | None = None

    def holds(self, row: ChannelRow) -> bool:
        return row.metric == self.metric and self.grain in (None, row.now.grain)


def channels_table(seen: Seen, language: str) -> None:
    """Draw the table, and under it what opens one of its numbers and downloads them all."""
    with st.container(
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
        key="table_bar",
    ):
        st.header(t("channels.table_title", language), width="content")
        columns = _chosen(_columns(seen), language)
    channels = list(dict.fromkeys(row.channel for row in seen.rows))
    cells = {
        (row.channel, column): row for row in seen.rows for column in columns if column.holds(row)
    }
    shown = [
        channel for channel in channels if any((channel, column) in cells for column in columns)
    ]
    frame = pd.DataFrame(
        [
            [
                _cell(row, seen, language)
                if (row := cells.get((channel, column)))
                else _lacking(channel, column, seen, language)
                for column in columns
            ]
            for channel in shown
        ],
        index=pd.Index(
            [_name(channel, language) for channel in shown],
            name=t("channels.channel", language),
        ),
        columns=[_heading(column, language) for column in columns],
    )
    right = frame.style.set_table_styles([{"selector": "th.col_heading", "props": _RIGHT}])
    st.table(
        right.map(lambda _: _RIGHT), border="horizontal", alt=t("channels.table_alt", language)
    )
    notes = _notes(frame, channels, shown, language)
    if notes:
        st.caption(" ".join(notes))
    named = {
        channel: {
            _plain(column, language): row
            for column in columns
            if (row := cells.get((channel, column))) and row.now.value is not None
        }
        for channel in shown
    }
    with st.container(horizontal=True, vertical_alignment="bottom", key="table_actions"):
        open_one_of({channel: rows for channel, rows in named.items() if rows}, seen, language)
        download_rows(seen.rows, language, name="channels")


def download_rows(rows: Sequence[ChannelRow], language: str, *, name: str) -> None:
    """A button for a CSV with a row a channel and metric; no channel column for all together."""
    whole = all(not row.now.group for row in rows)
    first = 1 if whole else 0
    download_table(
        [t(f"channels.column.{column}", language) for column in _COLUMNS[first:]],
        lambda: (line[first:] for line in _tidy(rows, language)),
        language,
        name=name,
        key=f"{name}_download",
    )


def _notes(
    frame: pd.DataFrame,
    channels: Sequence[str | None],
    shown: Sequence[str | None],
    language: str,
) -> list[str]:
    """What an empty cell means, and which channels are not in the table."""
    notes = []
    if any("—" in list(frame[name]) for name in frame.columns):
        notes.append(t("channels.dash", language))
    if None in shown and len(shown) > 1:
        notes.append(t("channels.unknown_channel", language))
    if len(shown) < len(channels):
        rest = ", ".join(channel_name(one, language) for one in channels if one not in shown)
        notes.append(t("channels.only_all", language, channels=esc(rest, limit=300)))
    return notes


def _columns(seen: Seen) -> list[_Column]:
    """Metrics with a value somewhere, ranked; totals last."""
    columns = []
    for metric in seen.metrics:
        rows = seen.of(metric)
        twice = max(Counter(row.channel for row in rows).values()) > 1
        grains = dict.fromkeys(row.now.grain for row in rows)
        columns += [_Column(metric, grain) for grain in grains] if twice else [_Column(metric)]
    return sorted(columns, key=lambda column: _weight(column, seen))


def _chosen(columns: list[_Column], language: str) -> list[_Column]:
    """The first of the metrics, so many as fit without a scroll, or all."""
    main = columns[:_FIT]
    if len(main) == len(columns):
        return main
    counts = {"main": len(main), "all": len(columns)}
    view = one_of(
        "table",
        t("channels.table_view", language),
        tuple(counts),
        lambda key: t(f"channels.table_{key}", language, count=counts[key]),
        language=language,
        flat=True,
        named=False,
    )
    return main if view == "main" else columns


def _weight(column: _Column, seen: Seen) -> tuple[int, ...]:
    """Totals last; else by the channels that share the metric with one formula."""
    rows = [row for row in seen.of(column.metric) if column.holds(row)]
    alike = [row for row in rows if row.now.variant == seen.usual(column.metric)]
    return any(row.kind == "total" for row in rows), *seen.rank(column.metric, alike)


def _name(channel: str | None, language: str) -> str:
    return esc(channel_name(channel, language), limit=60).replace(" ", _FIXED)


def _heading(column: _Column, language: str) -> str:
    return esc(_plain(column, language))


def _plain(column: _Column, language: str) -> str:
    name = metric_name(column.metric, language)
    return f"{name} · {grain_word(column.grain, language)}" if column.grain else name


def _lacking(channel: str | None, column: _Column, seen: Seen, language: str) -> str:
    """The column that the channel's data would need; a dash where the metric is not of its kind."""
    own = {row.now.grain for row in seen.rows if row.channel == channel}
    needs = next(
        (
            one.needs
            for one in seen.missing
            if one.metric == column.metric and one.grain in own and one.needs
        ),
        (),
    )
    if not needs:
        return "—"
    name = t("channels.needed", language, name=field_name(needs[0], language))
    reason = esc(t("channels.no_column", language, name=name), limit=90)
    return f"{t('channels.na', language)}  \n:small[:gray[{reason}]]"


def _cell(row: ChannelRow, seen: Seen, language: str) -> str:
    """Three lines of markdown: the value, its interval, its n."""
    value = row.now
    if value.value is None and NOT_GRADES in value.flags:
        return "—"  # the metric has no place there, as a note says
    if value.value is None:
        reason = esc(reason_words(value.flags[:1], language), limit=90)
        return f"{t('channels.na', language)}  \n:small[:gray[{reason}]]"
    other = value.variant != seen.usual(row.metric)
    notes = [
        t("channels.other_base", language) if other else "",
        range_words(value, row.unit, language),
        t("channels.n", language, n=n_text(value, language)),
    ]
    lines = [f"**{esc(value_text(value.value, row.unit, language, value.currency))}**"]
    lines += [f":small[:gray[{esc(note)}]]" for note in notes if note]
    # A denominator may go to a line of its own: the table has many columns.
    fixed = (line.replace(" ", _FIXED).replace(f",{_FIXED}", ", ") for line in lines)
    return "  \n".join(fixed)


_COLUMNS = (
    "channel",
    "metric",
    "value",
    "low",
    "high",
    "n",
    "denominator",
    "before",
    "change",
    "variant",
    "flags",
)


def _tidy(rows: Sequence[ChannelRow], language: str) -> Iterator[Sequence[Cell]]:
    """A row a channel and metric, numbers as they are: rates as fractions, durations in seconds."""
    for row in rows:
        yield (
            channel_name(row.channel, language),
            metric_name(row.metric, language),
            row.now.value,
            row.now.low,
            row.now.high,
            row.now.n,
            row.now.base,
            row.before.value if row.before else None,
            row.shift.value if row.shift else None,
            variant_words(row.now.variant, language),
            "; ".join(flags_text(row.now, language)),
        )
