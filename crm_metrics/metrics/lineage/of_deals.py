"""The lines behind the stages of deals, their forecast, its past error, and coverage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np

from crm_metrics.metrics.deals.backtest import backtest, open_at
from crm_metrics.metrics.deals.book import GRAIN, Book, Bools, book
from crm_metrics.metrics.deals.forecast import chances_of, forecast
from crm_metrics.metrics.deals.stages import Funnel, departed, funnel, passed
from crm_metrics.metrics.ground import Engine
from crm_metrics.metrics.intervals import Floats
from crm_metrics.metrics.lineage.asking import Behind, Counted, Source
from crm_metrics.metrics.lineage.given import of_arrays
from crm_metrics.metrics.model import Value

_FIELDS = frozenset({"deal_id", "stage", "status", "amount", "created_at", "closed_at"})


def of_deals(engine: Engine, value: Value, behind: Behind) -> Iterator[tuple[str, Source]]:
    """The components of a number of deals, each deal with what it adds."""
    filters, key = behind.filters, value.metric
    if key == "pipeline_coverage":
        whole = replace(filters, start=None, end=None)
        yield "pipeline", Counted("pipeline", GRAIN, "sum", whole)
        yield "won", Counted("won_amount", GRAIN, "sum", filters)
        return
    deals = book(engine, filters)
    if deals is None:
        return
    known = funnel(deals, behind.stages)
    if key == "stage_conversion":
        yield from _of_stage(deals, known, value)
    elif key == "forecast_wape":
        yield from _of_past(deals, known, value)
    else:
        yield from _ahead(deals, known, value)


def _of_stage(deals: Book, known: Funnel, value: Value) -> Iterator[tuple[str, Source]]:
    place = known.names.index(str(value.group["stage"]))
    reached, later = passed(deals, known.names, place, known.told)
    left = departed(deals, reached, later)
    yield "left_stage", _shares(deals, left, later)


def _ahead(deals: Book, known: Funnel, value: Value) -> Iterator[tuple[str, Source]]:
    each = chances_of(deals, known)
    if each is None:
        return
    in_money = value.metric == "forecast_weighted"
    expected = np.zeros(len(deals.amount))
    expected[deals.is_open] = each.own
    rows = deals.is_open & np.isfinite(deals.amount) if in_money else deals.is_open
    yield "expected", _some(deals, rows, expected * deals.amount if in_money else expected)
    if each.rule != "file":
        yield "decided", _shares(deals, ~deals.is_open, deals.is_won)


def _of_past(deals: Book, known: Funnel, value: Value) -> Iterator[tuple[str, Source]]:
    """What was open at the ends of months and won later, each time that it was."""
    found = backtest(deals, forecast(deals, known))
    times = np.zeros(len(deals.amount))
    opened = np.zeros(len(deals.amount))
    for month in found.months:
        was_open = open_at(deals, np.datetime64(month.day, "D"))
        opened += was_open
        times += was_open & deals.is_won
    worth = np.ones(len(times)) if value.variant == "of_deals" else np.nan_to_num(deals.amount)
    yield "came", _some(deals, times > 0, times * worth)
    yield "were_open", _some(deals, opened > 0, opened)


def _shares(deals: Book, rows: Bools, counts: Bools) -> Source:
    return _some(deals, rows, counts.astype(float), np.ones(len(counts)))


def _some(deals: Book, rows: Bools, y: Floats, x: Floats | None = None) -> Source:
    places = deals.files[rows], deals.lines[rows]
    return partial(of_arrays, places, y[rows], None if x is None else x[rows], _FIELDS)
