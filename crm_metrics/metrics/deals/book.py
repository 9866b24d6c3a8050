"""All deals as columns in memory: their state, dates, amounts, and the stages that they reached."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crm_metrics.metrics.deals.history import Stamps, stamps
from crm_metrics.metrics.deals_state import decided, known, unknown, won
from crm_metrics.metrics.filtering import kept
from crm_metrics.metrics.ground import Engine, grains_of, ground, mapped_of, parts_of
from crm_metrics.metrics.intervals import Floats
from crm_metrics.metrics.model import Filters, Limits
from crm_metrics.metrics.worked_out import WATCHED_UNTIL

GRAIN = "deals"
Days = NDArray[np.datetime64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Book:
    """Deals of which it is said whether they are won, lost or open, one place each.

    `created` and `closed` are days (NaT where unknown; a closing day of an open deal is a plan and
    is not here), `amount` and `probability` NaN where blank, `stage` a place in `names` (-1 for
    none). `stamps` is a row of days a deal and a column a stage on which it was reached: where only
    that is known and not when, the day of creation; None without a history. `files` and `lines` are
    where the deals stand, `end` is the last day that the data tell of. `unknown` deals have a stage
    in words that nobody gave a meaning. `unnamed` amounts name no currency beside those of one.
    """

    created: Days
    closed: Days
    is_won: Bools
    is_open: Bools
    amount: Floats
    probability: Floats
    stage: Ints
    names: tuple[str, ...]
    stamps: Stamps | None
    files: NDArray[np.object_]
    lines: NDArray[Any]
    end: date
    currencies: tuple[str, ...] = ()
    unnamed: int = 0
    unknown: int = 0
    several_pipelines: bool = False

    @property
    def has_amounts(self) -> bool:
        """Whether amounts are there and may be added."""
        return len(self.currencies) < 2 and bool(np.isfinite(self.amount).any())

    @property
    def currency(self) -> str | None:
        """The currency of all amounts, None where it is not known."""
        return self.currencies[0] if len(self.currencies) == 1 else None

    def of(self, rows: Bools) -> Book:
        """Some of the deals."""
        own = self.stamps and self.stamps.of(rows)
        parts = ("created", "closed", "is_won", "is_open", "amount", "probability", "stage")
        each = (*parts, "files", "lines")
        return replace(self, stamps=own, **{name: getattr(self, name)[rows] for name in each})


def book(engine: Engine, filters: Filters | None = None) -> Book | None:
    """The deals that the filters keep, whatever their period; None where there are none.

    What is in work is in work now: a period chooses nothing of it. Of deals in several places the
    first is read. Raises NotFoundError where deals have no such column.
    """
    parts = [part for part in parts_of(engine) if GRAIN in grains_of(part)]
    if not parts or mapped_of(parts[0], GRAIN).isdisjoint({"stage", "status"}):
        return None
    part = parts[0]
    table, _ = ground(part, GRAIN)
    keep = kept(part, GRAIN, table, replace(filters or Filters(), start=None, end=None))
    if keep is None:
        return None
    limits = Limits()
    history, columns = stamps(part, table)
    rows = table.select(
        kept=keep,
        created=table.date.cast("date"),
        closed=table.closed_at.cast("date"),
        known=known(table, limits),
        unknown=unknown(table, limits),
        decided=decided(table, limits),
        won=won(table, limits),
        amount=table.amount.cast("float64"),
        probability=table.probability.cast("float64"),
        stage=table.stage.cast("string").strip(),
        currency=table.currency,
        pipeline=table.pipeline,
        end=table[WATCHED_UNTIL],
        file=table["__dataset"],
        line=table["__line"],
        **columns,
    )
    frame = rows.filter(rows.kept).drop("kept").to_pyarrow().to_pandas()
    deals = frame[frame["known"].astype(bool)]
    if deals.empty:
        return None
    ended = deals["decided"].to_numpy(dtype=bool)
    stage = _as_most_write(deals["stage"])
    names = tuple(sorted(stage.dropna().unique()))
    place = {name: i for i, name in enumerate(names)}
    amounts = deals["amount"].notna()
    currencies = tuple(sorted(deals["currency"][amounts].dropna().unique()))
    unnamed = int(deals["currency"][amounts].isna().sum()) if len(currencies) == 1 else 0
    return Book(
        created=_days(deals["created"]),
        closed=np.where(ended, _days(deals["closed"]), np.datetime64("NaT", "D")),
        is_won=deals["won"].to_numpy(dtype=bool),
        is_open=~ended,
        amount=deals["amount"].to_numpy(dtype=float),
        probability=deals["probability"].to_numpy(dtype=float),
        stage=stage.map(place).fillna(-1).to_numpy(dtype=np.int64),
        names=names,
        stamps=history.read(deals, names) if history else None,
        files=deals["file"].to_numpy(dtype=object),
        lines=deals["line"].to_numpy(),
        end=_end(deals["end"]),
        currencies=currencies,
        unnamed=unnamed,
        unknown=int(frame["unknown"].fillna(value=False).sum()),
        several_pipelines=len(deals["pipeline"].dropna().unique()) > 1,
    )


def _as_most_write(names: pd.Series) -> pd.Series:
    """Stages that differ in case alone as one, in the way that most deals have it."""
    counts = names.value_counts()
    usual: dict[str, str] = {}
    for name in sorted(counts.index, key=lambda name: (-counts[name], name)):
        usual.setdefault(name.casefold(), name)
    return names.map({name: usual[name.casefold()] for name in counts.index})


def _days(column: object) -> Days:
    return np.array(column, dtype="datetime64[D]")


def _end(moments: pd.Series) -> date:
    """The last day; where no deal is dated there is nothing to hold against it."""
    known = moments.dropna()
    return known.max().date() if len(known) else date.min
