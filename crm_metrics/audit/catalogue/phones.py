"""Phones of contacts: no number, nobody's number, or one that a system won't dial as it stands."""

from __future__ import annotations

from crm_metrics.audit.cleaning.phones import DAMAGED, INVALID, PLACEHOLDER
from crm_metrics.audit.cleaning.reading import PHONE, may_be_dialled, phones_of
from crm_metrics.audit.ground import FILE, LINE, Ground
from crm_metrics.audit.model import Check, Rule, Violations


def _told(*verdicts: str) -> Rule:
    def rule(ground: Ground) -> Violations:
        phones = phones_of(ground)
        found = phones.filter(phones.verdict.isin(verdicts))
        rows = found.select(FILE, LINE, why=found.verdict, suggestion=found.e164)
        return Violations(rows=rows, base=phones.select("date"))

    return rule


def _not_e164(ground: Ground) -> Violations:
    phones = phones_of(ground)
    valid = phones.filter(may_be_dialled(phones))
    found = valid.filter(valid.verdict.notnull())
    rows = found.select(FILE, LINE, why=found.verdict, suggestion=found.e164)
    return Violations(rows=rows, base=valid.select("date"))


CHECKS = (
    Check(
        key="phone_invalid",
        grain="contacts",
        needs=(PHONE,),
        severity=1,
        effort="M",
        rule=_told(INVALID, DAMAGED),
    ),
    Check(
        key="phone_placeholder",
        grain="contacts",
        needs=(PHONE,),
        severity=2,
        effort="M",
        rule=_told(PLACEHOLDER),
    ),
    Check(
        key="phone_not_e164",
        grain="contacts",
        needs=(PHONE,),
        severity=3,
        effort="S",
        rule=_not_e164,
        suggests="phone",
    ),
)
