"""Who answers for a deal: nobody, one who is away, or not the client's own manager."""

from __future__ import annotations

from datetime import timedelta

import ibis
import ibis.expr.types as ir

from crm_metrics.audit.conditions import LIMITS, blank, day_before, same_name, within
from crm_metrics.audit.ground import FILE, LINE, Ground, places
from crm_metrics.audit.model import Check, Threshold, Violations
from crm_metrics.metrics.activities_state import by_person
from crm_metrics.metrics.deals_state import STATE, still_open
from crm_metrics.metrics.expressions import YES, any_true
from crm_metrics.metrics.people import person_of
from crm_metrics.store.together.record_keys import part_of_key

AWAY_DAYS = Threshold("away_days", 30, 7, 365, "days")
LOAD_TIMES = Threshold("load_times", 2, 1.2, 10, "times")
LOAD_SHARE = Threshold("load_share", 0.4, 0.1, 1, "share")
_LEAST_OWNERS = 3


def _open(ground: Ground) -> ir.Table:
    table = ground.rows_with("deals", "owner")
    return table.filter(still_open(table, LIMITS) & ~blank(table.owner))


def _gone(ground: Ground) -> Violations:
    """Open deals of owners who did nothing in the log of activities for long, or ever."""
    acts = ground.rows_with("activities", "owner")
    own = acts.filter(by_person(acts, LIMITS) & ~blank(acts.owner))
    limit = day_before(ground.settings, AWAY_DAYS)
    # What is dated ahead of today says nothing of what was done.
    tomorrow = ground.settings.day + timedelta(days=1)
    lately = own.filter(
        any_true(own[name].cast("date").between(limit, tomorrow) for name in ("ts", "done_at"))
    )
    names = lately.select(name=same_name(lately.owner)).distinct()
    ever = own.select(name=same_name(own.owner)).distinct()
    deals = _open(ground)
    rows = deals.select(**places(deals), date=deals.date, name=same_name(deals.owner))
    # A log of other people than those of the deals tells nothing of them.
    shared = rows.semi_join(ever, "name")
    meet = int(shared.count().to_pyarrow().as_py())
    rows = rows if meet else rows.limit(0)
    away = rows.anti_join(names, "name")
    known = away.left_join(ever.mutate(was=YES), "name")
    return Violations(
        rows=known.select(
            FILE,
            LINE,
            "date",
            why=ibis.ifelse(known.was.notnull(), "owner_silent", "owner_never_seen"),
        ),
        base=rows.select("date"),
    )


def _differs(ground: Ground) -> Violations:
    """Open deals whose owner is not the owner of their contact."""
    deals, contacts = _open(ground), ground.rows_with("contacts", "owner")
    contacts = contacts.filter(~blank(contacts.owner))
    # Deals name a contact by the number that contacts have of their own, or by one of clients.
    keys = (person_of(contacts), part_of_key(contacts, "contact_id"))
    named = {"name": same_name(contacts.owner), "shown": contacts.owner}
    own = ibis.union(*(contacts.select(person=key, **named) for key in keys))
    own = own.filter(own.person.notnull())
    of_person = own.group_by("person").aggregate(
        name=own.name.min(), names=own.name.nunique(), suggestion=own.shown.min()
    )
    rows = deals.select(
        **places(deals), date=deals.date, person=person_of(deals), owner_name=same_name(deals.owner)
    )
    rows = rows.inner_join(of_person.filter(of_person.names == 1), "person")
    bad = rows.filter(rows.owner_name != rows.name)
    return Violations(rows=bad.select(FILE, LINE, "date", "suggestion"), base=rows.select("date"))


def _load(ground: Ground) -> Violations:
    """Owners with far more open deals than the others: over so many medians, or a share of all."""
    deals = _open(ground)
    named = deals.group_by(name=same_name(deals.owner))
    each = named.aggregate(owner=deals.owner.strip().mode(), deals=deals.count()).drop("name")
    told = each.aggregate(n=each.count(), all=each.deals.sum(), median=each.deals.median())
    (line,) = told.to_pyarrow().to_pylist()
    settings = ground.settings
    owners, whole, median = line["n"], line["all"] or 0, float(line["median"] or 0)
    if owners < _LEAST_OWNERS:
        return Violations(rows=each.limit(0), base=0)
    heavy = (each.deals > settings.of(LOAD_TIMES) * median) | (
        each.deals > settings.of(LOAD_SHARE) * whole
    )
    rows = each.filter(heavy)
    shown = rows.mutate(share=(rows.deals / whole).round(3))
    return Violations(
        rows=shown, base=owners, numbers={"median_deals": median, "open_deals": whole}
    )


CHECKS = (
    Check(
        key="owner_missing",
        grain="deals",
        needs=(STATE, "owner"),
        severity=1,
        effort="S",
        broken=lambda table, _: within(still_open(table, LIMITS), blank(table.owner)),
        money="amount",
    ),
    Check(
        key="owner_inactive",
        grain="deals",
        needs=(STATE, "owner"),
        also=("activities.owner", "activities.ts|done_at"),
        severity=1,
        effort="S",
        ages=("activities",),
        rule=_gone,
        money="amount",
        thresholds=(AWAY_DAYS,),
    ),
    Check(
        key="owner_mismatch",
        grain="deals",
        needs=(STATE, "owner", "customer_id|email|phone"),
        also=("contacts.owner", "contacts.customer_id|contact_id|email|phone"),
        severity=1,
        effort="M",
        rule=_differs,
        suggests="owner",
        money="amount",
    ),
    Check(
        key="load_skew",
        grain="deals",
        needs=(STATE, "owner"),
        severity=3,
        effort="M",
        rule=_load,
        counted="owners",
        thresholds=(LOAD_TIMES, LOAD_SHARE),
    ),
)
