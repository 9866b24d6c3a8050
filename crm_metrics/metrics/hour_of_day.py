"""The hour in which something happened, where the facts tell it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.expressions import first_known
from crm_metrics.schema import grain_named


class Remembers(Protocol):
    """An engine, as far as it makes things once."""

    def once(self, name: str, make: Callable[[], tuple[str, ...]]) -> tuple[str, ...]:
        """What `make` gives, made once for the engine's facts."""


def hour_of(engine: Remembers, grain: str, table: ir.Table) -> ir.Value | None:
    """The hour of the row's time; data sets whose every time is midnight have none, only days."""
    names = [
        name
        for name in grain_named(grain).dated_by
        if name in table.columns and table[name].type().is_timestamp()
    ]
    if not names:
        return None
    time = first_known(*(table[name] for name in names))
    timed = engine.once(f"timed_{grain}", lambda: _timed(table, time))
    return ibis.ifelse(table["__dataset"].isin(timed), time.hour(), ibis.null("int32"))


def _timed(table: ir.Table, time: ir.TimestampValue) -> tuple[str, ...]:
    """The data sets in which some row has a time other than midnight."""
    rows = table.select(own=table["__dataset"], late=(time.hour() + time.minute()) > 0)
    found = rows.filter(rows.late).select("own").distinct().to_pyarrow()
    return tuple(sorted(str(name) for name in found.column(0).to_pylist()))
