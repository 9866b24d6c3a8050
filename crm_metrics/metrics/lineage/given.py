"""The lineage of rows that no metric of the catalogue counts: each given with what it adds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from crm_metrics.metrics.lineage.model import Lineage, SourceLine

FILE, LINE, Y, X = "from_file", "from_line", "adds", "of"
"""Columns of the rows: data set, line, what it adds to the numerator and to the denominator."""


def of_table(
    rows: ir.Table,
    fields: frozenset[str],
    first: int,
    *,
    left_out: Mapping[str, int] | None = None,
    adds_up: bool = True,
) -> Lineage:
    """The heaviest of the rows (FILE, LINE, Y and perhaps X) and what all of them add up to.

    `adds_up` is False where the sum of what they add means nothing (of lengths of time).
    """
    divides = X in rows.columns
    sums = {"total": rows.count(), "y": rows[Y].sum(), "x": rows[X if divides else Y].sum()}
    (line,) = rows.aggregate(**sums).to_pyarrow().to_pylist()
    total = int(line["total"])
    has_lines = rows[LINE].type().is_integer()
    order = [*([rows[X].abs().desc()] if divides else []), rows[Y].abs().desc(), FILE, LINE]
    heaviest = rows.order_by(order).limit(first).to_pyarrow().to_pylist() if has_lines else []
    lines = [
        SourceLine(
            str(one[FILE]),
            int(one[LINE]),
            float(one[Y]),
            float(one[X]) if divides else None,
            fields,
        )
        for one in heaviest
    ]
    added = {"y": float(line["y"] or 0)} | ({"x": float(line["x"] or 0)} if divides else {})
    out = {flag: count for flag, count in (left_out or {}).items() if count}
    return Lineage(tuple(lines), total, added if adds_up else {}, out, 0 if has_lines else total)


def of_arrays(
    places: tuple[NDArray[np.object_], NDArray[Any]],
    y: NDArray[np.float64],
    x: NDArray[np.float64] | None,
    fields: frozenset[str],
    first: int,
) -> Lineage:
    """The same of rows in memory: `places` are their data sets and lines."""
    files, numbers = places
    weights = y if x is None else x
    order = sorted(
        range(len(y)), key=lambda i: (-abs(weights[i]), -abs(y[i]), str(files[i]), numbers[i])
    )
    has_lines = all(isinstance(one, int | np.integer) for one in numbers)
    lines = [
        SourceLine(
            str(files[i]),
            int(numbers[i]),
            float(y[i]),
            None if x is None else float(x[i]),
            fields,
        )
        for i in (order[:first] if has_lines else ())
    ]
    added = {"y": float(y.sum())} | ({} if x is None else {"x": float(x.sum())})
    return Lineage(tuple(lines), len(y), added, {}, 0 if has_lines else len(y))
