"""Facts that are alike, counted once: millions of rows, but some hundred lines for metrics.

Most metrics of people read nothing but whether things happened. Rows are first grouped by the
yes-or-no parts of what the metrics read; metrics are then worked out on the groups, each of which
stands for as many rows as it has (frequency weights).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import ibis.expr.operations as ops
import ibis.expr.types as ir

from crm_metrics.metrics.unmapped import OVER_ROWS

MANY = 200_000
"""Facts of which those that are alike are counted first."""

TIMES = "times"
_Parts = frozenset[ops.Value]


@dataclass(frozen=True, slots=True)
class Tally:
    """Columns that can be worked out on groups of rows, and the parts that rows are grouped by."""

    parts: Mapping[str, ir.Value]
    columns: Mapping[str, ir.Value]

    def over(self, groups: ir.Table) -> dict[str, ir.Value]:
        """The columns on a table that has a column for each part."""
        own = {value.op(): groups[name].op() for name, value in self.parts.items()}
        return {name: value.op().replace(own).to_expr() for name, value in self.columns.items()}


def tally_of(columns: Mapping[str, ir.Value]) -> Tally:
    """The tally of those of some columns of a table that yes-or-no parts suffice for."""
    known: dict[ops.Value, _Parts | None] = {}
    parts = {name: _parts(value.op(), known) for name, value in columns.items()}
    found = {name: own for name, own in parts.items() if own is not None}
    each = dict.fromkeys(part for own in found.values() for part in own)
    return Tally(
        {f"k{place}": part.to_expr() for place, part in enumerate(each)},
        {name: columns[name] for name in found},
    )


def _parts(node: ops.Value, known: dict[ops.Value, _Parts | None]) -> _Parts | None:
    """The smallest yes-or-no parts of a row's value; None where it needs more than these."""
    if node not in known:
        known[node] = _found(node, known)
    return known[node]


def _found(node: ops.Value, known: dict[ops.Value, _Parts | None]) -> _Parts | None:
    if isinstance(node, ops.Literal):
        return frozenset()
    below = [_parts(one, known) for one in _values(node.__children__)]
    parts = [own for own in below if own is not None]
    if parts and len(parts) == len(below) and not isinstance(node, OVER_ROWS):
        return frozenset().union(*parts)
    return frozenset({node}) if node.dtype.is_boolean() else None


def _values(nodes: Iterable[ops.Node]) -> list[ops.Value]:
    return [node for node in nodes if isinstance(node, ops.Value)]
