"""Contacts that are one person: by a key, by name and something beside it, lead and contact."""

from __future__ import annotations

from crm_metrics.audit.cleaning.reading import EMAIL, NAME, PHONE, emails_of, names_of, phones_of
from crm_metrics.audit.duplicates.finding import (
    GROUP,
    alike,
    groups,
    not_compared,
    same_value,
)
from crm_metrics.audit.ground import FILE, LINE, Ground, places
from crm_metrics.audit.model import Check, Threshold, Violations
from crm_metrics.metrics.expressions import NO, any_true, folded

BLOCK = Threshold("duplicate_block", 100, 10, 1000, "count")
_LEAD = r"(^|[^a-zа-яё])(lead|лид)([^a-zа-яё]|$)"


def _same_email(ground: Ground) -> Violations:
    rows, numbers = same_value(ground, "mailbox")
    emails = emails_of(ground)
    base = emails.filter(emails.mailbox.notnull()).select("date")
    return Violations(rows=rows, base=base, numbers=numbers)


def _same_phone(ground: Ground) -> Violations:
    rows, numbers = same_value(ground, "phone")
    phones = phones_of(ground)
    base = phones.filter(phones.e164.notnull()).select("date")
    return Violations(rows=rows, base=base, numbers=numbers)


def _alike(ground: Ground) -> Violations:
    rows, numbers = alike(ground, round(ground.settings.of(BLOCK)))
    return Violations(rows=rows, base=names_of(ground).select("date"), numbers=numbers)


def _lead_and_contact(ground: Ground) -> Violations:
    table = ground.rows_with("contacts", "type|lifecycle_stage")
    kinds = [folded(table[name]) for name in ("type", "lifecycle_stage")]
    told = table.select(
        **places(table),
        date=table.date,
        lead=any_true(kind.re_search(_LEAD) for kind in kinds),
        known=any_true(kind.length() > 0 for kind in kinds),
    )
    told = told.filter(told.known)
    limit = round(ground.settings.of(BLOCK))
    members = told.inner_join(groups(ground, limit), [FILE, LINE])
    others = members.filter(~members.lead).select(GROUP).distinct()
    leads = members.filter(members.lead).semi_join(others, GROUP)
    base = told.filter(told.lead.fill_null(NO)).select("date")
    left_out = {"skipped": not_compared(ground, limit)}
    return Violations(rows=leads.select(FILE, LINE, GROUP), base=base, numbers=left_out)


CHECKS = (
    Check(
        key="dup_exact_email",
        grain="contacts",
        needs=(EMAIL,),
        severity=1,
        effort="S",
        rule=_same_email,
    ),
    Check(
        key="dup_exact_phone",
        grain="contacts",
        needs=(PHONE,),
        severity=2,
        effort="M",
        rule=_same_phone,
    ),
    Check(
        key="dup_fuzzy",
        grain="contacts",
        needs=(NAME, "phone|email|company|city"),
        severity=3,
        effort="L",
        rule=_alike,
        thresholds=(BLOCK,),
    ),
    Check(
        key="lead_and_contact",
        grain="contacts",
        needs=(NAME, "type|lifecycle_stage", "phone|email|company|city"),
        severity=2,
        effort="S",
        rule=_lead_and_contact,
        thresholds=(BLOCK,),
        shows=("type", "lifecycle_stage"),
    ),
)
