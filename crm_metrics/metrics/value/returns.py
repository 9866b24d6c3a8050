"""What all orders bring for all that is spent on advertising: blended ROAS, ROMI and DRR."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from crm_metrics.metrics.catalogue.orders import amount_paid, own_profit, sale
from crm_metrics.metrics.derived import Numbers, worked_out
from crm_metrics.metrics.ground import Engine, grains_of, ground, mapped_of, parts_of
from crm_metrics.metrics.model import Filters, Limits, Value
from crm_metrics.metrics.value.spending import (
    by_week,
    covered_days,
    ratio_over_weeks,
    spending,
)

_GRAIN = "orders"
KEYS = ("roas_blended", "romi_blended", "drr_blended")


@dataclass(frozen=True, slots=True)
class Returns:
    """The three ratios over the days that both spend and orders cover.

    Blended: all sales over all spend, whoever brought them, so that they bound what attributed
    ratios of advertising's own reports claim. `of_own_margin` says that profit is that of the
    orders themselves, not revenue times a margin.
    """

    roas: Value
    romi: Value
    drr: Value
    start: date
    end: date
    of_own_margin: bool

    @property
    def values(self) -> tuple[Value, ...]:
        """All three."""
        return self.roas, self.romi, self.drr


@dataclass(frozen=True, slots=True)
class _Sold:
    """Sales by day: revenue, profit (None where not every sale tells it) and rows.

    `unnamed` says that some amounts name no currency.
    """

    revenue: dict[date, float]
    profit: dict[date, float] | None
    rows: dict[date, float]
    currencies: frozenset[str]
    unnamed: bool = False


def returns(engine: Engine, filters: Filters, margin: float = 1.0) -> Returns | None:
    """Blended ROAS, ROMI and DRR of the period; None without spend on days of sales.

    Profit is the orders' own margin (or amount less cost) where every sale has it, else revenue
    times `margin`. Intervals are the delta method's over weeks. None also where orders and spend
    are in different currencies.
    """
    spent = spending(engine)
    sold = engine.once("sales_by_day", lambda: _sold(engine))
    if spent is None or not sold.revenue:
        return None
    codes = {*sold.currencies, *([spent.currency] if spent.currency else [])}
    covered = covered_days(spent, (min(sold.revenue), max(sold.revenue)), filters)
    if covered is None or len(codes) > 1:
        return None
    of_own = sold.profit is not None
    kept = sold.profit if sold.profit is not None else sold.revenue
    cost, revenue, profit, rows = by_week(covered, spent.by_day, sold.revenue, kept, sold.rows)
    if not of_own:
        profit = profit * margin
    parts = {
        "revenue": float(revenue.sum()),
        "spend": float(cost.sum()),
        "weeks": float(len(cost)),
        "n": float(rows.sum()),
    }

    # Of amounts that name none beside others that do, one currency is taken.
    doubts = ("currency_unknown",) if codes and (sold.unnamed or spent.unnamed) else ()
    gain = parts | {"profit": float(profit.sum())} | ({} if of_own else {"margin": margin})
    return Returns(
        roas=_made(KEYS[0], parts, ratio_over_weeks(revenue, cost), doubts),
        romi=_made(KEYS[1], gain, ratio_over_weeks(profit - cost, cost, floor=-np.inf), doubts),
        drr=_made(KEYS[2], parts, ratio_over_weeks(cost, revenue), doubts),
        start=covered[0],
        end=covered[1],
        of_own_margin=of_own,
    )


def _made(
    key: str,
    parts: dict[str, float],
    found: tuple[Numbers, tuple[str, ...]],
    doubts: tuple[str, ...],
) -> Value:
    numbers, flags = found
    lacking = ("no_denominator",) if numbers[0] is None else ()
    return worked_out(key, parts, numbers, flags=(*lacking, *flags, *doubts))


def _sold(engine: Engine) -> _Sold:
    revenue: dict[date, float] = {}
    profit: dict[date, float] = {}
    counts: dict[date, float] = {}
    codes: set[str] = set()
    every, unnamed = True, False
    for part in parts_of(engine):
        mapped = mapped_of(part, _GRAIN) if _GRAIN in grains_of(part) else frozenset[str]()
        if mapped.isdisjoint({"amount", "revenue"}):
            continue
        table, _ = ground(part, _GRAIN)
        rows = table.filter(sale(table, Limits()) & table.date.notnull())
        amount = amount_paid(rows)
        own = own_profit(rows, Limits())
        by_day = rows.group_by(day=rows.date.cast("date"), currency=rows.currency).aggregate(
            revenue=amount.sum(), profit=own.sum(), told=own.count(), rows=amount.count()
        )
        for line in by_day.to_pyarrow().to_pylist():
            day = line["day"]
            revenue[day] = revenue.get(day, 0.0) + float(line["revenue"] or 0)
            profit[day] = profit.get(day, 0.0) + float(line["profit"] or 0)
            counts[day] = counts.get(day, 0.0) + float(line["rows"])
            every &= line["told"] == line["rows"]
            codes |= {line["currency"]} - {None}
            unnamed |= line["currency"] is None and line["rows"] > 0
    known = profit if every else None
    return _Sold(revenue, known, counts, frozenset(codes), unnamed)
