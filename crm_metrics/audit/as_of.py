"""The day that stands for today: the last one that the data tell of, whatever lies ahead of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from crm_metrics.metrics.dated import usual_ends
from crm_metrics.metrics.ground import Engine, grains_of, ground, mapped_of, own_table
from crm_metrics.metrics.worked_out import WATCHED_UNTIL
from crm_metrics.store import Dataset

# Days of plans (due, expected to close) lie ahead, and are no sign of what the data know.
_MOMENTS: dict[str, tuple[str, ...]] = {
    "activities": ("ts", "done_at"),
    "contacts": ("created_at", "updated_at", "last_activity_at"),
    "conversations": ("created_at", "first_reply_at", "resolved_at", "closed_at"),
    "orders": ("created_at", "paid_at", "processed_at"),
    "attendance": ("registered_at", "created_at", "joined_at", "left_at"),
    "staff": ("last_login_at",),
}
_DATED = (
    *("campaigns", "recipients", "events", "posts", "page_days", "traffic", "spend"),
    *("calls", "surveys", "contacts", "conversations", "orders"),
    *("support_stats", "attendance"),
)


def as_of(engine: Engine) -> date | None:
    """The last usual day of what has happened, over all grains; None where nothing is dated.

    A day that stands apart from the rest of its column is an error, not the end (`facts.stray`).
    """
    return max(ends(engine).values(), default=None)


def day_of_audit(engine: Engine, datasets: Iterable[Dataset]) -> date | None:
    """The day that data sets are audited on: that of their data, else the last one added on.

    A base without any date is still measured again when it is uploaded again.
    """
    added = max((one.added_at.date() for one in datasets), default=None)
    return as_of(engine) or added


def ends(engine: Engine) -> Mapping[str, date]:
    """The last usual day of what has happened by grain, of those that are dated."""
    return engine.once("audit_ends", lambda: _found(engine))


def _found(engine: Engine) -> dict[str, date]:
    found: dict[str, date] = {}
    for grain in sorted(grains_of(engine)):
        days = _watched(engine) if grain == "deals" else _ends_of(engine, grain)
        if days:
            found[grain] = max(days)
    return found


def _ends_of(engine: Engine, grain: str) -> list[date]:
    mapped = mapped_of(engine, grain)
    own = [name for name in _MOMENTS.get(grain, ()) if name in mapped]
    if not own and grain in _DATED:
        own = ["date"]
    table = own_table(engine, grain)
    told = usual_ends(table, {name: table[name].cast("date") for name in own})
    return [last for _, last in told.values()]


def _watched(engine: Engine) -> list[date]:
    """The day until which deals are known: a closing day counts of those that are decided."""
    last = ground(engine, "deals")[0][WATCHED_UNTIL].max().to_pyarrow().as_py()
    return [last.date()] if last else []
