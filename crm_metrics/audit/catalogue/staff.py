"""The CRM's own list of its staff: owners that it does not know or no longer has, unused seats."""

from __future__ import annotations

from functools import partial

import ibis
import ibis.expr.types as ir

from crm_metrics.audit.catalogue.users import IDLE_DAYS, records
from crm_metrics.audit.conditions import LIMITS, blank, day_before, same_name
from crm_metrics.audit.ground import FILE, LINE, Ground, places
from crm_metrics.audit.model import Check, Threshold, Violations
from crm_metrics.metrics.deals_state import STATE, still_open
from crm_metrics.metrics.expressions import NO, YES, any_true, first_known, folded

KNOWN_SHARE = Threshold("known_owners_share", 0.5, 0.1, 1, "share")
"""So many rows have to have an owner of the list before others are called unknown."""
_GONE = (
    *("inactive", "deactivated", "disabled", "blocked", "suspended", "deleted", "removed"),
    *("dismissed", "fired", "left", "archived", "former", "terminated", "no", "off"),
    *("неактивен", "неактивный", "неактивна", "не активен", "отключен", "отключён", "отключена"),
    *("заблокирован", "заблокирована", "удален", "удалён", "удалена", "уволен", "уволена"),
    *("уволился", "уволилась", "не работает", "архив", "в архиве", "бывший", "нет"),
)
_NAMES = "owner|full_name|first_name|last_name|email"
_STATE = "is_active|status"
_WAYS = 5


def _people(ground: Ground) -> ir.Table:
    """The staff: place, `works` (null where nothing says), and all ways to write each of them."""
    table = ground.table("staff")
    first, last = same_name(table.first_name), same_name(table.last_name)
    said = ibis.ifelse(blank(table.status), ibis.null("boolean"), ~folded(table.status).isin(_GONE))
    return table.select(
        **places(table),
        works=first_known(table.is_active, said),
        login=table.last_login_at.cast("date"),
        w0=same_name(table.owner),
        w1=same_name(table.full_name),
        w2=folded(table.email),
        w3=_joined(first, last),
        w4=_joined(last, first),
    )


def _joined(one: ir.StringValue, other: ir.StringValue) -> ir.StringValue:
    return (one.fill_null("") + " " + other.fill_null("")).strip()


def _names(ground: Ground) -> ir.Table:
    """Every way to write an employee once: name, works (of namesakes one is enough)."""
    people = _people(ground)
    each = [people.select("works", name=people[f"w{place}"]) for place in range(_WAYS)]
    names = ibis.union(*each)
    names = names.filter((names.name != "").fill_null(NO))
    return ground.engine.saved(
        "audit_names_of_staff", names.group_by("name").aggregate(works=names.works.max())
    )


def _named(ground: Ground) -> ir.Table:
    return ground.engine.once("audit_names_of_staff", lambda: _names(ground))


def _owned(ground: Ground, grain: str) -> ir.Table:
    """The rows with an owner, of deals those that are open, and what the list says of the owner."""
    table = ground.rows_with(grain, "owner")
    kept = ~blank(table.owner)
    if grain == "deals":
        kept &= still_open(table, LIMITS)
    rows = table.filter(kept)
    rows = rows.select(**places(rows), date=rows.date, name=same_name(rows.owner))
    known = _named(ground).mutate(known=YES)
    return rows.left_join(known, "name").select(FILE, LINE, "date", "name", "known", "works")


def _unknown(ground: Ground, grain: str) -> Violations:
    """Rows of owners who are in no list of staff, where most rows have one of the list."""
    rows = _owned(ground, grain)
    told = rows.aggregate(n=rows.count(), known=rows.known.count()).to_pyarrow().to_pylist()[0]
    if not told["known"] or told["known"] < ground.settings.of(KNOWN_SHARE) * told["n"]:
        # Ids, or the staff of another office: such a list tells nothing of these owners.
        return ground.nothing(grain)
    return Violations(
        rows=rows.filter(rows.known.isnull()).select(FILE, LINE, "date"), base=rows.select("date")
    )


def _dismissed(ground: Ground, grain: str) -> Violations:
    """Rows of owners whom the list of staff has as gone."""
    rows = _owned(ground, grain)
    rows = rows.filter(rows.works.notnull())
    return Violations(
        rows=rows.filter(~rows.works).select(FILE, LINE, "date"), base=rows.select("date")
    )


def _unused(ground: Ground) -> Violations:
    """Employees with access who have not logged in for long, or recorded nothing ever.

    A recent record speaks for a login that the list does not have yet.
    """
    people = _people(ground)
    own = people.filter(people.works.fill_null(YES))
    by_login = ground.has("staff", "last_login_at")
    limit = day_before(ground.settings, IDLE_DAYS)
    recorded = _recorded(ground)
    if not by_login and recorded is None:
        return ground.nothing("staff")
    rows = (
        _last_record(own, recorded) if recorded is not None else own.mutate(seen=ibis.null("date"))
    )
    if by_login:
        idle = ~any_true((rows.login > ibis.literal(limit), rows.seen > ibis.literal(limit)))
        why = ibis.ifelse(rows.login.notnull(), "no_login_lately", "never_logged_in")
    else:
        idle, why = rows.seen.isnull(), ibis.literal("never_recorded")
    return Violations(
        rows=rows.filter(idle).mutate(why=why).select(FILE, LINE, "why"),
        base=int(own.count().to_pyarrow().as_py()),
    )


def _recorded(ground: Ground) -> ir.Table | None:
    """The last record of each name in the log of activities; None where it names no employee."""
    if not ground.has("activities", "owner", "ts|done_at"):
        return None
    days = records(ground)
    last = days.group_by(name=same_name(days.owner)).aggregate(last=days.day.max())
    met = last.semi_join(_named(ground), "name").count().to_pyarrow().as_py()
    return last if met else None


def _last_record(people: ir.Table, recorded: ir.Table) -> ir.Table:
    """The employees with `seen`, the last day on which any of their names recorded something."""
    each = [
        people.select(FILE, LINE, name=people[f"w{place}"]).inner_join(recorded, "name")
        for place in range(_WAYS)
    ]
    found = ibis.union(*[one.select(FILE, LINE, "last") for one in each])
    seen = found.group_by(FILE, LINE).aggregate(seen=found["last"].max())
    return people.left_join(seen, [FILE, LINE]).select(FILE, LINE, "login", "seen")


CHECKS = (
    *(
        Check(
            key="owner_unknown",
            grain=grain,
            needs=("owner", *state),
            also=(f"staff.{_NAMES}",),
            severity=1,
            effort="S",
            rule=partial(_unknown, grain=grain),
            money="amount" if grain == "deals" else None,
            thresholds=(KNOWN_SHARE,),
        )
        for grain, state in (("deals", (STATE,)), ("contacts", ()))
    ),
    *(
        Check(
            key="owner_dismissed",
            grain=grain,
            needs=("owner", *state),
            also=(f"staff.{_NAMES}", f"staff.{_STATE}"),
            severity=1,
            effort="S",
            rule=partial(_dismissed, grain=grain),
            money="amount" if grain == "deals" else None,
        )
        for grain, state in (("deals", (STATE,)), ("contacts", ()))
    ),
    Check(
        key="licence_unused",
        grain="staff",
        needs=("last_login_at|owner|full_name|first_name|last_name|email",),
        severity=2,
        effort="S",
        ages=("staff", "activities"),
        rule=_unused,
        counted="users",
        thresholds=(IDLE_DAYS,),
        shows=("owner", "full_name", "first_name", "last_name", "role", "last_login_at"),
    ),
)
