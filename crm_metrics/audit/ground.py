"""What a rule may ask: completed tables, what their files hold, and the day that is today."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from crm_metrics.audit.model import Check, Settings, Violations
from crm_metrics.facts.columns import field_of
from crm_metrics.metrics import ground as metrics_ground
from crm_metrics.metrics.ground import Engine
from crm_metrics.schema import fields_of

FILE, LINE = "__dataset", "__line"


@dataclass(frozen=True, slots=True)
class Ground:
    """The files' engine and the settings of an audit; `settings.today` is known."""

    engine: Engine
    settings: Settings

    def has(self, grain: str, *fields: str) -> bool:
        """Whether there are rows of the grain, and a column for each field ("a|b" = either)."""
        if grain not in metrics_ground.grains_of(self.engine):
            return False
        known = self.known(grain)
        return all(known.intersection(field.split("|")) for field in fields)

    def table(self, grain: str) -> ir.Table:
        """The completed table of a grain: every field is a column (`metrics.ground`)."""
        return metrics_ground.ground(self.engine, grain)[0]

    def rows_with(self, grain: str, *fields: str) -> ir.Table:
        """The rows of those data sets that have a column for each field ("a|b" = either)."""
        table = self.table(grain)
        inside = self.inside(grain, fields, table)
        return table if inside is None else table.filter(inside)

    def inside(self, grain: str, fields: Iterable[str], table: ir.Table) -> ir.BooleanValue | None:
        """Whether a row's data set has a column for each field; None where all of them have."""
        columns = self.columns(grain)
        parts = []
        for need in fields:
            own = [name for name, known in columns.items() if known.intersection(need.split("|"))]
            if len(own) < len(columns):
                parts.append(table[FILE].cast("string").isin(own or [""]))
        return reduce(and_, parts) if parts else None

    def columns(self, grain: str) -> dict[str, frozenset[str]]:
        """The fields that each data set of a grain has a column for, filled or not, by its id."""
        return self.engine.once(f"audit_columns_{grain}", lambda: self._columns(grain))

    def known(self, grain: str) -> frozenset[str]:
        """The fields that some data set of a grain has a column for, filled or not."""
        return frozenset().union(*self.columns(grain).values())

    def nothing(self, grain: str) -> Violations:
        """What a rule finds where there is nothing to ask: no rows of none."""
        table = self.table(grain).limit(0)
        return Violations(rows=table.select(**places(table)), base=0)

    def _columns(self, grain: str) -> dict[str, frozenset[str]]:
        held = {
            name: frozenset(own) for name, own in metrics_ground.held(self.engine, grain).items()
        }
        extents = self.engine.extents(grain) if grain in self.engine.grains else None
        if extents is None:
            return held
        # The ground gives every row a channel, a platform and a currency, asked for or not.
        known = frozenset(fields_of(grain)) - {"channel", "platform", "currency", "date"}
        mapped = {name: known.intersection(map(field_of, own)) for name, own in extents.items()}
        return {
            name: held.get(name, frozenset()) | mapped.get(name, frozenset())
            for name in held | mapped
        }

    def lacking(self, check: Check) -> tuple[str, ...]:
        """What a check needs and is not there: the best of each need, others' as "grain.field"."""
        if not self.has(check.grain):
            return (check.grain,)
        own = [need.split("|")[0] for need in check.needs if not self.has(check.grain, need)]
        for need in check.also:
            grain, _, fields = need.partition(".")
            if not self.has(grain, *filter(None, [fields])):
                own.append(f"{grain}.{fields.split('|')[0]}" if self.has(grain) else grain)
        return tuple(dict.fromkeys(own))


def places(table: ir.Table) -> dict[str, ir.Value]:
    """The columns that name a row's place, for a select."""
    return {FILE: table[FILE].cast("string"), LINE: table[LINE].cast("int64")}


def table_of(rows: Sequence[Mapping[str, object]], /, **kinds: pa.DataType) -> ir.Table:
    """A small table of rows worked out here, with these columns."""
    return ibis.memtable(pa.Table.from_pylist(list(rows), schema=pa.schema(kinds.items())))
