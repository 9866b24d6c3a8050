"""Until when each data set knows of its rows."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.worked_out import WATCHED_UNTIL


def with_watched(rows: ir.Table, moments: dict[str, ir.Value]) -> ir.Table:
    """The rows with WATCHED_UNTIL, the latest of these moments in each row's data set."""
    found = rows.group_by(own=rows["__dataset"].cast("string")).aggregate(
        **{name: moment.cast("timestamp").max() for name, moment in moments.items()}
    )
    ends = [
        (rows["__dataset"] == line["own"], ibis.literal(max(known)))
        for line in found.to_pyarrow().to_pylist()
        if (known := [one for name, one in line.items() if name != "own" and one is not None])
    ]
    none = ibis.null("timestamp")
    until = ibis.cases(*ends, else_=none) if ends else none
    return rows.mutate(**{WATCHED_UNTIL: until.cast("timestamp")})
