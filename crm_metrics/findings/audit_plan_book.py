"""The plan as a workbook: actions, findings, what was not checked, and lists to put right."""

from __future__ import annotations

from collections.abc import Mapping

from crm_metrics.audit import check_of, ground_of, records_of
from crm_metrics.audit.model import Audit, Finding
from crm_metrics.audit.plan import Plan
from crm_metrics.findings.audit_list import column_title, listed_rows
from crm_metrics.findings.audit_sheets import audit_sheet, plan_sheet
from crm_metrics.findings.audit_words import advice_text, check_name, not_run_text
from crm_metrics.findings.report import Report
from crm_metrics.findings.sheet import Heading, Sheet, headings_of, sheet_of
from crm_metrics.findings.workbook import tables_book
from crm_metrics.metrics.ground import Engine
from crm_metrics.metrics.model import Filters, Limits
from crm_metrics.texts import date_text, integer_text, t

ROWS = 200
"""Rows of each list in the workbook; the whole list is a CSV of its own."""


def plan_book(
    engine: Engine,
    audit: Audit,
    plan: Plan,
    lang: str,
    *,
    files: Mapping[str, str],
    masked: bool = True,
) -> bytes:
    """The plan as XLSX bytes: equal plans give equal bytes.

    The first rows of each finding follow, e-mails, phones and names `masked` or whole; `files`
    names each data set. What people typed into the plan stands as they typed it.
    """
    report = Report(lang, Filters(), Limits(), (), audit=audit, plan=plan)
    sheets = [plan_sheet(report), audit_sheet(report), _not_run(report)]
    sheets += [
        _listed(engine, audit, one, lang, files=files, masked=masked) for one in audit.findings
    ]
    title = t("audit.workbook.title", lang, day=date_text(audit.today, lang))
    return tables_book(title, [sheet for sheet in sheets if sheet.rows], lang)


def _not_run(report: Report) -> Sheet:
    lang = report.lang
    headings = headings_of(lang, "not_run", long="not_run")
    found = report.audit.not_run if report.audit else ()
    rows = tuple((text,) for text in dict.fromkeys(not_run_text(one, lang) for one in found))
    return sheet_of(report, "audit_not_run", headings, rows)


def _listed(
    engine: Engine,
    audit: Audit,
    finding: Finding,
    lang: str,
    *,
    files: Mapping[str, str],
    masked: bool,
) -> Sheet:
    check = check_of(finding.check, finding.grain)
    ground = ground_of(engine, audit.settings)
    records = records_of(ground, check, finding.scope, first=ROWS)
    batches = listed_rows(records, files, lang, masked=masked)
    rows = tuple(row for batch in batches for row in batch)
    shown = {"shown": integer_text(len(rows), lang), "count": integer_text(finding.count, lang)}
    name = check_name(finding.check, finding.scope, lang)
    return Sheet(
        key=finding.id,
        name=name,
        title=name,
        note=" ".join((t("audit.workbook.rows", lang, **shown), advice_text(finding.check, lang))),
        headings=tuple(Heading(name, column_title(name, lang)) for name in records.columns),
        rows=rows,
    )
