"""Findings of an audit, made by hand."""

from __future__ import annotations

from datetime import date

from crm_metrics.audit.model import Audit, Finding, Inflow, NotRun, Passed, Settings, finding_id
from crm_metrics.audit.snapshot import Measured

TODAY = date(2026, 3, 31)


def finding(
    check: str = "phone_missing",
    scope: str = "contacts",
    *,
    count: int = 48,
    base: int = 80,
    severity: int = 1,
    inflow: Inflow | None = None,
    **more: object,
) -> Finding:
    return Finding(
        id=finding_id(check, scope),
        check=check,
        scope=scope,
        grain=scope.partition(":")[0],
        counted=scope.partition(":")[0],
        severity=severity,
        effort="M",
        count=count,
        base=base,
        share=count / base,
        low=0.0,
        high=1.0,
        inflow=inflow,
        **more,  # type: ignore[arg-type]
    )


def audit_of(
    *findings: Finding,
    passed: tuple[Passed, ...] = (),
    not_run: tuple[NotRun, ...] = (),
    today: date = TODAY,
) -> Audit:
    return Audit(
        today=today,
        findings=findings,
        passed=passed,
        not_run=not_run,
        rows={"contacts": 80},
        settings=Settings(today=today),
    )


def measured(check: str, scope: str = "contacts", count: int = 48, base: int = 80) -> Measured:
    return Measured(
        id=finding_id(check, scope),
        check=check,
        grain=scope.partition(":")[0],
        severity=1,
        count=count,
        base=base,
        share=count / base,
        low=0.0,
        high=1.0,
        field=scope.partition(":")[2],
    )
