"""Lifetime value without a model: what customers pay a month over the share that leaves a month."""

from __future__ import annotations

import ibis
import numpy as np

from crm_metrics.metrics import intervals
from crm_metrics.metrics.cohorts import History
from crm_metrics.metrics.derived import NOTHING, numbers_of, worked_out
from crm_metrics.metrics.model import Value
from crm_metrics.metrics.values import FEW_UNITS, ratio_parts

MONTH = 365.25 / 12
UNSTABLE_CHURN = 0.02
"""A month: under it a little more or less churn is years more or less of lifetime."""
SUMS = ("y", "x", "yy", "xx", "xy", "m")


def ltv_simple(history: History, limit: int | None, margin: float = 1.0) -> Value:
    """ARPU a month * margin / monthly churn, customers leaving after `limit` days without an order.

    A customer's active months run from the first order until `limit` days after the last, or to
    the end of the data where that is sooner. ARPU is revenue over all active months, monthly churn
    those who left over the same months (the exponential lifetime's estimate with open ones
    censored), so that the months cancel: revenue * margin / customers who left. The interval is the
    delta method's, with customers as units. `margin` is the share of revenue that is kept.
    """
    variant = "of_revenue" if margin == 1 else "of_margin"
    if limit is None or not history.amounts:
        flag = "mixed_currency" if history.mixed else "no_amount"
        codes = (flag if limit else "no_repeats",)
        return worked_out("ltv_simple", {}, variant=variant, flags=codes)
    customers, end = history.customers, ibis.literal(history.end)
    silent = end.delta(customers["last"], unit="day")
    seen = customers["last"].delta(customers.arrived, unit="day")
    rows = customers.select(
        y=customers.amount.fill_null(0.0),
        x=(silent > limit).cast("float64"),
        days=(seen + ibis.least(silent, ibis.literal(limit))).cast("float64"),
    )
    (line,) = (
        rows.aggregate(
            y=rows.y.sum(),
            x=rows.x.sum(),
            yy=(rows.y * rows.y).sum(),
            xx=(rows.x * rows.x).sum(),
            xy=(rows.x * rows.y).sum(),
            m=rows.count().cast("float64"),
            days=rows.days.sum(),
        )
        .to_pyarrow()
        .to_pylist()
    )
    sums = {name: float(number or 0) for name, number in line.items()}
    months = sums.pop("days") / MONTH
    value, variance, m = ratio_parts({name: np.array(sums[name]) for name in SUMS})
    low, high = intervals.student(value, variance, m - 1)
    numbers = numbers_of(value * margin, low * margin, high * margin)
    parts = {"revenue": sums["y"], "left": sums["x"], "months": months, "n": sums["m"]}
    flags = ("few_units",) if sums["x"] < FEW_UNITS else ()
    if months and sums["x"] / months < UNSTABLE_CHURN:
        flags = (*flags, "churn_low")
    if not sums["y"]:
        numbers, flags = NOTHING, ("all_free",)
    elif numbers[0] is None:
        flags = ("nobody_left", *flags)
    return worked_out(
        "ltv_simple",
        parts,
        numbers,
        variant=variant,
        flags=(*flags, *history.doubts),
        currency=history.currency,
    )
