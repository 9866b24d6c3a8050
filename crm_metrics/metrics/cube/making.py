"""A grain's cube, made by one aggregate over its facts."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pyarrow as pa

from crm_metrics.metrics import tallying
from crm_metrics.metrics.components import by_row
from crm_metrics.metrics.cube.dimensions import chosen
from crm_metrics.metrics.cube.model import DAY, Cube
from crm_metrics.metrics.expressions import YES
from crm_metrics.metrics.ground import Engine, ground, mapped_of, rows_of
from crm_metrics.metrics.model import Limits, Metric
from crm_metrics.metrics.per_row import adds
from crm_metrics.metrics.rows import Asked, made_before

_MANY = 10 * tallying.MANY
"""Facts of which a cube's rows hold enough that are alike to count these first."""

_NAME = re.compile(r"([a-z]+)(\d+)(.*)")
"""The name of a sum: what it is, its metric's place, which part."""


def made(engine: Engine, grain: str, metrics: Sequence[Metric], limits: Limits) -> Cube | None:
    """The cube of those of a grain's computable metrics that add; None where none is worth it."""
    table, _ = ground(engine, grain)
    mapped = mapped_of(engine, grain)
    adding = [metric for metric in metrics if adds(metric, mapped)]
    rows = rows_of(engine, grain)
    names = chosen(table, grain, mapped, rows=rows, metrics=len(adding)) if adding else None
    if names is None:
        return None
    day = table.date.cast("date")
    groups = (day, *(table[name].cast("string") for name in names))
    known = made_before(engine, grain)
    many = rows >= _MANY
    sums = by_row(Asked(table, YES, groups, mapped, limits, known=known, many=many), adding)
    parts: dict[str, dict[str, str]] = {metric.key: {} for metric in adding}
    for name, column in sums.columns.items():
        what = _NAME.fullmatch(name)
        if what and what[1] != "g":
            parts[adding[int(what[2])].key][f"{what[1]}*{what[3]}"] = column
    found = sums.table.to_pyarrow()
    dimensions = dict(zip(sums.columns, (DAY, *names), strict=False))
    return Cube(
        _typed(found.rename_columns([dimensions.get(one, one) for one in found.column_names])),
        names,
        parts,
    )


def _typed(table: pa.Table) -> pa.Table:
    """Numbers as doubles: all of them are added, and whole ones are exact as far as 2^53."""
    for place, field in enumerate(table.schema):
        if pa.types.is_integer(field.type) or pa.types.is_decimal(field.type):
            table = table.set_column(place, field.name, table[place].cast("float64"))
        elif pa.types.is_large_string(field.type) or pa.types.is_null(field.type):
            table = table.set_column(place, field.name, table[place].cast("string"))
    return table
