"""Contacts whose card says not to write to them, or not yet, and to whom a message went out."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from crm_metrics.audit.ground import FILE, LINE, Ground
from crm_metrics.audit.model import Check, Violations
from crm_metrics.audit.people import PERSON, with_person
from crm_metrics.metrics.expressions import NO, any_true, first_known, folded
from crm_metrics.metrics.people import PERSON as NAMED

_SENT = "date|sent_at"
_STOPPED = ("unsubscribed", "bounced", "complained", "cleaned", "blocklisted", "opted out")
_EMAIL = "email"


def unsubscribed_day(cards: ir.Table) -> ir.DateValue:
    """The day on which a contact unsubscribed; null too where they agreed again on a later one."""
    left, agreed = cards.unsubscribed_at.cast("date"), cards.consent_at.cast("date")
    return ibis.ifelse((agreed > left).fill_null(NO), ibis.null("date"), left)


def _cards(ground: Ground) -> ir.Table:
    """The contacts with the day since which their card says to stop; null where it names no day.

    A status without a day of its own is as old as the last change of the card, or older: what went
    out later surely came after it.
    """
    table = ground.table("contacts")
    left = any_true(
        (folded(table.email_status).isin(_STOPPED), folded(table.status).isin(_STOPPED))
    )
    left |= (~table.consent).fill_null(NO)
    changed = ibis.ifelse(left, table.updated_at.cast("date"), ibis.null("date"))
    stop = first_known(unsubscribed_day(table), changed)
    return with_person(ground, "contacts", date=table.date, stop=stop)


def _days(ground: Ground, channel: str | None = None) -> ir.Table:
    """The first and the last day on which each person got a message: first, last."""
    table = ground.table("recipients")
    sent = with_person(ground, "recipients", day=table.date.cast("date"), channel=table.channel)
    if channel:
        sent = sent.filter(sent.channel == channel)
    return sent.group_by(PERSON).aggregate(first=sent.day.min(), last=sent.day.max())


def _still_mailed(ground: Ground) -> Violations:
    """Contacts whose card says to stop, with an e-mail on a later day."""
    cards = _cards(ground)
    stopped = cards.filter(cards.stop.notnull())
    rows = stopped.left_join(_days(ground, _EMAIL), PERSON)
    bad = rows.filter((rows["last"] > rows.stop).fill_null(NO))
    return Violations(rows=bad.select(FILE, LINE, "date"), base=stopped.select("date"))


def _too_early(ground: Ground) -> Violations:
    """Contacts who got a message on a day before the one on which they agreed."""
    table = ground.table("contacts")
    agreed = with_person(ground, "contacts", date=table.date, agreed=table.consent_at.cast("date"))
    rows = agreed.filter(agreed.agreed.notnull()).inner_join(_days(ground), PERSON)
    rows = rows.filter(rows["first"].notnull())
    bad = rows.filter(rows["first"] < rows.agreed)
    return Violations(rows=bad.select(FILE, LINE, "date"), base=rows.select("date"))


CHECKS = (
    Check(
        key="suppressed_but_mailed",
        grain="contacts",
        needs=(
            NAMED,
            "unsubscribed_at|email_status|status|consent",
            "unsubscribed_at|updated_at",
        ),
        also=(f"recipients.{NAMED}", f"recipients.{_SENT}"),
        severity=1,
        effort="S",
        rule=_still_mailed,
    ),
    Check(
        key="consent_late",
        grain="contacts",
        needs=(NAMED, "consent_at"),
        also=(f"recipients.{NAMED}", f"recipients.{_SENT}"),
        severity=1,
        effort="M",
        rule=_too_early,
    ),
)
