"""The first rows of the lists of all findings, by few queries: making one takes the most time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from crm_metrics.audit.ground import FILE, LINE, Ground, table_of
from crm_metrics.audit.listing import (
    WHY,
    masked_as,
    one_a_line,
    order_of,
    placed,
    records_of,
    shown,
)
from crm_metrics.audit.model import EXAMPLES, Check, Example
from crm_metrics.facts import mask
from crm_metrics.metrics.combining.answers import ANSWERED

_PLACE, _RANK = "place of the finding", "rank in the list"
_Row = Mapping[str, str | None]
_Cells = dict[tuple[str, str, str], _Row]


@dataclass(frozen=True, slots=True)
class _Head:
    """The first rows of a finding's list: where they are, and what its check says of them."""

    check: Check
    rows: ir.Table
    fields: tuple[str, ...]


def examples_of(ground: Ground, asked: Sequence[tuple[Check, str]]) -> list[tuple[Example, ...]]:
    """The first rows of each list (of a check in a scope), people hidden, without empty cells."""
    heads: dict[int, _Head] = {}
    for place, (check, scope) in enumerate(asked):
        # A line of a wide survey has several answers, of which a list tells the broken one.
        rows = None if check.grain == ANSWERED else placed(ground, check, scope)
        if rows is not None:
            fields = shown(ground, check, ground.table(check.grain))
            heads[place] = _Head(
                check, rows.order_by(order_of(rows)).limit(EXAMPLES), tuple(fields)
            )
    first = _first(heads)
    cells = _cells(ground, heads, first)
    return [
        _masked(check, _listed(heads[place], first.get(place, []), cells))
        if place in heads
        else _alone(ground, check, scope)
        for place, (check, scope) in enumerate(asked)
    ]


def _first(heads: Mapping[int, _Head]) -> dict[int, list[_Row]]:
    """The rows of all heads as text, by the finding's place, in their order."""
    names = dict.fromkeys(name for head in heads.values() for name in head.rows.columns)
    each = []
    for place, head in heads.items():
        # The order is the one of the list, which rows keep in no other way under each other.
        rows = head.rows.mutate(**{_RANK: ibis.row_number().over(order_by=order_of(head.rows))})
        texts = {
            name: rows[name].cast("string") if name in rows.columns else ibis.null("string")
            for name in names
        }
        place_of = ibis.literal(place, "int64")
        each.append(rows.select(**texts, **{_PLACE: place_of, _RANK: rows[_RANK]}))
    if not each:
        return {}
    whole = ibis.union(*each) if each[1:] else each[0]
    found: dict[int, list[_Row]] = {}
    for row in sorted(whole.to_pyarrow().to_pylist(), key=lambda row: row[_RANK]):
        found.setdefault(row[_PLACE], []).append(row)
    return found


def _cells(
    ground: Ground, heads: Mapping[int, _Head], first: Mapping[int, Sequence[_Row]]
) -> _Cells:
    """The shown fields of all these rows as text, by grain, file and line: a query a grain."""
    found: _Cells = {}
    for grain in dict.fromkeys(head.check.grain for head in heads.values()):
        own = {place: head for place, head in heads.items() if head.check.grain == grain}
        lines = dict.fromkeys(
            (row[FILE], row[LINE]) for place in own for row in first.get(place, [])
        )
        fields = dict.fromkeys(name for head in own.values() for name in head.fields)
        if not lines:
            continue
        asked = table_of(
            [{FILE: file, LINE: int(line or 0)} for file, line in lines],
            **{FILE: pa.string(), LINE: pa.int64()},
        )
        table = ground.table(grain)
        texts = {name: table[name].cast("string") for name in fields}
        for row in one_a_line(table, asked, texts).to_pyarrow().to_pylist():
            found[grain, row[FILE], str(row[LINE])] = row
    return found


def _listed(head: _Head, rows: Iterable[_Row], cells: _Cells) -> Iterable[_Row]:
    """The rows with the columns of the list in its order (`listing.records_of`)."""
    for row in rows:
        known = cells[head.check.grain, row[FILE] or "", row[LINE] or ""]
        own = [name for name in head.rows.columns if name not in (FILE, LINE, *head.fields)]
        yield (
            {FILE: row[FILE], LINE: row[LINE]}
            | {name: known[name] for name in head.fields}
            | {name: row[name] for name in own}
        )


def _alone(ground: Ground, check: Check, scope: str) -> tuple[Example, ...]:
    records = records_of(ground, check, scope, first=EXAMPLES)
    return _masked(check, (row for batch in records.batches for row in batch.to_pylist()))


def _masked(check: Check, rows: Iterable[_Row]) -> tuple[Example, ...]:
    return tuple(_example(row, masked_as(check, row)) for row in rows)


def _example(row: _Row, fields: Mapping[str, str]) -> Example:
    names = {FILE: "file", LINE: "line"}
    return {
        names.get(name, name): value if name in (FILE, LINE, WHY) else mask(value, fields.get(name))
        for name, value in row.items()
        if value is not None
    }
