"""Which part of the sales in the books stands in the CRM, by the number of the order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import ibis
import numpy as np
import pandas as pd

from crm_metrics.facts import Facts
from crm_metrics.metrics import intervals
from crm_metrics.metrics.catalogue.orders import amount_paid
from crm_metrics.metrics.deals_state import decided, won
from crm_metrics.metrics.derived import numbers_of, worked_out
from crm_metrics.metrics.expressions import YES
from crm_metrics.metrics.model import Limits, Value
from crm_metrics.store.together.record_keys import part_of_key

_ID = {"orders": "order_id", "deals": "deal_id"}
_COLUMNS = {
    "date": "date",
    "closed_at": "timestamp",
    "amount": "float64",
    "revenue": "float64",
    "stage": "string",
    "status": "string",
}
_LEAST = 30
Moment = pd.Timestamp | None
Why = Literal["only_books", "only_crm", "differing"]


@dataclass(frozen=True, slots=True)
class Apart:
    """An order in which the two files differ: why, its number, and where it stands in each.

    A line and an amount are None where the file has no such order, or does not name its amount.
    """

    why: Why
    number: str
    book_line: int | None
    book_amount: float | None
    crm_line: int | None
    crm_amount: float | None


@dataclass(frozen=True, slots=True)
class Registered:
    """The share of orders in the books that the CRM has too, and of their amount.

    Orders of the days that both files cover count. `only_books` and `only_crm` are orders of one
    file alone, `nameless` lines of either without a number, `differing` orders whose amounts differ
    by more than a hundredth. `apart` are the lines of these three, each with what it is.
    """

    value: Value
    amount: float | None
    both: int
    only_books: int
    only_crm: int
    nameless: int
    differing: int
    start: date | None
    end: date | None
    apart: tuple[Apart, ...] = ()


def registered_sales_share(crm: Facts, books: Facts) -> Registered:
    """Orders of both over orders in the books, Wilson's interval; n/a where no number is shared.

    Days of both files choose which orders are looked for, not where they may be found: an order of
    the last day of the books may be won in the CRM on the next.
    """
    ours, theirs = _orders(crm), _orders(books)
    nameless = ours.attrs["nameless"] + theirs.attrs["nameless"]
    days = [frame.attrs["days"] for frame in (ours, theirs)]
    start = end = None
    if all(one is not None for one in days):
        start, end = max(first for first, _ in days), min(last for _, last in days)
    sought, own = (_between(one, start, end) for one in (theirs, ours))
    both = sought.index.intersection(ours.index)
    alone, new = sought.index.difference(ours.index), own.index.difference(theirs.index)
    n, x = len(sought), len(both)
    pair = theirs.loc[both, "amount"], ours.loc[both, "amount"]
    off = (pair[0] - pair[1]).abs() > 0.01 * pair[0].abs()
    total = sought["amount"].sum()
    return Registered(
        value=_value(x, n),
        amount=float(pair[0].sum() / total) if total > 0 else None,
        both=x,
        only_books=n - x,
        only_crm=len(new),
        nameless=int(nameless),
        differing=int(off.sum()),
        start=start.date() if start is not None else None,
        end=end.date() if end is not None else None,
        apart=(
            *_apart("only_books", alone, theirs, ours),
            *_apart("differing", both[off.to_numpy(dtype=bool)], theirs, ours),
            *_apart("only_crm", new, theirs, ours),
        ),
    )


def _between(orders: pd.DataFrame, start: Moment, end: Moment) -> pd.DataFrame:
    if start is None or end is None:
        return orders
    return orders[orders["day"].between(start, end)]


def _apart(why: Why, numbers: pd.Index, books: pd.DataFrame, crm: pd.DataFrame) -> list[Apart]:
    """By the line of the books, else of the CRM."""
    places = [_places(frame[frame.index.isin(numbers)]) for frame in (books, crm)]
    found = []
    for one in numbers:
        in_books, in_crm = (own.get(one, _NOWHERE) for own in places)
        found.append(Apart(why, str(one), *in_books, *in_crm))
    return sorted(found, key=lambda one: (one.book_line or 0, one.crm_line or 0))


_Place = tuple[int | None, float | None]
_NOWHERE: _Place = (None, None)


def _places(frame: pd.DataFrame) -> dict[object, _Place]:
    """Line and amount by number."""
    return {
        number: (int(line), None if pd.isna(amount) else float(amount))
        for number, line, amount in zip(frame.index, frame["line"], frame["amount"], strict=True)
    }


def _value(x: int, n: int) -> Value:
    key, parts = "registered_sales_share", {"x": float(x), "n": float(n)}
    if not x:
        return worked_out(key, parts, flags=("no_shared_numbers" if n else "no_denominator",))
    low, high = intervals.wilson(np.array(float(x)), np.array(float(n)))
    flags = ("small_n",) if n < _LEAST else ()
    return worked_out(key, parts, numbers_of(np.array(x / n), low, high), flags=flags)


def _orders(facts: Facts) -> pd.DataFrame:
    """A line an order by its number: its line, day and amount, as the first of its lines says them.

    A deal is sold on the day on which it was won. The first and the last of the days that the file
    covers are those of all its lines: a lost deal tells of a day as well as one that is won.
    """
    name = _ID.get(facts.grain, "order_id")
    table = ibis.duckdb.connect().read_parquet(facts.path)
    kinds = _COLUMNS | {name: "string"}
    table = table.mutate(
        **{one: ibis.null(kind) for one, kind in kinds.items() if one not in table.columns}
    )
    of_deals, limits = facts.grain == "deals", Limits()
    created = table.date.cast("date")
    closed = ibis.ifelse(decided(table, limits), table.closed_at.cast("date"), ibis.null("date"))
    rows = table.select(
        number=part_of_key(table, name),
        line=table["__line"],
        first=ibis.least(created, closed) if of_deals else created,
        day=ibis.coalesce(closed, created) if of_deals else created,
        amount=amount_paid(table),
        sold=won(table, limits) if of_deals else YES,
    )
    frame = rows.order_by("line").to_pyarrow().to_pandas()
    for column in ("first", "day"):
        frame[column] = pd.to_datetime(frame[column])
    days = pd.concat([frame["first"], frame["day"]]).dropna()
    sold = frame[frame["sold"].astype(bool)]
    numbered = sold[sold["number"].notna()].drop_duplicates("number").set_index("number")
    numbered.attrs["nameless"] = int(sold["number"].isna().sum())
    numbered.attrs["days"] = (days.min(), days.max()) if len(days) else None
    return numbered
