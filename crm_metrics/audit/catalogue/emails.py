"""E-mails of contacts: what is none, lives for minutes, is a role's or a slip of the hand."""

from __future__ import annotations

from collections.abc import Callable

import ibis
import ibis.expr.types as ir

from crm_metrics.audit.cleaning.reading import EMAIL, PHONE, emails_of, may_be_dialled, phones_of
from crm_metrics.audit.ground import FILE, LINE, Ground, places
from crm_metrics.audit.model import Check, Rule, Violations

_Condition = Callable[[ir.Table], ir.BooleanValue]


def _told(condition: _Condition, *, of_valid: bool = True) -> Rule:
    """The e-mails that meet the condition; `of_valid`: of those that are addresses at all."""

    def rule(ground: Ground) -> Violations:
        emails = emails_of(ground)
        base = emails.filter(emails.verdict.isnull()) if of_valid else emails
        found = base.filter(condition(base))
        rows = found.select(FILE, LINE, suggestion=found.suggestion)
        return Violations(rows=rows, base=base.select("date"))

    return rule


def _unreachable(ground: Ground) -> Violations:
    table = ground.rows_with("contacts", EMAIL, PHONE)
    phones, emails = phones_of(ground), emails_of(ground)
    reached = ibis.union(
        phones.filter(may_be_dialled(phones)).select(FILE, LINE),
        emails.filter(emails.verdict.isnull()).select(FILE, LINE),
    )
    every = table.select(**places(table), date=table.date)
    rows = every.anti_join(reached, [FILE, LINE]).select(FILE, LINE)
    return Violations(rows=rows, base=every.select("date"))


CHECKS = (
    Check(
        key="email_invalid",
        grain="contacts",
        needs=(EMAIL,),
        severity=1,
        effort="S",
        rule=_told(lambda table: table.verdict.notnull(), of_valid=False),
        suggests="email",
    ),
    Check(
        key="email_typo_domain",
        grain="contacts",
        needs=(EMAIL,),
        severity=1,
        effort="S",
        rule=_told(lambda table: table.suggestion.notnull()),
        suggests="email",
    ),
    Check(
        key="email_disposable",
        grain="contacts",
        needs=(EMAIL,),
        severity=2,
        effort="S",
        rule=_told(lambda table: table.disposable),
        suggests="email",
    ),
    Check(
        key="email_role",
        grain="contacts",
        needs=(EMAIL,),
        severity=3,
        effort="M",
        rule=_told(lambda table: table.role),
        suggests="email",
    ),
    Check(
        key="channel_unreachable",
        grain="contacts",
        needs=(EMAIL, PHONE),
        severity=1,
        effort="M",
        rule=_unreachable,
    ),
)
