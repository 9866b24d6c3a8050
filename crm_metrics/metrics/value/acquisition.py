"""What a new customer costs, how that compares with what one brings, and when it is paid back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from crm_metrics.metrics import intervals
from crm_metrics.metrics.cohorts import History, Retention
from crm_metrics.metrics.derived import Numbers, worked_out
from crm_metrics.metrics.ground import Engine
from crm_metrics.metrics.intervals import Floats
from crm_metrics.metrics.model import Filters, Value
from crm_metrics.metrics.value.spending import (
    Spending,
    by_week,
    covered_days,
    ratio_over_weeks,
    spending,
)

LAG = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Acquisition:
    """The cost of a new customer over the days that both spend and orders cover.

    `lagged` is the same were each new customer won by the spend of two weeks before, None where no
    orders lie so late: how far off the cost may be, as advertising takes its time.
    """

    cac: Value
    start: date
    end: date
    lagged: Value | None = None


def acquisition(engine: Engine, history: History, filters: Filters) -> Acquisition | None:
    """All spend of the period over all customers whose first order is in it; None without spend.

    Blended: it is not known which customers came by advertising, and an order of a known customer
    costs no acquisition, so that this is not spend per order. Hence channels are not looked at,
    and `history` should be that of all customers. The interval is the delta method's over weeks.
    """
    spent = spending(engine)
    covered = spent and covered_days(spent, (history.start, history.end), filters)
    if not spent or not covered:
        return None
    arrived = history.customers.group_by(day=history.customers.arrived)
    lines = arrived.aggregate(people=history.customers.count()).to_pyarrow().to_pylist()
    people = {line["day"]: float(line["people"]) for line in lines}
    late = {day - LAG: count for day, count in people.items()}
    start, end = covered
    cac = _cac(by_week(covered, spent.by_day, people), spent)
    held = (start, min(end, history.end - LAG))
    lagged = None
    if held[0] <= held[1]:
        lagged = _cac(by_week(held, spent.by_day, late), spent)
    return Acquisition(cac, start, end, lagged if lagged and lagged.value is not None else None)


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
        known = cac.value is not None and retention.spent
        code = "not_paid_back" if known else "part_absent"
        return worked_out("payback_months", sums, variant=variant, flags=(code,))
    flags = () if low is not None and high is not None else ("no_interval",)
    numbers: Numbers = (value, *((low, high) if not flags else (None, None)))
    return worked_out("payback_months", sums, numbers, variant=variant, flags=flags)


def _cac(weeks: Floats, spent: Spending) -> Value:
    currency = spent.currency
    cost, people = weeks
    total, new = float(cost.sum()), float(people.sum())
    parts = {"spend": total, "n": new, "weeks": float(weeks.shape[1])}
    if not new:
        return worked_out("cac", parts, flags=("no_denominator",), currency=currency)
    numbers, flags = ratio_over_weeks(cost, people)
    flags = (*flags, "currency_unknown") if spent.unnamed else flags
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
