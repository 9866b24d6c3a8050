"""Users of the CRM: who does nothing in it, far less than the others, or most on the last day."""

from __future__ import annotations

from datetime import timedelta

import ibis
import ibis.expr.types as ir

from crm_metrics.audit.conditions import LIMITS, blank, day_before, same_name
from crm_metrics.audit.ground import Ground
from crm_metrics.audit.model import Check, Threshold, Violations
from crm_metrics.metrics.activities_state import by_person
from crm_metrics.metrics.expressions import any_true, first_known

IDLE_DAYS = Threshold("idle_days", 14, 3, 180, "days")
LOW_USE_SHARE = Threshold("low_use_share", 0.25, 0.05, 0.9, "share")
SPIKE_TIMES = Threshold("spike_times", 3, 1.5, 20, "times")
_LOOKED_BACK = 90
_LEAST_USERS = 3
_LEAST_DAYS = 10
_NEAR_DAYS = 31
# Days of few records differ by many times.
_LEAST_ON_A_DAY = 10
_FRIDAY = 4


def records(ground: Ground) -> ir.Table:
    """What each user recorded on each day, up to today: owner, day, n."""
    days = ground.engine.once("audit_records_of_users", lambda: _read_records(ground))
    return days.filter(days.day <= ibis.literal(ground.settings.day))


def _read_records(ground: Ground) -> ir.Table:
    acts = ground.rows_with("activities", "owner")
    acts = acts.filter(by_person(acts, LIMITS) & ~blank(acts.owner))
    rows = acts.select(
        name=same_name(acts.owner),
        owner=acts.owner.strip(),
        day=first_known(acts.ts.cast("date"), acts.done_at.cast("date")),
    )
    # One name is written in several ways, and shown in that of most records.
    rows = rows.mutate(owner=rows.owner.mode().over(ibis.window(group_by="name")))
    days = rows.group_by("owner", "day").aggregate(n=rows.count())
    return ground.engine.saved("audit_records_of_users", days)


def _idle(ground: Ground) -> Violations:
    days = records(ground)
    each = days.group_by("owner").aggregate(last_day=days.day.max(), records=days.n.sum())
    return Violations(
        rows=each.filter(each.last_day <= day_before(ground.settings, IDLE_DAYS)),
        base=int(each.count().to_pyarrow().as_py()),
    )


def _little(ground: Ground) -> Violations:
    """Users with far fewer records than the median of all over the last 90 days."""
    days = records(ground)
    since = ground.settings.day - timedelta(days=_LOOKED_BACK)
    recent = (days.day > ibis.literal(since)).ifelse(days.n, 0)
    each = days.group_by("owner").aggregate(records=recent.sum())
    told = each.aggregate(n=each.count(), median=each.records.median())
    (line,) = told.to_pyarrow().to_pylist()
    median = float(line["median"] or 0)
    # Half of two lie under their median by nature.
    asked = each if line["n"] >= _LEAST_USERS else each.limit(0)
    return Violations(
        rows=asked.filter(asked.records < ground.settings.of(LOW_USE_SHARE) * median),
        base=line["n"] if line["n"] >= _LEAST_USERS else 0,
        numbers={"median_records": median},
    )


def _spikes(ground: Ground) -> Violations:
    """Last days, and last working days, of months with far more records than a user's usual day.

    Usual is the median of the user's days of a month before and after: their work changes by the
    year. Whoever works unevenly passes three times the median on one day of ten, but seldom all
    other days around as well: of days drawn from one gamma-Poisson law (shape 1 or 2) 2-3 % are
    found, of days that differ by chance alone (Poisson) .1 %.
    """
    days = records(ground)
    last = days.filter(_ends_month(days.day))
    near = last.inner_join(days.select("owner", other="day", records="n"), "owner")
    apart = (near.other.epoch_days() - near.day.epoch_days()).abs()
    near = near.filter(apart <= _NEAR_DAYS)
    usual = near.group_by("owner", "day", "n").aggregate(
        usual=near.records.median(),
        active=near.count(),
        busiest=near.records.max(where=~_ends_month(near.other)),
    )
    rows = usual.filter(usual.active >= _LEAST_DAYS)
    most = rows.n > ground.settings.of(SPIKE_TIMES) * rows.usual
    found = rows.filter(most & (rows.n > rows.busiest) & (rows.n >= _LEAST_ON_A_DAY))
    return Violations(
        rows=found.select("owner", "day", records="n", usual="usual"),
        base=int(rows.count().to_pyarrow().as_py()),
    )


def _ends_month(day: ir.DateValue) -> ir.BooleanValue:
    """Whether it is the last day of a month, or a Friday with a weekend alone after it."""
    following = [
        (day + ibis.interval(days=days)).cast("date").truncate("M") for days in range(1, 4)
    ]
    friday = day.day_of_week.index() == _FRIDAY
    after_weekend = any_true(friday & (own != day.truncate("M")) for own in following[1:])
    return (following[0] != day.truncate("M")) | after_weekend


CHECKS = (
    Check(
        key="user_inactive",
        grain="activities",
        needs=("owner", "ts|done_at"),
        severity=2,
        effort="M",
        ages=("activities",),
        rule=_idle,
        counted="users",
        thresholds=(IDLE_DAYS,),
    ),
    Check(
        key="user_low_usage",
        grain="activities",
        needs=("owner", "ts|done_at"),
        severity=2,
        effort="M",
        ages=("activities",),
        rule=_little,
        counted="users",
        thresholds=(LOW_USE_SHARE,),
    ),
    Check(
        key="usage_spike",
        grain="activities",
        needs=("owner", "ts|done_at"),
        severity=2,
        effort="L",
        rule=_spikes,
        counted="days_of_users",
        thresholds=(SPIKE_TIMES,),
    ),
)
