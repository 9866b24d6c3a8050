"""The audit and its plan for a report: of all files, whatever period and channels it is of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from crm_metrics.audit import Audit, audit
from crm_metrics.audit.as_of import day_of_audit
from crm_metrics.audit.chosen import read_chosen
from crm_metrics.audit.gates import gates
from crm_metrics.audit.plan import planned, read_plan
from crm_metrics.audit.questionnaire import read_questionnaire
from crm_metrics.findings.report import Report
from crm_metrics.metrics.ground import Engine, grains_of
from crm_metrics.store import Workspace

Audited = Callable[[], Audit]
_OF_A_CRM: Final = frozenset({"contacts", "deals", "activities"})


def with_audit(
    engine: Engine, report: Report, workspace: Workspace, found: Audited | None
) -> Report:
    """The report with the audit of a CRM's files, its gates and its plan; as it is without any.

    `found` gives the audit where a caller has asked it already; else it is made by the settings
    that are kept in the workspace.
    """
    if _OF_A_CRM.isdisjoint(grains_of(engine)):
        return report
    folder = workspace.folder
    own = found() if found else _audited(engine, workspace)
    plan = planned(read_plan(folder), own.findings, own.today)
    lacking = gates(engine, own, asked=read_questionnaire(folder), plan=plan)
    return replace(report, audit=replace(own, gates=lacking), plan=plan)


def _audited(engine: Engine, workspace: Workspace) -> Audit:
    today = day_of_audit(engine, workspace.datasets())
    return audit(engine, replace(read_chosen(workspace.folder).settings(), today=today))
