"""Customers by how lately, how often and for how much they bought, and the best fifth's share."""

from __future__ import annotations

import math
from dataclasses import dataclass

import ibis
import numpy as np
import numpy.typing as npt

from crm_metrics.metrics.cohorts.history import History
from crm_metrics.metrics.cohorts.retention import LEAST
from crm_metrics.metrics.derived import worked_out
from crm_metrics.metrics.expressions import score
from crm_metrics.metrics.intervals import Floats
from crm_metrics.metrics.model import Value

CLASSES = 5
_SHARES = tuple(place / CLASSES for place in range(1, CLASSES))
TOP = 0.2

Scores = npt.NDArray[np.int64]


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
    measured = _measured(history)
    if measured is None:
        return None
    cuts, scores, arrays = measured
    cells = _cells(scores, arrays, amounts=history.amounts)

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


def _measured(
    history: History,
) -> tuple[dict[str, tuple[float, ...]], Scores, dict[str, Floats]] | None:
    """The cut points of each measure, and customers alike in all scores, last day and days.

    The scores stand as recency, frequency and money; `customers` and `amount` of each line beside.
    """
    customers = history.customers
    # Amounts that must not be added make no classes: all customers are alike in them.
    money = customers.amount.fill_null(0.0) if history.amounts else ibis.literal(0.0)
    paid = customers.select("last", "days", money=money)
    (line,) = paid.aggregate(cuts=paid.money.quantile(list(_SHARES))).to_pyarrow().to_pylist()
    if line["cuts"] is None:
        return None
    cuts = {"money": tuple(map(float, line["cuts"]))}
    alike = paid.group_by("last", "days", money_score=score(paid.money, cuts["money"]))
    found = alike.aggregate(customers=paid.count(), amount=paid.money.sum())
    rows = found.select(
        recency=-ibis.literal(history.end).delta(found["last"], unit="day").cast("float64"),
        frequency=found.days.cast("float64"),
        money=found.money_score,
        customers=found.customers,
        amount=found.amount,
    ).to_pyarrow()
    arrays = {name: np.asarray(rows[name], dtype=float) for name in rows.column_names}
    scores = [arrays["money"]]
    for name in ("frequency", "recency"):
        cuts[name] = _cuts(arrays[name], arrays["customers"])
        scores.insert(0, 1 + np.searchsorted(cuts[name], arrays[name], side="left"))
    return cuts, np.column_stack(scores).astype(int), arrays


def _cuts(values: Floats, times: Floats) -> tuple[float, ...]:
    """The cut points of values that stand so many times each, between neighbors by the line.

    As numpy and R's type 7 have it: Hyndman and Fan (1996), The American Statistician 50, 361-365.
    """
    distinct, which = np.unique(values, return_inverse=True)
    ends = np.cumsum(np.bincount(which, weights=times))
    places = np.array(_SHARES) * (ends[-1] - 1)
    low, high = (
        distinct[np.searchsorted(ends, one(places), side="right")] for one in (np.floor, np.ceil)
    )
    return tuple((low + (high - low) * (places - np.floor(places))).tolist())


def _cells(scores: Scores, arrays: dict[str, Floats], *, amounts: bool) -> tuple[Cell, ...]:
    distinct, which = np.unique(scores, axis=0, return_inverse=True)
    customers, amount = (
        np.bincount(which.reshape(-1), weights=arrays[name]).tolist()
        for name in ("customers", "amount")
    )
    return tuple(
        Cell(
            recency=recency,
            frequency=frequency,
            money=money if amounts else None,
            customers=int(customers[place]),
            amount=amount[place] if amounts else None,
        )
        for place, (recency, frequency, money) in enumerate(distinct.tolist())
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
    flags = (*(("small_n",) if sums["n"] < LEAST else ()), *history.doubts)
    numbers = (share, None, None)
    return worked_out("pareto_share", sums, numbers, flags=flags, currency=history.currency)
