"""Deals: past their day, at a stand, closed without a word, or in two states at once."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from crm_metrics.audit.conditions import (
    LIMITS,
    OTHER_WORDS,
    blank,
    day_before,
    missing,
    within,
)
from crm_metrics.audit.ground import FILE, LINE, Ground, places
from crm_metrics.audit.model import Check, Settings, Threshold, Violations
from crm_metrics.metrics.activities_state import not_done
from crm_metrics.metrics.deals_state import (
    DAY,
    STATE,
    days,
    decided,
    known,
    still_open,
    unknown,
    won,
)
from crm_metrics.metrics.expressions import NO, first_known, folded, not_negative, seconds_between

STALLED_DAYS = Threshold("stalled_days", 30, 3, 365, "days")
OTHER_SHARE = Threshold("other_reason_share", 0.3, 0.01, 1, "share")
SLOW_QUANTILE = 0.9
_LEAST_WON = 36
_FINAL_SHARE, _LEAST_FINAL, _SELDOM = 0.9, 20, 0.1


def _overdue(table: ir.Table, settings: Settings) -> ir.BooleanValue:
    planned = table.expected_close_at.cast("date")
    base = still_open(table, LIMITS) & planned.notnull()
    return within(base, planned < ibis.literal(settings.day))


def _lost(table: ir.Table) -> ir.BooleanValue:
    return decided(table, LIMITS) & ~won(table, LIMITS)


def _contradicts(table: ir.Table, _: Settings) -> ir.BooleanValue:
    """Stage and status differ, a closed deal is in work, or a reason of loss is on no lost deal."""
    return within(known(table, LIMITS), _both_words(table) | _closed_flag(table) | _reason(table))


def _both_words(table: ir.Table) -> ir.BooleanValue:
    """Whether the status is not the one that the stage says, or that nearly all of its deals have.

    Many a CRM leaves a lost deal at the stage of work where it stopped, and after years nearly all
    deals of that stage are lost: only a stage where deals of the other status hardly ever stand
    ends them.
    """
    words = ("won", "lost", "open")
    stage, status = folded(table.stage), folded(table.status)
    differs = stage.isin(words) & status.isin(words) & (stage != status)
    among = ibis.window(group_by=[stage])
    own = status.count().over(ibis.window(group_by=[stage, status]))
    own_part = own / status.count().over(ibis.window(group_by=[status]))
    for word in ("won", "lost"):
        such = (status == word).cast("float64")
        part = such.sum().over(among) / such.sum().over(ibis.window())
        ends = stage.notnull() & (such.mean().over(among) >= _FINAL_SHARE)
        ends &= (stage.count().over(among) >= _LEAST_FINAL) & (own_part < _SELDOM * part)
        differs |= ends & status.isin(words) & (status != word)
    return differs.fill_null(NO)


def _closed_flag(table: ir.Table) -> ir.BooleanValue:
    return (table.is_closed != decided(table, LIMITS)).fill_null(NO)


def _reason(table: ir.Table) -> ir.BooleanValue:
    return ~_lost(table) & ~blank(table.lost_reason)


def _why_contradicts(table: ir.Table, _: Settings) -> ir.StringValue:
    return ibis.cases(
        (_both_words(table), "stage_and_status_differ"),
        (_closed_flag(table), "closed_flag_differs"),
        else_="reason_without_loss",
    )


def _stalled(ground: Ground) -> Violations:
    """Open deals of which the last sign, in their own row or among activities, is long ago."""
    table = ground.table("deals")
    rows = table.filter(still_open(table, LIMITS))
    moments = [
        rows[name].cast("date")
        for name in ("updated_at", "last_activity_at", "created_at")
        if ground.has("deals", name)
    ]
    touched = rows.select(
        **places(rows),
        date=rows.date,
        deal=rows.deal_id,
        last=ibis.greatest(*(one.fill_null(ibis.date(1, 1, 1)) for one in moments)),
    )
    if ground.has("activities", "object_id", "ts|done_at") and ground.has("deals", "deal_id"):
        acts = _activities(ground)
        latest = acts.filter(acts.day <= ibis.literal(ground.settings.day))
        latest = latest.group_by("object").aggregate(act=latest.day.max())
        touched = touched.left_join(latest, touched.deal == latest.object)
        touched = touched.mutate(
            last=ibis.greatest(touched.last, touched.act.fill_null(touched.last))
        )
    base = touched.filter(touched.last > ibis.date(1, 1, 1))
    late = base.filter(base["last"] < day_before(ground.settings, STALLED_DAYS))
    return Violations(rows=late.select(FILE, LINE, "date"), base=base.select("date"))


def _activities(ground: Ground) -> ir.Table:
    acts = ground.table("activities")
    return acts.select(
        object=acts.object_id.cast("string"),
        day=first_known(acts.ts.cast("date"), acts.done_at.cast("date"), acts.date.cast("date")),
        due=acts.due_at.cast("date"),
        open=not_done(acts, LIMITS),
    ).filter(ibis._.object.notnull())


def _no_next_task(ground: Ground) -> Violations:
    """Open deals without a task ahead, in their own row or among activities."""
    table = ground.table("deals")
    rows = table.filter(still_open(table, LIMITS))
    today = ibis.literal(ground.settings.day)
    ahead = (rows.next_task_at.cast("date") >= today).fill_null(NO)
    base = rows.select(**places(rows), date=rows.date, deal=rows.deal_id, ahead=ahead)
    told = ground.has("deals", "next_task_at")
    if ground.has("activities", "object_id", "due_at") and ground.has("deals", "deal_id"):
        acts = _activities(ground)
        tasks = acts.filter(acts.open & acts.due.notnull())
        last = tasks.group_by("object").aggregate(due=tasks.due.max())
        last = ground.engine.saved("audit_last_open_tasks", last)
        tasks = last.filter(last.due >= today)
        base = base.left_join(tasks, base.deal == tasks.object)
        base = base.mutate(ahead=base.ahead | base.object.notnull())
        # A log in which no task at all lies ahead may be one of what is done alone.
        told = told or bool(tasks.count().to_pyarrow().as_py())
    base = base if told else base.limit(0)
    return Violations(
        rows=base.filter(~base.ahead).select(FILE, LINE, "date"),
        base=base.select("date"),
    )


def _older_than_won(ground: Ground) -> Violations:
    """Open deals that are older today than nine of ten won ones were when they were won."""
    table = ground.table("deals")
    took = table.filter(won(table, LIMITS)).mutate(took=days(table, LIMITS))
    told = took.aggregate(n=took.took.count(), limit=took.took.quantile(SLOW_QUANTILE))
    (line,) = told.to_pyarrow().to_pylist()
    rows = table.filter(still_open(table, LIMITS))
    made = first_known(rows.created_at.cast("timestamp"), rows.date.cast("timestamp"))
    today = ibis.literal(ground.settings.day).cast("timestamp")
    age = not_negative(seconds_between(today, made) / DAY)
    rows = rows.select(**places(rows), date=rows.date, age=age)
    rows = rows.filter(rows.age.notnull())
    if line["n"] < _LEAST_WON:
        rows = rows.limit(0)
    limit = float(line["limit"] or 0)
    late = rows.filter(rows.age > ibis.literal(limit))
    return Violations(
        rows=late.select(FILE, LINE, "date"),
        base=rows.select("date"),
        numbers={"won_days": round(limit), "won": line["n"]},
    )


CHECKS = (
    Check(
        key="deal_overdue",
        grain="deals",
        needs=(STATE, "expected_close_at"),
        severity=1,
        effort="S",
        ages=("deals",),
        broken=_overdue,
        money="amount",
    ),
    Check(
        key="deal_no_next_task",
        grain="deals",
        needs=(STATE, "next_task_at|deal_id"),
        severity=1,
        effort="S",
        ages=(
            "deals",
            "activities",
        ),
        rule=_no_next_task,
        money="amount",
    ),
    Check(
        key="deal_stalled",
        grain="deals",
        needs=(STATE, "updated_at|last_activity_at"),
        severity=1,
        effort="M",
        ages=(
            "deals",
            "activities",
        ),
        rule=_stalled,
        money="amount",
        thresholds=(STALLED_DAYS,),
    ),
    Check(
        key="deal_older_than_won",
        grain="deals",
        needs=(STATE, "created_at|date", "closed_at"),
        severity=2,
        effort="M",
        ages=("deals",),
        rule=_older_than_won,
        money="amount",
    ),
    Check(
        key="stage_missing",
        grain="deals",
        needs=("stage",),
        severity=2,
        effort="S",
        broken=missing("stage"),
    ),
    Check(
        key="stage_invalid",
        grain="deals",
        needs=("stage",),
        severity=2,
        effort="S",
        broken=lambda table, _: within(~blank(table.stage), unknown(table, LIMITS)),
    ),
    Check(
        key="stage_vs_status",
        grain="deals",
        needs=(STATE, "status|is_closed|lost_reason"),
        severity=2,
        effort="S",
        broken=_contradicts,
        why=_why_contradicts,
        shows=("is_closed", "lost_reason"),
    ),
    Check(
        key="won_without_amount",
        grain="deals",
        needs=(STATE, "amount"),
        severity=2,
        effort="S",
        broken=lambda table, _: within(
            won(table, LIMITS), table.amount.isnull() | (table.amount == 0)
        ),
    ),
    Check(
        key="closed_without_day",
        grain="deals",
        needs=(STATE, "closed_at"),
        severity=2,
        effort="S",
        broken=lambda table, _: within(decided(table, LIMITS), table.closed_at.isnull()),
    ),
    Check(
        key="lost_reason_missing",
        grain="deals",
        needs=(STATE, "lost_reason"),
        severity=2,
        effort="S",
        broken=lambda table, _: within(_lost(table), blank(table.lost_reason)),
    ),
    Check(
        key="lost_reason_vague",
        grain="deals",
        needs=(STATE, "lost_reason"),
        severity=2,
        effort="S",
        broken=lambda table, _: within(
            _lost(table) & ~blank(table.lost_reason),
            folded(table.lost_reason).isin(OTHER_WORDS),
        ),
        above=OTHER_SHARE,
    ),
)
