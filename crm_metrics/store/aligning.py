"""Rows of several data sets of a grain under each other, with one type a column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import ibis
import ibis.expr.types as ir

from crm_metrics.store.together.parts import Part

DATASET: Final = "__dataset"


def stacked(parts: Sequence[Part]) -> ir.Table:
    """All rows of the parts, each with its data set's id; null where a part lacks a column."""
    tables = [part.rows.mutate(**{DATASET: ibis.literal(part.id)}) for part in parts]
    types = _common_types(tables)
    aligned = [
        table.select(
            **{
                column: table[column].cast(kind) if column in table.columns else ibis.null(kind)
                for column, kind in types.items()
            }
        )
        for table in tables
    ]
    return aligned[0] if len(aligned) == 1 else ibis.union(*aligned)


def _common_types(tables: Sequence[ir.Table]) -> dict[str, str]:
    """One type a column: only counts can differ, where one vendor writes fractions."""
    types: dict[str, str] = {}
    for table in tables:
        for column, kind in table.schema().items():
            if types.get(column) != "float64":
                types[column] = str(kind)
    return types
