"""New deals that nobody turned to, or turned to late."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from crm_metrics.audit.conditions import LIMITS
from crm_metrics.audit.ground import FILE, LINE, Ground, places
from crm_metrics.audit.model import Check, Threshold, Violations
from crm_metrics.metrics.activities_state import by_person
from crm_metrics.metrics.dated import usual_ends
from crm_metrics.metrics.deals_state import STATE, still_open
from crm_metrics.metrics.expressions import NO, first_known, seconds_between

TOUCH_HOURS = Threshold("touch_hours", 24, 0.25, 720, "hours")
_HOUR = 3600.0


def _touched(ground: Ground) -> ir.Table:
    """Deals created within the log of activities: state, `wait` in seconds to the first touch."""
    return ground.engine.once("audit_first_touches", lambda: _read_touches(ground))


def _read_touches(ground: Ground) -> ir.Table:
    acts = ground.table("activities")
    acts = acts.filter(by_person(acts, LIMITS) & acts.object_id.notnull())
    acts = acts.select(
        object=acts.object_id.cast("string"),
        moment=first_known(acts.ts.cast("timestamp"), acts.done_at.cast("timestamp")),
    )
    acts = acts.filter(acts.moment.notnull())
    # A date that stands apart from all others is no beginning of the log.
    ends = usual_ends(acts, {"moment": acts.moment})
    deals = ground.table("deals")
    rows = deals.select(
        **places(deals),
        date=deals.date,
        deal=deals.deal_id.cast("string"),
        made=first_known(deals.created_at.cast("timestamp"), deals.date.cast("timestamp")),
        open=still_open(deals, LIMITS),
    ).filter(ibis._.deal.notnull() & ibis._.made.notnull())
    # What was made before the log begins may have been touched before it.
    first = min((low for low, _ in ends.values()), default=None)
    rows = rows.filter(rows.made >= ibis.literal(first)) if first else rows.limit(0)
    days = rows.select("deal", made_day=rows.made.cast("date"))
    after = acts.inner_join(days, acts.object == days.deal)
    after = after.filter(after.moment.cast("date") >= after.made_day)
    touches = after.group_by("deal").aggregate(touch=after.moment.min())
    joined = rows.left_join(touches, "deal")
    wait = seconds_between(joined.touch, joined.made)
    found = joined.select(
        FILE, LINE, "date", "made", "open", wait=ibis.greatest(wait, 0.0), known=wait.notnull()
    )
    found = ground.engine.saved("audit_first_touches", found)
    # A log of other things than these deals tells nothing of them.
    some = bool(found.known.any().to_pyarrow().as_py())
    return found if some else found.limit(0)


def _untouched(ground: Ground) -> Violations:
    """Open deals of which the log knows nothing, older than the hours of the first touch."""
    rows = _touched(ground)
    hours = ground.settings.of(TOUCH_HOURS)
    today = ibis.literal(ground.settings.day).cast("timestamp")
    age = seconds_between(today, rows.made)
    rows = rows.filter(rows.open & (age >= hours * _HOUR))
    return Violations(
        rows=rows.filter(~rows.known).select(FILE, LINE, "date"), base=rows.select("date")
    )


def _slow(ground: Ground) -> Violations:
    """Deals with a first touch that came after more hours than the limit."""
    rows = _touched(ground)
    rows = rows.filter(rows.known)
    late = (rows.wait > ground.settings.of(TOUCH_HOURS) * _HOUR).fill_null(NO)
    bad = rows.filter(late)
    return Violations(
        rows=bad.select(FILE, LINE, "date", hours=(bad.wait / _HOUR).round(1)),
        base=rows.select("date"),
    )


CHECKS = (
    Check(
        key="lead_untouched",
        grain="deals",
        needs=(STATE, "deal_id", "created_at|date"),
        also=("activities.object_id", "activities.ts|done_at"),
        severity=1,
        effort="S",
        ages=(
            "deals",
            "activities",
        ),
        rule=_untouched,
        money="amount",
        thresholds=(TOUCH_HOURS,),
    ),
    Check(
        key="first_touch_slow",
        grain="deals",
        needs=("deal_id", "created_at|date"),
        also=("activities.object_id", "activities.ts|done_at"),
        severity=1,
        effort="M",
        rule=_slow,
        thresholds=(TOUCH_HOURS,),
    ),
)
