"""What the rows of a grain's own facts get beside their fields before they are counted."""

from __future__ import annotations

import ibis.expr.types as ir

from crm_metrics.metrics import activities_state, deals_state
from crm_metrics.metrics.combining import conversations

_BY_GRAIN = {
    "conversations": conversations.prepared,
    "deals": deals_state.watched,
    "activities": activities_state.watched,
}


def prepared(rows: ir.Table, grain: str) -> ir.Table:
    """The rows, which have every field of their grain, with what is worked out for it."""
    make = _BY_GRAIN.get(grain)
    return make(rows) if make else rows
