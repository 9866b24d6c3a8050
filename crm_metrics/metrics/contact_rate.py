"""How often customers write to us: conversations over customers, not over those who wrote."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import numpy as np

from crm_metrics.metrics import intervals
from crm_metrics.metrics.catalogue.orders import sale
from crm_metrics.metrics.derived import numbers_of, worked_out
from crm_metrics.metrics.expressions import YES
from crm_metrics.metrics.filtering import kept
from crm_metrics.metrics.ground import Engine, grains_of, ground, mapped_of, parts_of
from crm_metrics.metrics.model import Filters, Limits, Missing, Value
from crm_metrics.metrics.people import PEOPLE
from crm_metrics.metrics.segments.persons import names_people
from crm_metrics.metrics.values import FEW_UNITS, mean_parts
from crm_metrics.metrics.waits import by_client
from crm_metrics.store.together.record_keys import part_of_key

CONTACT_RATE = "contact_rate_in"
NOT_MATCHED, OTHERS_LEFT_OUT = "customers_not_matched", "others_left_out"
_CUSTOMERS = ("orders", "contacts")


def contact_rate(engine: Engine, filters: Filters | None = None) -> Value | Missing:
    """Conversations that customers began in the period over the customers of the period.

    Customers are those with an order in the period; without orders, everybody with a card. They are
    found in conversations by the first of `PEOPLE` under which most of these are theirs: the value
    is the mean over customers, those who never wrote among them, with Student's interval. Where no
    such field is shared, it is all conversations over all customers, without an interval
    ("customers_not_matched"). Filters but the period narrow the conversations alone.
    """
    filters = filters or Filters()
    talks = [part for part in parts_of(engine) if "conversations" in grains_of(part)]
    if not talks:
        return Missing(CONTACT_RATE, "conversations", ())
    named = where_customers_are(engine)
    if named is None:
        known = [grain for grain in _CUSTOMERS if grain in grains_of(engine)]
        return Missing(CONTACT_RATE, known[0] if known else "orders", PEOPLE[:1] if known else ())
    part, grain = named
    places = ((place, _begun(place, filters)) for place in talks)
    began = {place: rows for place, rows in places if rows is not None}
    customers = rows_of_customers(part, grain, filters)
    if not began or customers is None:
        return worked_out(CONTACT_RATE, {"n": 0.0}, flags=("no_data",))
    fields = [one for one in PEOPLE if one in mapped_of(part, grain)]
    # People are known again within a place alone.
    here = mapped_of(part, "conversations") if part in began else frozenset[str]()
    found = [_matched(began[part], customers, one) for one in fields if one in here]
    best = max(found, key=lambda sums: sums["sum"], default=None)
    total = float(sum(rows.count().to_pyarrow().as_py() for rows in began.values()))
    if best and best["sum"]:
        return _of_matched(best, total)
    people = max(_people(customers, one) for one in fields)
    value = total / people if people else None
    sums = {"sum": total, "n": people}
    flags = (NOT_MATCHED,) if people else ("no_customers",)
    return worked_out(CONTACT_RATE, sums, (value, None, None), variant="of_totals", flags=flags)


def where_customers_are(engine: Engine) -> tuple[Engine, str] | None:
    """The place and the grain that tell who the customers are; None where none names people."""
    places = ((part, grain) for grain in _CUSTOMERS for part in parts_of(engine))
    return next(
        (one for one in places if one[1] in grains_of(one[0]) and names_people(*one)),
        None,
    )


def _of_matched(sums: dict[str, float], total: float) -> Value:
    arrays = {name: np.array(number) for name, number in sums.items()}
    value, variance, n = mean_parts(arrays)
    low, high = intervals.student(value, variance, n - 1, np.array(intervals.ALPHA))
    said = (("few_units", sums["n"] < FEW_UNITS), (OTHERS_LEFT_OUT, total > sums["sum"]))
    flags = tuple(flag for flag, holds in said if holds)
    ends = (np.float64(value), np.maximum(low, 0.0), high)
    return worked_out(
        CONTACT_RATE, {**sums, "others": total - sums["sum"]}, numbers_of(*ends), flags=flags
    )


def _begun(engine: Engine, filters: Filters) -> ir.Table | None:
    table, _ = ground(engine, "conversations")
    keep = kept(engine, "conversations", table, filters)
    return None if keep is None else table.filter(keep & by_client(table, Limits()))


def rows_of_customers(engine: Engine, grain: str, filters: Filters) -> ir.Table | None:
    """The rows that name customers of the period; a card counts from the day it was made."""
    table, _ = ground(engine, grain)
    if grain == "contacts":
        theirs = kept(engine, grain, table, Filters(segment=filters.segment))
        if theirs is None:
            return None
        table = table.filter(theirs)
        made = table.date.cast("date")
        before = YES if filters.end is None else (made <= filters.end).fill_null(YES)
        return table.filter(before)
    span = Filters(start=filters.start, end=filters.end, segment=filters.segment)
    keep = kept(engine, grain, table, span)
    return None if keep is None else table.filter(keep & sale(table, Limits()))


def _matched(began: ir.Table, customers: ir.Table, field: str) -> dict[str, float]:
    """The sum and the squares of conversations per customer, and how many customers there are."""
    people = _keys(customers, field).distinct()
    wrote = _keys(began, field)
    counts = wrote.group_by("who").aggregate(times=wrote.count())
    joined = people.left_join(counts, "who").select(times=ibis.coalesce(counts.times, 0))
    times = joined.times.cast("float64")
    line = joined.aggregate(sum=times.sum(), squares=(times * times).sum(), n=joined.count())
    return {name: float(number or 0) for name, number in line.to_pyarrow().to_pylist()[0].items()}


def _people(customers: ir.Table, field: str) -> float:
    return float(_keys(customers, field).who.nunique().to_pyarrow().as_py())


def _keys(rows: ir.Table, field: str) -> ir.Table:
    found = rows.select(who=part_of_key(rows, field))
    return found.filter(found.who.notnull())
