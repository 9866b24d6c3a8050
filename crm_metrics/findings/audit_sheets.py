"""The audit and its plan as tables of a report."""

from __future__ import annotations

from crm_metrics.audit import Audit, Finding, check_of
from crm_metrics.audit.plan import Action
from crm_metrics.findings.audit_words import (
    advice_text,
    check_name,
    meaning_text,
    money_at_stake,
)
from crm_metrics.findings.report import Report
from crm_metrics.findings.sheet import Cell, Rows, Sheet, headings_of, sheet_of
from crm_metrics.metrics.model import Unit
from crm_metrics.texts import t


def audit_sheet(report: Report) -> Sheet:
    """A finding a row, the weightiest first: count, base, share, what is at stake, what to do."""
    headings = headings_of(
        report.lang,
        "finding severity found records_base found_share low high at_stake effort"
        " meaning_of advice id",
        number="severity found records_base",
        value="found_share low high",
        long="finding meaning_of advice",
    )
    audit = report.audit
    rows = tuple(_finding_cells(one, audit, report.lang) for one in audit.findings) if audit else ()
    return sheet_of(report, "audit", headings, rows, units=_shares(rows))


def plan_sheet(report: Report) -> Sheet:
    """An action a row: who does it, until when, how far, and how far it is."""
    headings = headings_of(
        report.lang,
        "finding severity owner due status effort share_now target note since_day id",
        number="severity",
        value="share_now target",
        date="due since_day",
        long="finding note",
    )
    found = {one.id: one for one in report.audit.findings} if report.audit else {}
    rows = tuple(
        _action_cells(one, found.get(one.finding), report.lang) for one in report.plan.actions
    )
    return sheet_of(report, "plan", headings, rows, units=_shares(rows))


def _shares(rows: Rows) -> tuple[Unit, ...]:
    return tuple("share" for _ in rows)


def _finding_cells(one: Finding, audit: Audit, lang: str) -> tuple[Cell, ...]:
    return (
        check_name(one.check, one.scope, lang),
        one.severity,
        one.count,
        one.base,
        one.share,
        one.low,
        one.high,
        money_at_stake(one, lang),
        t(f"audit.effort.{one.effort}", lang),
        meaning_text(check_of(one.check, one.grain), audit.settings, lang),
        advice_text(one.check, lang),
        one.id,
    )


def _action_cells(one: Action, found: Finding | None, lang: str) -> tuple[Cell, ...]:
    return (
        check_name(one.check, one.scope, lang),
        one.severity,
        one.owner,
        one.due,
        t(f"audit.status.{one.status}", lang),
        t(f"audit.effort.{one.effort}", lang),
        found.share if found else None,
        one.target,
        one.note,
        one.since,
        one.finding,
    )
