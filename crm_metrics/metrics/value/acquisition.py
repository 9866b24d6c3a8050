"""What a new customer costs, how that compares with what one brings, and when it is paid back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from crm_metrics.metrics import intervals
from crm_metrics.metrics.cohorts import History, Retention
from crm_metrics.metrics.derived import Numbers, numbers_of, worked_out
from crm_metrics.metrics.ground import Engine, grains_of, ground, mapped_of, parts_of
from crm_metrics.metrics.model import Filters, Value
from crm_metrics.metrics.values import FEW_UNITS, LEAST_UNITS, ratio_parts

_SPEND = "spend"


@dataclass(frozen=True, slots=True)
class Acquisition:
    """The cost of a new customer over the days that both spend and orders cover."""

    cac: Value
    start: date
    end: date


def acquisition(engine: Engine, history: History, filters: Filters) -> Acquisition | None:
    """All spend of the period over all customers whose first order is in it; None without spend.

    Blended: it is not known which customers came by advertising, and an order of a known customer
    costs no acquisition, so that this is not spend per order. The interval is the delta method's
    over weeks.
    """
    found = _spent(engine)
    if not found:
        return None
    spent, currency = found
    starts = [history.start, min(spent), *([filters.start] if filters.start else [])]
    ends = [history.end, max(spent), *([filters.end] if filters.end else [])]
    start, end = max(starts), min(ends)
    if start > end:
        return None
    arrived = history.customers.group_by(day=history.customers.arrived)
    lines = arrived.aggregate(people=history.customers.count()).to_pyarrow().to_pylist()
    weeks: dict[tuple[int, int], list[float]] = {}
    for day, place, amount in (
        *((day, 0, cost) for day, cost in spent.items()),
        *((line["day"], 1, float(line["people"])) for line in lines),
    ):
        if start <= day <= end:
            weeks.setdefault(day.isocalendar()[:2], [0.0, 0.0])[place] += amount
    return Acquisition(_cac(np.array(list(weeks.values())), currency), start, end)


def ltv_cac(ltv: Value, cac: Value) -> Value:
    """Lifetime value over the cost of a customer; the interval joins both intervals in logarithms.

    Zou and Donner (2008), Statistics in Medicine 27, 1693-1702; the two are taken as independent.
    """
    sums = {"ltv": ltv.value or 0.0, "cac": cac.value or 0.0, "n": min(ltv.n, cac.n)}
    if ltv.currency != cac.currency and ltv.currency and cac.currency:
        return worked_out("ltv_cac", sums, flags=("mixed_currency",))
    if not ltv.value or not cac.value or ltv.value < 0:
        return worked_out("ltv_cac", sums, variant=ltv.variant, flags=("part_absent",))
    ratio = ltv.value / cac.value
    low, high = _joined(ltv, cac)
    flags = () if low is not None else ("no_interval",)
    return worked_out("ltv_cac", sums, (ratio, low, high), variant=ltv.variant, flags=flags)


def payback_months(retention: Retention, cac: Value, margin: float = 1.0) -> Value:
    """The months after which a customer has paid the cost of winning one, by what cohorts paid.

    0 is the month of the first order. The ends are those of the cost's interval on the same curve.
    """
    sums = {"cac": cac.value or 0.0, "n": cac.n, "seen": float(len(retention.spent) - 1)}
    variant = "of_revenue" if margin == 1 else "of_margin"
    if retention.currency != cac.currency and retention.currency and cac.currency:
        return worked_out("payback_months", sums, variant=variant, flags=("mixed_currency",))
    paid = [amount * margin for amount in retention.spent]
    value, low, high = (_first_reaching(paid, one) for one in (cac.value, cac.low, cac.high))
    if value is None:
        code = "part_absent" if cac.value is None else "not_paid_back"
        return worked_out("payback_months", sums, variant=variant, flags=(code,))
    flags = () if low is not None and high is not None else ("no_interval",)
    numbers: Numbers = (value, *((low, high) if not flags else (None, None)))
    return worked_out("payback_months", sums, numbers, variant=variant, flags=flags)


def _spent(engine: Engine) -> tuple[dict[date, float], str | None] | None:
    """Cost by day and its currency; None where no dated cost is known, or of several currencies."""
    days: dict[date, float] = {}
    currencies: set[str | None] = set()
    for part in parts_of(engine):
        if _SPEND not in grains_of(part) or "cost" not in mapped_of(part, _SPEND):
            continue
        table, _ = ground(part, _SPEND)
        rows = table.filter(table.cost.notnull() & table.date.notnull())
        by_day = rows.group_by(day=rows.date.cast("date"), currency=rows.currency)
        for line in by_day.aggregate(cost=rows.cost.sum()).to_pyarrow().to_pylist():
            days[line["day"]] = days.get(line["day"], 0.0) + float(line["cost"])
            currencies.add(line["currency"])
    if not days or len(currencies - {None}) > 1:
        return None
    return days, next(iter(currencies - {None}), None)


def _cac(weeks: np.ndarray, currency: str | None) -> Value:
    cost, people = weeks.T
    sums = {
        "y": cost.sum(),
        "x": people.sum(),
        "yy": (cost**2).sum(),
        "xx": (people**2).sum(),
        "xy": (cost * people).sum(),
        "m": float(len(weeks)),
    }
    parts = {"spend": float(sums["y"]), "n": float(sums["x"]), "weeks": sums["m"]}
    if not sums["x"]:
        return worked_out("cac", parts, flags=("no_denominator",), currency=currency)
    value, variance, m = ratio_parts({name: np.array(one) for name, one in sums.items()})
    low, high = intervals.student(value, variance, m - 1)
    if m < LEAST_UNITS:
        low = high = np.array(np.nan)
    flags = ("no_interval",) if np.isnan(low) else ()
    flags = (*flags, "few_weeks") if m < FEW_UNITS else flags
    # The method knows no floor; a cost has one.
    numbers = numbers_of(value, np.maximum(low, 0.0), high)
    return worked_out("cac", parts, numbers, flags=flags, currency=currency)


def _joined(ltv: Value, cac: Value) -> tuple[float | None, float | None]:
    ends = [(one.value, one.low, one.high) for one in (ltv, cac)]
    if any(part is None or part <= 0 for one in ends for part in one):
        return None, None
    first, second = (tuple(np.log(np.array(part, dtype=float)) for part in one) for one in ends)
    low, high = intervals.square_and_add(first, second)
    return float(np.exp(low)), float(np.exp(high))


def _first_reaching(paid: list[float], cost: float | None) -> float | None:
    if cost is None:
        return None
    return next((float(age) for age, amount in enumerate(paid) if amount >= cost), None)
