"""A chart with its table and download beside it: what is drawn can be read and taken away."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ParamSpec

import pandas as pd
import streamlit as st
from altair.utils import schemapi

from crm_metrics.findings.wording import metric_name
from crm_metrics.metrics.model import Unit, Value
from crm_metrics.texts import t
from crm_metrics.ui.chart_words import texts_of
from crm_metrics.ui.remembered import remembered
from crm_metrics.ui.widgets import download_table

if TYPE_CHECKING:
    from altair import Chart, LayerChart

    from crm_metrics.findings.sheet import Cell

schemapi.disable_debug_mode()

Spec = dict[str, Any]
_P = ParamSpec("_P")
_COLUMNS = ("metric", "value", "low", "high", "n", "denominator")


@dataclass(frozen=True, slots=True)
class Lines:
    """What a chart draws, a line a mark: `shown` as it is read, `cells` as it is computed with."""

    titles: tuple[str, ...]
    shown: tuple[tuple[str, ...], ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[Cell, ...], ...]


def value_lines(
    named: Sequence[tuple[tuple[str, ...], Value]],
    label_titles: tuple[str, ...],
    unit: Unit,
    language: str,
) -> Lines:
    """A line a value under its labels: value, interval and n; shares as fractions in `cells`."""
    shown = []
    for labels, value in named:
        texts = texts_of(value, unit, language)
        shown.append((*labels, texts["value_text"], texts["interval_text"], texts["n_text"]))
    return Lines(
        titles=(
            *label_titles,
            t("channels.value", language),
            t("channels.likely_between", language),
            "n",
        ),
        shown=tuple(shown),
        columns=value_columns(label_titles, language),
        cells=tuple(value_cells(named, language)),
    )


def value_columns(label_titles: tuple[str, ...], language: str) -> tuple[str, ...]:
    """The columns of values to take away, after those of their labels."""
    return (*label_titles, *(t(f"channels.column.{name}", language) for name in _COLUMNS))


def value_cells(
    named: Sequence[tuple[tuple[str, ...], Value]], language: str
) -> Iterator[tuple[Cell, ...]]:
    """A line a value under `value_columns`, shares as fractions."""
    for labels, value in named:
        name, n = metric_name(value.metric, language), None if value.is_stated else value.n
        yield (*labels, name, value.value, value.low, value.high, n, value.base)


def spec_of(make: Callable[_P, Chart | LayerChart], /, *args: _P.args, **kwargs: _P.kwargs) -> Spec:
    """The Vega-Lite specification of the chart that `make` gives, remembered by its arguments.

    It is not held against Vega-Lite's schema, which takes half of the time: tests draw every chart
    with the check on.
    """
    return remembered(_specified, make, *args, **kwargs)


def _specified(
    make: Callable[_P, Chart | LayerChart], /, *args: _P.args, **kwargs: _P.kwargs
) -> Spec:
    return make(*args, **kwargs).to_dict(validate=False)


def charted(
    chart: Spec, lines: Callable[[], Lines], language: str, *, alt: str, key: str, name: str
) -> None:
    """Draw the chart, and under it a button that opens its table and the download."""
    with st.container(gap="xsmall", key=f"{key}_charted"):
        st.vega_lite_chart(chart, alt=alt, key=key)
        beside(lines, language, key=key, name=name)


def beside(made: Callable[[], Lines], language: str, *, key: str, name: str) -> None:
    """The button with the table and the download; `made` gives the lines once it is opened."""
    folded = st.popover(
        t("channels.as_table", language),
        icon=":material/table_chart:",
        type="tertiary",
        on_change="rerun",
        key=f"{key}_beside",
    )
    if not folded.open:
        return
    lines = made()
    with folded:
        frame = pd.DataFrame(list(lines.shown), columns=_unique(lines.titles))
        numbers = [title for title in frame.columns if title not in lines.columns]
        right = {title: st.column_config.TextColumn(alignment="right") for title in numbers}
        st.dataframe(frame, hide_index=True, column_config=right, key=f"{key}_lines")
        download_table(
            lines.columns, lambda: lines.cells, language, name=name, key=f"{key}_download"
        )


def _unique(titles: Sequence[str]) -> list[str]:
    """A data frame needs names of its own for each column."""
    return [
        title if title not in titles[:place] else f"{title} ({place})"
        for place, title in enumerate(titles)
    ]
