"""The customers behind the numbers, a line each, with the line of the file of the first order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import ibis

from crm_metrics.facts import mask
from crm_metrics.metrics.cohorts.history import History, sales_of
from crm_metrics.metrics.ground import Engine

MOST, MOST_ORDERS = 10_000, 100_000


@dataclass(frozen=True, slots=True)
class Customer:
    """One customer: who (hidden as on every page), when, how often and for how much.

    `dataset` and `line` are where an order of the first day stands; `silent` the days since the
    last order; `gone` whether they are more than the limit, None where there is none.
    """

    name: str
    dataset: str
    line: int
    first: date
    second: date | None
    last: date
    days: int
    amount: float | None
    silent: int
    gone: bool | None


def listed(
    engine: Engine, history: History, limit: int | None, most: int = MOST
) -> Iterator[Customer]:
    """The customers of a history, those who paid most first; `limit` is T of churn in days.

    Where amounts are not known or must not be added, those with the most days of orders come first.
    """
    weight = ["amount"] if history.amounts else ["days", "last"]
    order = [*map(ibis.desc, weight), "person"]
    best = history.customers.order_by(order).limit(most)
    rows = sales_of(engine)
    # Columns of both tables: the first day's rows of each customer, and of these the first line.
    own = best.inner_join(rows, [best.person == rows.person_key, best.arrived == rows.day_sold])
    found = own.group_by("person", "arrived", "second", "last", "days", "amount").aggregate(
        name=own.person_name.min(),
        dataset=own.file_of.argmin(own.line_of),
        line=own.line_of.min(),
    )
    for one in found.order_by(order).to_pyarrow().to_pylist():
        silent = (history.end - one["last"]).days
        yield Customer(
            name=mask(one["name"], "customer_id"),
            dataset=str(one["dataset"] or ""),
            line=int(one["line"] or 0),
            first=one["arrived"],
            second=one["second"],
            last=one["last"],
            days=int(one["days"]),
            amount=one["amount"] if history.amounts else None,
            silent=silent,
            gone=None if limit is None else silent > limit,
        )


@dataclass(frozen=True, slots=True)
class Order:
    """One order that the history counts: whose (hidden), when, how much, and where it stands."""

    name: str
    dataset: str
    line: int
    day: date
    amount: float | None


def orders_listed(engine: Engine, history: History, most: int = MOST_ORDERS) -> Iterator[Order]:
    """The orders behind all that a history tells, as they stand in the files."""
    rows = sales_of(engine)
    own = rows.filter(rows.person_key.isin(history.customers.person))
    for one in own.order_by("file_of", "line_of").limit(most).to_pyarrow().to_pylist():
        yield Order(
            name=mask(one["person_name"], "customer_id"),
            dataset=str(one["file_of"] or ""),
            line=int(one["line_of"] or 0),
            day=one["day_sold"],
            amount=one["paid"] if history.amounts else None,
        )
