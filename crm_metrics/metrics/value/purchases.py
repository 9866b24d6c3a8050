"""Each customer's purchases as models of buying read them: how often, how lately, since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import ibis
import numpy as np

from crm_metrics.metrics.cohorts import History
from crm_metrics.metrics.intervals import Floats

WEEK = 7.0
MOST_FITTED = 10_000
"""Customers that a model is fitted to; of more, as many are drawn by their hash."""


@dataclass(frozen=True, slots=True)
class Purchases:
    """Arrays of one entry a customer, as Fader and Hardie write them.

    `x`: days with a purchase after the first; `recency` t_x: weeks from the first purchase to the
    last; `known` T: weeks from the first purchase to `until`; `value` m_x: the mean amount of a
    repeat purchase, NaN without one or without an amount. `of` is how many customers they are of.
    """

    x: Floats
    recency: Floats
    known: Floats
    value: Floats
    of: int
    until: date

    @property
    def repeated(self) -> int:
        """How many customers bought again."""
        return int((self.x > 0).sum())


def purchases(history: History, until: date | None = None) -> Purchases:
    """The purchases up to a day (the data's last), of all customers or as many as can be fitted.

    Which of them is told by the person's hash alone, so that the same are drawn for every day.
    """
    until = until or history.end
    orders = history.orders
    every = history.people
    if every > MOST_FITTED:
        orders = orders.filter(orders.person % (every // MOST_FITTED + 1) == 0)
    seen = orders.filter(orders.day <= ibis.literal(until))
    is_first = seen.day == seen.arrived
    found = seen.group_by("person").aggregate(
        days=(seen.gap.isnull() | (seen.gap > 0)).sum(),
        arrived=seen.arrived.min(),
        last=seen.day.max(),
        later=seen.amount.sum(where=~is_first),
    )
    rows = found.select(
        x=(found.days - 1).cast("float64"),
        recency=found["last"].delta(found.arrived, unit="day").cast("float64"),
        known=ibis.literal(until).delta(found.arrived, unit="day").cast("float64"),
        later=found.later.cast("float64"),
    ).order_by("x", "recency", "known", "later")
    table = rows.to_pyarrow()
    x, recency, known, later = (
        np.asarray(table[name].to_numpy(zero_copy_only=False), dtype=float)
        for name in ("x", "recency", "known", "later")
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(x > 0, later / x, np.nan)
    return Purchases(x, recency / WEEK, known / WEEK, value, every, until)
