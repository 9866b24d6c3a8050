"""How far off the same forecast would have been at past ends of months."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from crm_metrics.metrics.deals.book import Book, Bools, Days
from crm_metrics.metrics.deals.forecast import Forecast, forecast
from crm_metrics.metrics.derived import worked_out
from crm_metrics.metrics.model import Value

LEAST_MONTHS = 3
MOST_UNDECIDED = 0.2
_MOST_UNCLOSED = 0.05


@dataclass(frozen=True, slots=True)
class Foreseen:
    """At the end of a month: what the deals open then were forecast to bring, and what they did.

    Both are amounts, or numbers of deals where there are no amounts; `undecided` of `open` deals
    are open to this day.
    """

    day: date
    forecast: float
    came: float
    open: int
    undecided: int


@dataclass(frozen=True, slots=True)
class Backtest:
    """The error of past forecasts, sum |forecast - came| / sum came, and the months behind it.

    `value` is None where there is none: `refused` says why. `bias` is the sum of forecasts over
    what came, less 1.
    """

    value: Value
    months: tuple[Foreseen, ...]
    refused: str | None
    bias: float | None


def backtest(deals: Book, now: Forecast | None) -> Backtest:
    """The rule of today's forecast asked at each end of a month, of what was known by then.

    Refused: no forecast; chances that the file states ("past_chances_unknown"), or of stages whose
    days are not known ("past_stages_unknown"); decided deals without closing dates
    ("closings_unknown"); under three ends of months of which four fifths of the deals open then are
    decided by now, the others having brought nothing so far ("short_past"); nothing won
    ("nothing_came"). Amounts are those of today: what they were then no file tells.
    """
    refused = _refused(deals, now)
    by_deal = not (now and now.amount and now.amount.value is not None)
    months = () if refused else _months(deals, now, in_deals=by_deal)
    forecasts = sum(one.forecast for one in months)
    came = sum(one.came for one in months)
    if not refused and len(months) < LEAST_MONTHS:
        refused = "short_past"
    if not refused and not came:
        refused = "nothing_came"
    variant = "of_deals" if by_deal else "of_amounts"
    parts = {"forecast": forecasts, "came": came}
    if refused:
        value = worked_out("forecast_wape", parts, variant=variant, flags=(refused,))
        return Backtest(value, months, refused, None)
    off = sum(abs(one.forecast - one.came) for one in months)
    parts["n"] = float(len(months))
    value = worked_out(
        "forecast_wape", parts, (off / came, None, None), variant=variant, flags=("months_overlap",)
    )
    return Backtest(value, months, None, forecasts / came - 1)


def _refused(deals: Book, now: Forecast | None) -> str | None:
    if now is None:
        return "no_forecast"
    if now.rule == "file":
        return "past_chances_unknown"
    if now.rule == "own" and not (deals.stamps and deals.stamps.dated):
        return "past_stages_unknown"
    decided = ~deals.is_open
    if np.isnat(deals.closed[decided]).mean() > _MOST_UNCLOSED:
        return "closings_unknown"
    return None


def _months(deals: Book, now: Forecast | None, *, in_deals: bool) -> tuple[Foreseen, ...]:
    dated = ~np.isnat(deals.created) & (deals.is_open | ~np.isnat(deals.closed))
    deals = deals.of(dated)
    found = []
    for day in _ends(deals.created, deals.end):
        was_open = open_at(deals, day)
        undecided = int((was_open & deals.is_open).sum())
        # What is still open has not brought what it will: such months are no measure.
        if not was_open.any() or undecided > MOST_UNDECIDED * was_open.sum():
            continue
        told = forecast(_as_of(deals, day))
        if told is None or now is None or told.rule != now.rule:
            continue
        foreseen = told.deals if in_deals else told.amount
        if foreseen is None or foreseen.value is None:
            continue
        won = was_open & deals.is_won
        came = float(won.sum()) if in_deals else float(np.nansum(deals.amount[won]))
        found.append(
            Foreseen(day.astype(object), foreseen.value, came, int(was_open.sum()), undecided)
        )
    return tuple(found)


def open_at(deals: Book, day: np.datetime64) -> Bools:
    """Which deals were open at the end of a day."""
    return (deals.created <= day) & (deals.is_open | (deals.closed > day))


def _as_of(deals: Book, day: np.datetime64) -> Book:
    """The deals as they stood at the end of a day."""
    known = deals.of(deals.created <= day)
    closed = ~known.is_open & (known.closed <= day)
    then = replace(
        known,
        is_open=~closed,
        is_won=known.is_won & closed,
        closed=np.where(closed, known.closed, np.datetime64("NaT", "D")),
        end=day.astype(object),
    )
    if then.stamps is None or not then.stamps.dated:
        # The stage of today is not that of then.
        return replace(then, stage=np.where(then.is_open, -1, then.stage), stamps=None)
    days = np.where(then.stamps.days <= day, then.stamps.days, np.datetime64("NaT", "D"))
    names = tuple(dict.fromkeys((*then.names, *then.stamps.stages)))
    places = np.array([names.index(name) for name in then.stamps.stages])
    # The latest stamp by then is where the deal stood.
    filled = np.where(np.isnat(days), np.datetime64("0001-01-01", "D"), days)
    latest = places[len(places) - 1 - np.argmax(filled[:, ::-1], axis=1)]
    stage = np.where(np.isnat(days).all(axis=1), -1, latest)
    stage = np.where(then.is_open, stage, then.stage)
    return replace(then, names=names, stage=stage, stamps=replace(then.stamps, days=days))


def _ends(created: Days, end: date) -> list[np.datetime64]:
    """The last days of the whole months between the first deal and the end of the data."""
    if not len(created):
        return []
    months = np.arange(created.min().astype("datetime64[M]"), np.datetime64(end, "M"))
    return [(month + 1).astype("datetime64[D]") - np.timedelta64(1, "D") for month in months]
