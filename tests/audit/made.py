"""Tables made by hand for the audit, and what a check found in them."""

from __future__ import annotations

from datetime import date

import pandas as pd

from crm_metrics.audit import Audit, Settings, audit, catalogue
from tests.metrics.stand_in import FrameEngine

TODAY = date(2026, 6, 30)
_TIMES = (
    *("created_at", "closed_at", "expected_close_at", "updated_at", "last_activity_at"),
    *("next_task_at", "ts", "due_at", "done_at", "sent_at", "first_reply_at", "resolved_at"),
    *("unsubscribed_at", "responded_at", "started_at", "last_login_at", "consent_at"),
)


def engine(**frames: pd.DataFrame) -> FrameEngine:
    """An engine over frames with times as text, dated by the first of their times."""
    made = {}
    for grain, frame in frames.items():
        full = frame.copy()
        times = [name for name in _TIMES if name in full]
        for name in times:
            full[name] = pd.to_datetime(full[name], format="ISO8601")
        if "date" not in full and times:
            full["date"] = full[times[0]].dt.normalize()
        elif "date" in full:
            full["date"] = pd.to_datetime(full["date"])
        empty = [name for name in full if full[name].isna().all() and name not in times]
        made[grain] = full.astype(dict.fromkeys(empty, "string"))
    return FrameEngine(**made)


def audited(keys: str, settings: Settings | None = None, **frames: pd.DataFrame) -> Audit:
    """The checks with these keys over frames, as of TODAY where the settings name no day."""
    wanted = [check for check in catalogue() if check.key in keys.split()]
    return audit(engine(**frames), settings or Settings(today=TODAY), checks=wanted)


def found(told: Audit) -> dict[str, tuple[int, int]]:
    """Count and base by check and scope, of what passed as well."""
    bad = {f"{one.check} {one.scope}": (one.count, one.base) for one in told.findings}
    return bad | {f"{one.check} {one.scope}": (0, one.base) for one in told.passed}


def lines(told: Audit, check: str) -> list[int]:
    """The lines of the examples of a check's first finding, in their order."""
    one = next(one for one in told.findings if one.check == check)
    return [int(example["line"]) for example in one.examples]
