"""Customers by how lately, how often and for how much they bought, and the best fifth's share."""

from __future__ import annotations

import math
from dataclasses import dataclass

import ibis

from crm_metrics.metrics.cohorts.history import History
from crm_metrics.metrics.cohorts.retention import LEAST
from crm_metrics.metrics.derived import worked_out
from crm_metrics.metrics.expressions import score
from crm_metrics.metrics.model import Value

CLASSES = 5
_SHARES = tuple(place / CLASSES for place in range(1, CLASSES))
TOP = 0.2


@dataclass(frozen=True, slots=True)
class Scored:
    """A measure's four cut points, and how many customers have each score from 1 to 5.

    Equal values are never parted, so that classes are as unequal as ties make them.
    """

    cuts: tuple[float, ...]
    sizes: tuple[int, ...]

    @property
    def is_tied(self) -> bool:
        """Whether ties leave some class twice as large as a fifth, or empty."""
        fifth = sum(self.sizes) / CLASSES
        return min(self.sizes) == 0 or max(self.sizes) > 2 * fifth


@dataclass(frozen=True, slots=True)
class Cell:
    """Customers alike in all scores, and what they have paid in all; None as in `Rfm`."""

    recency: int
    frequency: int
    money: int | None
    customers: int
    amount: float | None


@dataclass(frozen=True, slots=True)
class Rfm:
    """Scores of recency (5 is the latest), frequency and money, and the customers of each cell.

    `money` and amounts are None where amounts are not known, or are of several currencies.
    """

    recency: Scored
    frequency: Scored
    money: Scored | None
    cells: tuple[Cell, ...]
    customers: int
    amount: float | None


def rfm(history: History) -> Rfm | None:
    """Quintiles of days since the last order, days with orders, and amount; None of nobody."""
    customers = history.customers
    measured = customers.select(
        recency=-ibis.literal(history.end).delta(customers["last"], unit="day").cast("float64"),
        frequency=customers.days.cast("float64"),
        # Amounts that must not be added make no classes: all customers are alike in them.
        money=customers.amount.fill_null(0.0) if history.amounts else ibis.literal(0.0),
    )
    names = ("recency", "frequency", "money")
    quantiles = {name: measured[name].quantile(list(_SHARES)) for name in names}
    (line,) = measured.aggregate(**quantiles).to_pyarrow().to_pylist()
    if line["recency"] is None:
        return None
    cuts = {name: tuple(map(float, line[name])) for name in names}
    scored = measured.select(
        **{f"{name}_score": score(measured[name], cuts[name]) for name in names},
        money=measured.money,
    )
    keys = [f"{name}_score" for name in names]
    found = scored.group_by(keys).aggregate(customers=scored.count(), amount=scored.money.sum())
    cells = tuple(
        Cell(
            recency=int(one["recency_score"]),
            frequency=int(one["frequency_score"]),
            money=int(one["money_score"]) if history.amounts else None,
            customers=int(one["customers"]),
            amount=float(one["amount"]) if history.amounts else None,
        )
        for one in found.order_by(keys).to_pyarrow().to_pylist()
    )

    def told(name: str) -> Scored:
        sizes = [0] * CLASSES
        for cell in cells:
            sizes[getattr(cell, name) - 1] += cell.customers
        shown = tuple(-cut for cut in reversed(cuts[name])) if name == "recency" else cuts[name]
        return Scored(shown, tuple(sizes))

    return Rfm(
        told("recency"),
        told("frequency"),
        told("money") if history.amounts else None,
        cells,
        sum(cell.customers for cell in cells),
        sum(cell.amount or 0.0 for cell in cells) if history.amounts else None,
    )


def pareto_share(history: History) -> Value:
    """The share of revenue that the fifth of customers who paid most have paid; no interval.

    Of n customers the first ceil(n / 5) by amount; which of equal ones does not change the sum.
    """
    customers = history.customers
    paid = customers.select(amount=customers.amount.fill_null(0.0))
    top = math.ceil(TOP * history.people)
    best = paid.order_by(ibis.desc("amount")).limit(top)
    (whole,) = paid.aggregate(amount=paid.amount.sum(), n=paid.count()).to_pyarrow().to_pylist()
    (part,) = best.aggregate(amount=best.amount.sum()).to_pyarrow().to_pylist()
    total = float(whole["amount"] or 0)
    sums = {"top": float(top), "amount": float(part["amount"] or 0), "n": float(whole["n"])}
    sums["total"] = total
    if not history.amounts:
        code = "mixed_currency" if history.mixed else "no_amount"
        return worked_out("pareto_share", {"n": sums["n"]}, flags=(code,))
    if total <= 0:
        return worked_out("pareto_share", sums, flags=("nothing_paid",))
    share = sums["amount"] / total
    flags = ("small_n",) if sums["n"] < LEAST else ()
    numbers = (share, None, None)
    return worked_out("pareto_share", sums, numbers, flags=flags, currency=history.currency)
