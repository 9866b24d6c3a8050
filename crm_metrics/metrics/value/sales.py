"""Sales by channel: each channel's share of revenue and of orders."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import ibis
import numpy as np

from crm_metrics.metrics import intervals
from crm_metrics.metrics.catalogue.orders import amount_paid
from crm_metrics.metrics.components import per_unit
from crm_metrics.metrics.compute import metric_named
from crm_metrics.metrics.counting import Question, asked_rows
from crm_metrics.metrics.derived import numbers_of, worked_out
from crm_metrics.metrics.ground import Engine, grains_of, ground, mapped_of, parts_of
from crm_metrics.metrics.model import Filters, Limits, Value
from crm_metrics.metrics.rows import Asked
from crm_metrics.metrics.standing import standing
from crm_metrics.metrics.values import FEW_UNITS, LEAST_UNITS

KEY, GRAIN = "sales_share", "orders"
_UNIT = "customer_id|order_id"
_SUMS = ("y", "yy", "yx", "orders", "people")


def sales_shares(engine: Engine, filters: Filters | None = None) -> tuple[Value, ...]:
    """Each channel's share of revenue ("of_revenue") and orders ("of_order_count"), largest first.

    The channel is the one that the orders themselves declare; who got the last touch before is
    another question. Units of the revenue's interval are customers, who may buy in several
    channels, and orders of nobody known; intervals of one variant hold together (Bonferroni).
    Orders are taken as independent of each other. () where no order tells a channel.
    """
    lines: dict[str | None, dict[str, float]] = {}
    whole = {"xx": 0.0, "m": 0.0}
    currencies: set[str | None] = set()
    has_amount = True
    for part in parts_of(engine):
        if GRAIN not in grains_of(part):
            continue
        found = _of_part(part, filters or Filters())
        if found is None:
            continue
        by_channel, (squares, units), codes = found
        whole["xx"] += squares
        whole["m"] += units
        currencies |= codes
        has_amount &= not mapped_of(part, GRAIN).isdisjoint({"amount", "revenue"})
        for channel, sums in by_channel.items():
            kept = lines.setdefault(channel, dict.fromkeys(_SUMS, 0.0))
            for name in _SUMS:
                kept[name] += sums[name]
    ordered = dict(sorted(lines.items(), key=lambda one: (-one[1]["y"], one[0] or "")))
    if not any(ordered):
        return ()
    named = {one for one in currencies if one}
    currency = next(iter(named)) if len(named) == 1 else None
    flag = "" if len(named) < 2 else "mixed_currency"
    flag = flag if has_amount else "no_amount"
    doubts = ("currency_unknown",) if currency and None in currencies else ()
    of_revenue = _of_revenue(ordered, whole, currency, flag, doubts)
    if of_revenue[0].value is None:  # what cannot be shown must not set the order either
        ordered = dict(sorted(lines.items(), key=lambda one: (-one[1]["orders"], one[0] or "")))
    return (*of_revenue, *_of_orders(ordered))


def of_variant(values: Iterable[Value], variant: str) -> tuple[Value, ...]:
    """The shares of one variant."""
    return tuple(one for one in values if one.variant == variant)


def _of_part(
    part: Engine, filters: Filters
) -> tuple[dict[str | None, dict[str, float]], tuple[float, float], set[str | None]] | None:
    """Sums by channel, (sum of squares of all units, how many they are), and the currencies.

    None is among them where some amount names none.
    """
    table, _ = ground(part, GRAIN)
    metric = replace(metric_named("aov", GRAIN), per=_UNIT)
    own = standing(part, metric, table)
    asked = asked_rows(part, [own], Question(("channel",), (filters,), Limits()))
    if not isinstance(asked, Asked):
        return None
    units = "|".join(name for name in _UNIT.split("|") if name in mapped_of(part, GRAIN))
    people, _ = per_unit(asked, [own], units)
    people = people.filter(people["y0"].notnull())
    whole = people.y0.sum().over(ibis.window(group_by=people.unit))
    rows = people.select(
        channel=people[asked.names[0]],
        unit=people.unit,
        y=people.y0.cast("float64"),
        orders=people.x0.cast("float64"),
        whole=whole.cast("float64"),
    )
    sums = rows.group_by("channel").aggregate(
        y=rows.y.sum(),
        yy=(rows.y * rows.y).sum(),
        yx=(rows.y * rows.whole).sum(),
        orders=rows.orders.sum(),
        people=rows.count(),
    )
    lines = {
        line["channel"]: {name: float(line[name] or 0) for name in _SUMS}
        for line in sums.to_pyarrow().to_pylist()
    }
    # What a unit has in all, squared: its parts times the whole, added over its parts.
    (line,) = rows.aggregate(m=rows.unit.nunique()).to_pyarrow().to_pylist()
    squares = sum(one["yx"] for one in lines.values())
    kept = asked.table.filter(asked.keep)
    unnamed = (kept.currency.isnull() & amount_paid(kept).notnull()).any()
    ends = kept.aggregate(low=kept.currency.min(), high=kept.currency.max(), unnamed=unnamed)
    (codes,) = ends.to_pyarrow().to_pylist()
    nameless = {None} if codes.pop("unnamed") else set()
    named = {str(code) for code in codes.values() if code is not None}
    return lines, (squares, float(line["m"])), named | nameless


def _of_revenue(
    lines: dict[str | None, dict[str, float]],
    whole: dict[str, float],
    currency: str | None,
    flag: str,
    doubts: tuple[str, ...],
) -> list[Value]:
    totals, squares, products = (
        np.array([one[name] for one in lines.values()]) for name in ("y", "yy", "yx")
    )
    total = float(totals.sum())
    if flag or total <= 0:
        code = flag or "nothing_paid"
        groups = ({"channel": channel} for channel in lines)
        return [worked_out(KEY, {"n": 0.0}, group=one, flags=(code,)) for one in groups]
    low, high = intervals.shares_of_units(totals, squares, products, whole["xx"], whole["m"])
    if whole["m"] < LEAST_UNITS or len(lines) < 2:
        low = high = np.full(len(totals), np.nan)
    found = []
    for place, (channel, sums) in enumerate(lines.items()):
        numbers = numbers_of(sums["y"] / total, low[place], high[place])
        parts = {"amount": sums["y"], "total": total, "n": sums["people"], "orders": sums["orders"]}
        flags = (*(("few_units",) if whole["m"] < FEW_UNITS else ()), *doubts)
        group = {"channel": channel}
        found.append(worked_out(KEY, parts, numbers, group=group, flags=flags, currency=currency))
    return found


def _of_orders(lines: dict[str | None, dict[str, float]]) -> list[Value]:
    counts = np.array([one["orders"] for one in lines.values()])
    low, high = intervals.shares_of_count(counts)
    if len(lines) < 2:
        low = high = np.full(len(counts), np.nan)
    total = float(counts.sum())
    return [
        worked_out(
            KEY,
            {"x": sums["orders"], "n": total},
            numbers_of(sums["orders"] / total, low[place], high[place]),
            variant="of_order_count",
            group={"channel": channel},
        )
        for place, (channel, sums) in enumerate(lines.items())
    ]
