"""The lines behind numbers of customers' histories, and behind what winning one costs."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date
from functools import partial

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.cohorts import History, history, retention, returning
from crm_metrics.metrics.cohorts.history import orders_of, sales_of
from crm_metrics.metrics.cohorts.returning import WINDOW, Asked, gone, ordered_again
from crm_metrics.metrics.cohorts.rfm import TOP
from crm_metrics.metrics.cohorts.sums import age_of
from crm_metrics.metrics.expressions import NO
from crm_metrics.metrics.ground import Engine
from crm_metrics.metrics.lineage.asking import Behind, Counted, Source
from crm_metrics.metrics.lineage.given import FILE, LINE, X, Y, of_table
from crm_metrics.metrics.lineage.model import Lineage
from crm_metrics.metrics.model import Filters, Value
from crm_metrics.metrics.people import PEOPLE
from crm_metrics.metrics.value.overview import whole_history
from crm_metrics.metrics.value.spending import covered_days, spending

_FIELDS = frozenset({*PEOPLE, "amount", "revenue"})


def of_history(engine: Engine, value: Value, behind: Behind) -> Iterator[tuple[str, Source]]:
    """The components of a number of whole histories: customers, their orders, or their pauses."""
    found = history(engine, whole_history(behind.filters))
    if found is None:
        return
    key = value.metric
    if key == "retention_rate":
        yield "returned", _customers(engine, *_of_age(found, value), counts=True)
    elif key == "repeat_within":
        yield "again", _share(engine, found, ordered_again(found, WINDOW))
    elif key == "churn_rate":
        yield "gone", _share(engine, found, gone(found, _limit(found, behind)))
    elif key in ("time_between_median", "time_between_p90"):
        yield "pauses", partial(_pauses, engine, found)
    elif key == "pareto_share":
        ordered = found.customers.order_by(ibis.desc("amount"), "person")
        best = ordered.limit(math.ceil(TOP * found.people))
        yield "best", _customers(engine, best, best.amount.fill_null(0.0))
        yield "orders", partial(_orders, engine, found, whole_history(behind.filters))
    else:
        yield "orders", partial(_orders, engine, found, whole_history(behind.filters))
        if key == "ltv_simple":
            silent = gone(found, _limit(found, behind)).did
            yield "gone", _customers(engine, found.customers, silent)


def of_winning(engine: Engine, value: Value, behind: Behind) -> Iterator[tuple[str, Source]]:
    """The components of CAC, and of what is made with it: spend, new customers, and orders."""
    whole, spent = history(engine), spending(engine)
    period = Filters(start=behind.filters.start, end=behind.filters.end)
    days = spent and whole and covered_days(spent, (whole.start, whole.end), period)
    if value.metric != "cac":
        own = history(engine, whole_history(behind.filters))
        if own is not None:
            yield "orders", partial(_orders, engine, own, whole_history(behind.filters))
    if whole is None or not days:
        return
    yield "spend", Counted("spend", "spend", "sum", Filters(start=days[0], end=days[1]))
    arrived = whole.customers.arrived
    new = whole.customers.filter(arrived.between(*map(ibis.literal, days)))
    yield "new_customers", _customers(engine, new, ibis.literal(1.0))


def _limit(found: History, behind: Behind) -> int:
    return behind.limit or returning(found).limit or 0


def _of_age(found: History, value: Value) -> tuple[ir.Table, ir.Value]:
    """The customers of the cohorts that have seen an age, and whether each ordered in its month."""
    age = int(value.group.get("age") or 1)
    named = value.group.get("cohort")
    months = [
        one.month
        for one in retention(found).cohorts
        if len(one.cells) >= age
        and one.cells[age - 1].value is not None
        and named in (None, one.month.isoformat())
    ]
    orders, people = found.orders, found.customers
    active = orders.filter(age_of(orders) == age).select(again="person").distinct()
    own = people.filter(people.arrived.truncate("M").isin(months or [date.min]))
    joined = own.left_join(active, own.person == active.again)
    return joined, joined.again.notnull()


def _share(engine: Engine, found: History, asked: Asked) -> Source:
    return _customers(engine, found.customers.filter(asked.old), asked.did, counts=True)


def _customers(engine: Engine, people: ir.Table, y: ir.Value, *, counts: bool = False) -> Source:
    """Customers, each at the line of an order of the first day; `counts` divides by each as 1."""
    own = people.select("person", day="arrived", y=y.cast("float64").fill_null(0.0))
    return partial(_at_orders, engine, own, counts=counts)


def _pauses(engine: Engine, found: History, first: int) -> Lineage:
    """Orders that came after a pause, each with its days."""
    orders = found.orders.filter(found.orders.gap > 0)
    own = orders.select("person", "day", y=orders.gap.cast("float64"))
    return _at_orders(engine, own, first, adds_up=False)


def _at_orders(
    engine: Engine, own: ir.Table, first: int, *, counts: bool = False, adds_up: bool = True
) -> Lineage:
    """Rows of (person, day, y), each at the first line of the person's orders of that day."""
    sales = sales_of(engine)
    lines = sales.group_by("person_key", "day_sold").aggregate(
        **{FILE: sales.file_of.argmin(sales.line_of), LINE: sales.line_of.min()}
    )
    at = own.inner_join(lines, [own.person == lines.person_key, own.day == lines.day_sold])
    x = {X: ibis.literal(1.0)} if counts else {}
    rows = at.select(FILE, LINE, **{Y: at.y}, **x)
    return of_table(rows, _FIELDS, first, adds_up=adds_up)


def _orders(engine: Engine, found: History, filters: Filters, first: int) -> Lineage:
    """Every order of the customers with what was paid, and what of the orders does not count."""
    sales = sales_of(engine)
    own = sales.filter(sales.person_key.isin(found.customers.person))
    paid = own.paid.fill_null(0.0) if found.amounts else ibis.literal(1.0)
    rows = own.select(**{FILE: own.file_of, LINE: own.line_of, Y: paid})
    return of_table(rows, _FIELDS, first, left_out=_left_out(engine, found, filters))


def _left_out(engine: Engine, found: History, filters: Filters) -> dict[str, int]:
    """Rows that do not count: of the customers, and of those that name none what is filtered by."""
    rows, whole = orders_of(engine, filters), history(engine)
    theirs = rows.person_key.isin(found.customers.person).fill_null(NO)
    known = rows.person_key.isin((whole or found).customers.person).fill_null(NO)
    under = rows.filter(theirs | (rows.asked & ~known))
    sale, named = ~under.back, under.person_key.notnull()
    (line,) = (
        under.aggregate(
            returns_left_out=under.back.sum(),
            nameless_left_out=(sale & ~named).sum(),
            undated_orders_left_out=(sale & named & under.day_sold.isnull()).sum(),
        )
        .to_pyarrow()
        .to_pylist()
    )
    return {flag: int(count or 0) for flag, count in line.items()}
