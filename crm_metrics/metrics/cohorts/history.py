"""Each person's orders in their order: made once from the facts, asked again and again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from operator import or_

import ibis
import ibis.expr.types as ir

from crm_metrics.facts.stray import Days
from crm_metrics.metrics.catalogue.orders import amount_paid, went_back
from crm_metrics.metrics.cohorts.numbered import (
    FIRST,
    GRAIN,
    by_person,
    in_order,
    kinds_of,
    rows_of_orders,
)
from crm_metrics.metrics.cohorts.sums import by_age, by_gap
from crm_metrics.metrics.expressions import NO
from crm_metrics.metrics.filtering import kept
from crm_metrics.metrics.ground import Engine, column_of, days_of, grains_of, ground, parts_of
from crm_metrics.metrics.ground import mapped_of as _mapped
from crm_metrics.metrics.model import Filters, Missing
from crm_metrics.metrics.people import PEOPLE, key_of_person, person_of
from crm_metrics.metrics.segments.membership import who_is_in

_MOST_KINDS = 500  # of customers, by what their first orders say, of whom sums are kept
_ORDERS = "orders_by_person"
_DATES = ("date", "created_at", "paid_at")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What of the orders' rows does not stand in the history, and what stands in it oddly.

    `returned` rows (returns, cancellations, amounts below zero) with their `returned_amount`
    (None where amounts are not known, or are of several currencies),
    `nameless` sales of nobody known and `undated` ones are out; `zero` sales of 0 count as orders
    and are in. `no_currency` amounts name none beside others of one currency, and count as of it.
    `several_places` says that other orders stay in a data base and are not counted.
    """

    rows: int = 0
    returned: int = 0
    returned_amount: float | None = 0.0
    nameless: int = 0
    undated: int = 0
    zero: int = 0
    no_currency: int = 0
    several_places: bool = False


@dataclass(frozen=True, slots=True)
class History:
    """Sales by person and day; all orders of a person on one day are one purchase.

    `orders`: person (a number), day, amount, gap (days since the person's order before, null for
    the first), arrived (the day of the first), new_month (whether it is the person's first order
    in its month). `customers`, a row a person: arrived, second and last day, days (different ones
    with an order), amount, first_amount (of the first day). Both have the `kind` of the first
    order, and `kinds` says what orders of each kind say: see `numbered.kinds_of`. `ages` and `gaps`
    are sums of the orders by kind: see `sums`.
    `amounts` is False where no field gives one, or `currencies` are several and must not be added.
    """

    orders: ir.Table
    customers: ir.Table
    kinds: ir.Table
    ages: ir.Table
    gaps: ir.Table
    start: date
    end: date
    out: LeftOut
    amounts: bool
    currencies: tuple[str, ...]
    people: int

    @property
    def currency(self) -> str | None:
        """The currency of all amounts, None where it is not known."""
        return self.currencies[0] if len(self.currencies) == 1 else None

    @property
    def doubts(self) -> tuple[str, ...]:
        """Flags of what is made of the amounts."""
        return ("currency_unknown",) if self.amounts and self.out.no_currency else ()

    @property
    def mixed(self) -> bool:
        """Whether amounts of several currencies stand side by side."""
        return len(self.currencies) > 1


def lacks(engine: Engine) -> Missing | None:
    """What the orders lack for a history of customers; None where there is one."""
    if GRAIN not in grains_of(engine):
        return Missing("retention_rate", GRAIN, ("customer_id", "date", "amount"))
    mapped = _mapped(engine, GRAIN)
    needs = [] if mapped.intersection(PEOPLE) else ["customer_id"]
    needs += [] if mapped.intersection(_DATES) else ["date"]
    return Missing("retention_rate", GRAIN, tuple(needs)) if needs else None


def history(engine: Engine, filters: Filters | None = None) -> History | None:
    """The history of the customers whose first orders the filters keep; None where there is none.

    A filter tells which customers are meant (those who came by a channel, with a product), by the
    orders of their first day; all their later orders count. Its period is not looked at: the time
    of customers is the month of their first order, and what follows it lies later. Raises
    NotFoundError where the orders have no such column.
    """
    if lacks(engine):
        return None
    found = engine.once("customer_history", lambda: _found(engine))
    filters = replace(filters or Filters(), start=None, end=None)
    if found is None or filters == Filters():
        return found
    return _of_some(engine, found, filters)


def history_until(whole: History, day: date) -> History | None:
    """The history as it stood at the end of a day; None where nobody had ordered by then.

    What is left out is told of the whole, and so is the currency.
    """
    if day >= whole.end:
        return whole
    orders = whole.orders.filter(whole.orders.day <= ibis.literal(day))
    found = _of(whole, orders, by_person(orders))
    return replace(found, end=day) if found.people else None


def sales_of(engine: Engine) -> ir.Table:
    """Every sale of somebody known with a day, and where it stands.

    Columns: person_key (as `person` of the history), person_name, day_sold, paid, file_of, line_of.
    """
    rows = orders_of(engine, Filters())
    return rows.filter(rows.person_name.notnull() & rows.day_sold.notnull() & ~rows.back)


def orders_of(engine: Engine, filters: Filters) -> ir.Table:
    """Every row of orders, what went back and what names nobody among them.

    Columns: those of `sales_of`, back, and asked (whether the filters keep the row by itself).
    """
    part, _ = _part(engine)
    table, _ = ground(part, GRAIN)
    person = person_of(table)
    keep = kept(part, GRAIN, table, filters)
    return table.select(
        person_key=key_of_person(person),
        person_name=person,
        day_sold=table.date.cast("date"),
        paid=amount_paid(table),
        file_of=table["__dataset"],
        line_of=table["__line"],
        back=went_back(table),
        asked=NO if keep is None else keep.fill_null(NO),
    )


def _of_some(engine: Engine, whole: History, filters: Filters) -> History | None:
    part, _ = _part(engine)
    chosen: list[Callable[[ir.Table], ir.BooleanValue]] = []
    if filters.channels or filters.campaigns or filters.equal:
        kinds = _kinds_asked(part, whole, filters)
        if kinds is None:
            return None
        found = kinds.select("kind").limit(_MOST_KINDS).to_pyarrow().column(0).to_pylist()
        numbers = found if len(found) < _MOST_KINDS else kinds["kind"]
        chosen.append(lambda table: table.kind.isin(numbers))
    if filters.segment is not None:
        theirs = who_is_in(part, filters.segment)
        if theirs is None:
            return None
        chosen.append(lambda table: table.person.isin(theirs["key"]))

    def of_theirs(table: ir.Table) -> ir.Table:
        return table.filter(*(one(table) for one in chosen))

    some = _of(whole, of_theirs(whole.orders), of_theirs(whole.customers))
    # Sums do not tell the people of a segment apart.
    by_kind = filters.segment is None
    return (
        replace(some, ages=of_theirs(whole.ages), gaps=of_theirs(whole.gaps)) if by_kind else some
    )


def _of(whole: History, orders: ir.Table, customers: ir.Table) -> History:
    """The history of some of its orders, and of their customers."""
    (line,) = customers.aggregate(people=customers.count()).to_pyarrow().to_pylist()
    return replace(
        whole,
        orders=orders,
        customers=customers,
        ages=by_age(orders),
        gaps=by_gap(orders),
        people=int(line["people"]),
    )


def _kinds_asked(part: Engine, whole: History, filters: Filters) -> ir.Table | None:
    """The kinds of first orders that the filters keep; None where one asks what is not kept."""
    asked: list[tuple[tuple[str, ...], tuple[str, ...]]] = [
        ((name,), values) for name, values in (("channel", filters.channels), *filters.equal)
    ]
    asked.append((("campaign_name", "campaign_id"), filters.campaigns))
    kinds = whole.kinds
    for names, values in asked:
        if values:
            own = [one for name in names if (one := _first(part, name, whole))]
            if not own:
                return None
            kinds = kinds.filter(_any_in(kinds, own, values))
    return kinds


def _any_in(table: ir.Table, names: Sequence[str], values: Sequence[str]) -> ir.BooleanValue:
    """Whether one of the columns has one of the values."""
    return reduce(or_, (table[name].isin(values).fill_null(NO) for name in names))


def _first(part: Engine, name: str, whole: History) -> str | None:
    """The column of what orders of a kind say of this; None where it is not kept."""
    column = column_of(part, GRAIN, ground(part, GRAIN)[0], name)
    own = "" if column is None else f"{FIRST}{column.get_name()}"
    return own if own in whole.kinds.columns else None


def _part(engine: Engine) -> tuple[Engine, bool]:
    """The place whose orders are read, and whether orders stand elsewhere too."""
    parts = [part for part in parts_of(engine) if GRAIN in grains_of(part)]
    return parts[0], len(parts) > 1


def _found(engine: Engine) -> History | None:
    part, several = _part(engine)
    table, _ = ground(part, GRAIN)
    kinds = part.saved("kinds_of_orders", kinds_of(part, table))
    rows = part.saved(_ORDERS, rows_of_orders(part, table, kinds))
    out, span = _account(rows, days_of(part, GRAIN), several=several)
    if span is None:
        return None
    currencies, unnamed = _currencies(table)
    out = replace(out, no_currency=unnamed if len(currencies) == 1 else 0)
    amounts = not _mapped(part, GRAIN).isdisjoint({"amount", "revenue"}) and len(currencies) < 2
    orders = part.saved(_ORDERS, in_order(rows))
    customers = part.saved("customers_by_arrival", by_person(orders))
    counts = customers.aggregate(people=customers.count(), kinds=customers.kind.nunique())
    (line,) = counts.to_pyarrow().to_pylist()
    few = int(line["kinds"]) <= _MOST_KINDS
    ages, gaps = by_age(orders), by_gap(orders)
    return History(
        orders=orders,
        customers=customers,
        kinds=kinds,
        ages=part.saved("orders_by_age", ages) if few else ages,
        gaps=part.saved("orders_by_gap", gaps) if few else gaps,
        start=span[0],
        end=span[1],
        out=out if amounts else replace(out, returned_amount=None),
        amounts=amounts,
        currencies=currencies,
        people=int(line["people"]),
    )


def _account(rows: ir.Table, usual: Days | None, *, several: bool) -> tuple[LeftOut, Days | None]:
    """What does not count, and the first and the last day of what does, within the usual days."""
    sale = ~rows.back
    named, dated = rows.person.notnull(), rows.day.notnull()
    counts = sale & named & dated
    within = rows.day.between(*map(ibis.literal, usual)) if usual else NO
    sums = rows.aggregate(
        rows=rows.count(),
        returned=rows.back.sum(),
        returned_amount=rows.amount.abs().sum(where=rows.back),
        nameless=(sale & ~named).sum(),
        undated=(sale & named & ~dated).sum(),
        zero=(counts & (rows.amount == 0)).sum(),
        first=rows.day.min(where=counts & within),
        last=rows.day.max(where=sale & within),
    )
    (line,) = sums.to_pyarrow().to_pylist()
    names = ("rows", "returned", "nameless", "undated", "zero")
    out = LeftOut(
        **{name: int(line[name] or 0) for name in names},
        returned_amount=float(line["returned_amount"] or 0),
        several_places=several,
    )
    return out, (line["first"], line["last"]) if line["first"] else None


def _currencies(table: ir.Table) -> tuple[tuple[str, ...], int]:
    """Two at most, for more than one is one too many; and how many amounts name none."""
    ends = table.aggregate(
        low=table.currency.min(),
        high=table.currency.max(),
        unnamed=(table.currency.isnull() & amount_paid(table).notnull()).sum(),
    )
    (line,) = ends.to_pyarrow().to_pylist()
    unnamed = int(line.pop("unnamed") or 0)
    return tuple(sorted({str(code) for code in line.values() if code is not None})), unnamed
