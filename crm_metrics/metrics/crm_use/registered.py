"""Which part of the sales in the books stands in the CRM, by the number of the order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from crm_metrics.facts import Facts
from crm_metrics.metrics import intervals
from crm_metrics.metrics.derived import numbers_of, worked_out
from crm_metrics.metrics.model import Value

_ID = {"orders": "order_id", "deals": "deal_id"}
_LEAST = 30


@dataclass(frozen=True, slots=True)
class Registered:
    """The share of orders in the books that the CRM has too, and of their amount.

    Orders of the days that both files cover count. `only_books` and `only_crm` are orders of one
    file alone, `nameless` lines of either without a number, `differing` orders whose amounts differ
    by more than a hundredth.
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


def registered_sales_share(crm: Facts, books: Facts) -> Registered:
    """Orders of both over orders in the books, Wilson's interval; n/a where no number is shared."""
    ours, theirs = _orders(crm), _orders(books)
    nameless = ours.attrs["nameless"] + theirs.attrs["nameless"]
    days = [frame.attrs["days"] for frame in (ours, theirs)]
    start = end = None
    if all(one is not None for one in days):
        start, end = max(first for first, _ in days), min(last for _, last in days)
        ours, theirs = (one[one["day"].between(start, end)] for one in (ours, theirs))
    both = theirs.index.intersection(ours.index)
    n, x = len(theirs), len(both)
    pair = theirs.loc[both, "amount"], ours.loc[both, "amount"]
    off = (pair[0] - pair[1]).abs() > 0.01 * pair[0].abs()
    total = theirs["amount"].sum()
    return Registered(
        value=_value(x, n),
        amount=float(pair[0].sum() / total) if total > 0 else None,
        both=x,
        only_books=n - x,
        only_crm=len(ours) - x,
        nameless=int(nameless),
        differing=int(off.sum()),
        start=start.date() if start is not None else None,
        end=end.date() if end is not None else None,
    )


def _value(x: int, n: int) -> Value:
    key, parts = "registered_sales_share", {"x": float(x), "n": float(n)}
    if not x:
        return worked_out(key, parts, flags=("no_shared_numbers" if n else "no_denominator",))
    low, high = intervals.wilson(np.array(float(x)), np.array(float(n)))
    flags = ("small_n",) if n < _LEAST else ()
    return worked_out(key, parts, numbers_of(np.array(x / n), low, high), flags=flags)


def _orders(facts: Facts) -> pd.DataFrame:
    """A line an order by its number: day and amount, as the first of its lines say them.

    The first and the last of the days that the file covers are those of all its lines: a deal that
    is not won tells of a day as well as one that is.
    """
    known = pq.read_schema(facts.path).names
    name = _ID.get(facts.grain, "order_id")
    wanted = [one for one in (name, "date", "amount", "revenue", "status") if one in known]
    frame = pq.read_table(facts.path, columns=wanted).to_pandas()
    if name not in frame:
        frame[name] = None
    covered = pd.to_datetime(frame.get("date", pd.Series(dtype="datetime64[ns]"))).dropna()
    if facts.grain == "deals" and "status" in frame:
        frame = frame[frame["status"] == "won"]
    number = frame[name].astype("string").str.strip().str.lower().str.lstrip("0").replace("", pd.NA)
    amount = frame["amount"] if "amount" in frame else frame.get("revenue", np.nan)
    made = pd.DataFrame(
        {"number": number, "day": pd.to_datetime(frame.get("date")), "amount": amount}
    )
    kept = made[made["number"].notna()].drop_duplicates("number").set_index("number")
    kept.attrs["nameless"] = int(made["number"].isna().sum())
    kept.attrs["days"] = (covered.min(), covered.max()) if len(covered) else None
    return kept
