"""Tables of one grain under each other, with one type a column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import ibis
import ibis.expr.types as ir

from crm_metrics.schema import Kind
from crm_metrics.store.together.parts import Part

DATASET: Final = "__dataset"
TYPES: Final[dict[Kind, str]] = {
    "text": "string",
    "id": "string",
    "category": "string",
    "count": "int64",
    "money": "float64",
    "rate": "float64",
    "duration": "float64",
    "number": "float64",
    "flag": "boolean",
    "date": "date",
    "timestamp": "timestamp",
}
"""The type, as Ibis names it, of a field's values by their kind."""


def stacked(parts: Sequence[Part]) -> ir.Table:
    """All rows of the parts, each with its data set's id; null where a part lacks a column."""
    return aligned([part.rows.mutate(**{DATASET: ibis.literal(part.id)}) for part in parts])


def aligned(tables: Sequence[ir.Table]) -> ir.Table:
    """The rows of all tables, at least one; null where a table lacks a column."""
    if len(tables) == 1:
        return tables[0]
    types = _common_types(tables)
    return ibis.union(
        *(
            table.select(
                **{
                    column: table[column].cast(kind) if column in table.columns else ibis.null(kind)
                    for column, kind in types.items()
                }
            )
            for table in tables
        )
    )


def _common_types(tables: Sequence[ir.Table]) -> dict[str, str]:
    """One type a column: only counts can differ, where one vendor writes fractions."""
    types: dict[str, str] = {}
    for table in tables:
        for column, kind in table.schema().items():
            if types.get(column) != "float64":
                types[column] = str(kind)
    return types
