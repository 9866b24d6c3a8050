"""The lineage of rows that are given with what each of them adds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from crm_metrics.metrics.lineage.model import Lineage, SourceLine

FILE, LINE, Y, X = "from_file", "from_line", "adds", "of"
"""Columns of the rows: data set, line, what it adds to the numerator and to the denominator."""
OF_EVENTS, QUESTION = "from_events", "from_question"
"""Columns that rows may have: see `SourceLine`."""


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
    numbered = has_lines(rows)
    lines = heaviest(rows, fields, first) if first and numbered else []
    added = {"y": float(line["y"] or 0)} | ({"x": float(line["x"] or 0)} if divides else {})
    out = {flag: count for flag, count in (left_out or {}).items() if count}
    return Lineage(tuple(lines), total, added if adds_up else {}, out, 0 if numbered else total)


def joined(found: Iterable[Lineage], first: int) -> Lineage:
    """The lineage of rows that stand in several places: all of them, the heaviest lines first.

    A sum that some of the places do not have is not there.
    """
    parts = tuple(found)
    lines = [line for one in parts for line in one.lines]
    lines.sort(key=lambda one: (-abs(one.denominator or 0), -abs(one.numerator)))
    sums = [one.sums for one in parts if one.total]
    names = set(sums[0]).intersection(*sums) if sums else set[str]()
    left_out: Counter[str] = Counter()
    for one in parts:
        left_out.update(one.left_out)
    return Lineage(
        tuple(lines[:first]),
        sum(one.total for one in parts),
        {name: sum(one[name] for one in sums) for name in sorted(names)},
        left_out,
        sum(one.elsewhere for one in parts),
    )


def has_lines(rows: ir.Table) -> bool:
    """Whether rows have a number in their file; those of tables elsewhere have none."""
    return rows[LINE].type().is_integer()


def heaviest(rows: ir.Table, fields: frozenset[str], first: int) -> list[SourceLine]:
    """So many rows with the largest denominator, where they have one, then numerator."""
    order = [rows[X].abs().desc()] if X in rows.columns else []
    found = rows.order_by([*order, rows[Y].abs().desc(), FILE, LINE]).limit(first)
    return [
        SourceLine(
            str(one[FILE]),
            int(one[LINE]),
            float(one[Y]),
            one.get(X),
            fields,
            of_events=one.get(OF_EVENTS, False),
            question=one.get(QUESTION),
        )
        for one in found.to_pyarrow().to_pylist()
    ]


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
    numbered = all(isinstance(one, int | np.integer) for one in numbers)
    lines = [
        SourceLine(
            str(files[i]),
            int(numbers[i]),
            float(y[i]),
            None if x is None else float(x[i]),
            fields,
        )
        for i in (order[:first] if numbered else ())
    ]
    added = {"y": float(y.sum())} | ({} if x is None else {"x": float(x.sum())})
    return Lineage(tuple(lines), len(y), added, {}, 0 if numbered else len(y))
