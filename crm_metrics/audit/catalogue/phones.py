"""Phones of contacts: no number, nobody's number, or one that a system won't dial as it stands."""

from __future__ import annotations

from crm_metrics.audit.cleaning.phones import DAMAGED, FORM, INVALID, PLACEHOLDER, SEVERAL, UNCLEAR
from crm_metrics.audit.cleaning.reading import PHONE, phones_of
from crm_metrics.audit.ground import FILE, LINE, Ground
from crm_metrics.audit.model import Check, Rule, Violations

# Whether these are numbers is known; of the others either nothing or only that they are none.
_VALID = (FORM, SEVERAL)


def _told(*verdicts: str) -> Rule:
    def rule(ground: Ground) -> Violations:
        phones = phones_of(ground)
        found = phones.filter(phones.verdict.isin(verdicts))
        rows = found.select(FILE, LINE, why=found.verdict, suggestion=found.e164)
        return Violations(rows=rows, base=phones.select("date"))

    return rule


def _not_e164(ground: Ground) -> Violations:
    phones = phones_of(ground)
    valid = phones.filter(phones.verdict.isnull() | phones.verdict.isin((*_VALID, UNCLEAR)))
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
