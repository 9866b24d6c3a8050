"""Which dimensions a cube has: as many as leave it much smaller than the facts."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from crm_metrics.metrics.cube.model import DAY
from crm_metrics.schema import FIELDS, kind_of

_FIRST = (
    *("channel", "platform", "account", "campaign_id", "campaign_name", "message_type"),
    *("segment", "variant", "source"),
)
"""What pages group and filter by; other categories follow, then the columns without a field."""

_LOOKED_AT = 250_000  # rows
_SMALL = 20_000  # rows: a cube of so many is no matter
_LEAST_SHRUNK = 4  # times
_MOST_CELLS = 10_000_000
_MOST = 24  # columns


def chosen(
    table: ir.Table, grain: str, mapped: Collection[str], *, rows: int, metrics: int
) -> tuple[str, ...] | None:
    """Columns of `table` for a cube of so many metrics, None where even days are too many.

    Of few rows (`rows` says how many there are) a cube has no more, whatever its columns.

    How many rows a cube will have is counted over whole days, as many as hold 250,000 facts, and
    taken times the other days: each day has rows of its own.
    """
    candidates = _candidates(table, grain, mapped)[:_MOST]
    if rows <= _SMALL and rows * 5 * metrics <= _MOST_CELLS:
        return tuple(candidates)
    day = table.date.cast("date")
    counts = table.group_by(day.name(DAY)).aggregate(rows=table.count()).to_pyarrow()
    sample = _sample(counts.sort_by(DAY), rows)
    looked_at = table.select(day.name(DAY), *(table[name].cast("string") for name in candidates))
    if len(sample) < counts.num_rows:
        looked_at = looked_at.filter(looked_at[DAY].isin(sample))
    seen = looked_at.distinct().to_pyarrow()
    share = len(sample) / counts.num_rows if counts.num_rows else 1.0
    most = min(_MOST_CELLS // max(5 * metrics, 1), max(rows // _LEAST_SHRUNK, _SMALL))
    return _fitting(seen, candidates, most * share)


def _candidates(table: ir.Table, grain: str, mapped: Collection[str]) -> list[str]:
    own = [name for name in table.columns if name in mapped and name in FIELDS]
    categories = [
        name
        for name in own
        if kind_of(name, grain) == "category" and not FIELDS[name].personal and name not in _FIRST
    ]
    headers = [name for name in table.columns if name.startswith("d_")]
    first = [name for name in _FIRST if name in own or name in ("channel", "platform")]
    return [*first, *categories, *headers]


def _sample(counts: pa.Table, rows: int) -> list[object]:
    """Days at equal steps that hold about so many rows as are looked at; all where they may."""
    days = counts[DAY].to_pylist()
    step = max(1, -(-rows // _LOOKED_AT))
    return days[step // 2 :: step] or days[:1]


def _fitting(seen: pa.Table, candidates: Sequence[str], most: float) -> tuple[str, ...] | None:
    """The candidates, but those that would bring more than so many different rows."""
    kept: list[str] = []
    codes = _codes(seen[DAY])
    if len(np.unique(codes)) > most:
        return None
    for name in candidates:
        own = _codes(seen[name])
        together, places = np.unique(codes * (own.max(initial=0) + 1) + own, return_inverse=True)
        if len(together) <= most:
            kept.append(name)
            codes = places
    return tuple(kept)


def _codes(column: pa.ChunkedArray) -> np.ndarray:
    encoded = column.combine_chunks().dictionary_encode(null_encoding="encode")
    return encoded.indices.to_numpy().astype(np.int64)
