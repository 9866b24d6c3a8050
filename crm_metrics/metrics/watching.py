"""Until when each data set knows of its rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.dated import usual_ends
from crm_metrics.metrics.worked_out import WATCHED_UNTIL


def with_watched(rows: ir.Table, moments: Mapping[str, ir.Value]) -> ir.Table:
    """The rows with WATCHED_UNTIL, the latest of these moments in each row's data set."""
    ends = [
        (rows["__dataset"] == own, ibis.literal(end))
        for own, end in watched_until(rows, moments).items()
    ]
    none = ibis.null("timestamp")
    until = ibis.cases(*ends, else_=none) if ends else none
    return rows.mutate(**{WATCHED_UNTIL: until.cast("timestamp")})


def watched_until(rows: ir.Table, moments: Mapping[str, ir.Value]) -> dict[str, datetime]:
    """The latest of some moments in each data set, strays apart (`stray.usual_days`).

    A data set without any of them is left out.
    """
    times = {name: moment.cast("timestamp") for name, moment in moments.items()}
    return {own: last for own, (_, last) in usual_ends(rows, times).items()}
