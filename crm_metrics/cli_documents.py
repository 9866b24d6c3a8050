"""The command line's JSON documents: a contract that other programs read (see docs/cli.md)."""

from __future__ import annotations

import math
from dataclasses import asdict
from pathlib import Path
from typing import Any

from crm_metrics.experiments import Finding, Plan
from crm_metrics.findings.verdicts import gate_text, next_step, sentence
from crm_metrics.intake.table import REASONS
from crm_metrics.mapping import Why
from crm_metrics.metrics import Result
from crm_metrics.store import Dataset
from crm_metrics.texts import t


def inspect_document(path: Path, datasets: list[Dataset], lang: str) -> dict[str, Any]:
    """What a file was read as: one entry per table, every line accounted for."""
    return {
        "file": path.name,
        "sha256": datasets[0].table.sha256,
        "tables": [_table(dataset, lang) for dataset in datasets],
    }


def metrics_document(result: Result) -> dict[str, Any]:
    """Values with their intervals and components, and what is missing for the others."""
    return {
        "rows": [
            {
                "metric": value.metric,
                "variant": value.variant,
                "group": value.group,
                "value": number(value.value),
                "low": number(value.low),
                "high": number(value.high),
                "n": number(value.n),
                "components": {name: number(part) for name, part in value.components.items()},
                "flags": list(value.flags),
            }
            for value in result.values
        ],
        "missing": [
            {"metric": missing.metric, "needs": list(missing.needs)} for missing in result.missing
        ],
    }


def abtest_document(finding: Finding, lang: str) -> dict[str, Any]:
    """A verdict with the numbers and gates that it stands on."""
    return {
        "code": finding.code,
        "sentence": sentence(finding, lang),
        "metric": finding.setup.metric,
        "arms": [
            {
                "name": arm.name,
                "n": arm.n,
                "value": number(arm.value),
                "low": number(arm.low),
                "high": number(arm.high),
            }
            for arm in finding.arms
        ],
        "comparisons": [
            {key: number(part) for key, part in asdict(comparison).items()}
            for comparison in finding.comparisons
        ],
        "gates": [
            {
                "gate": gate.gate,
                "status": gate.status,
                "detail": gate_text(gate, lang),
            }
            for gate in finding.gates
        ],
        "overall": {key: number(part) for key, part in finding.overall.items()},
        "next_step": next_step(finding, lang),
    }


def plan_document(plan: Plan) -> dict[str, Any]:
    """How many recipients a test needs, or what a list can show."""
    return {key: number(part) for key, part in asdict(plan).items()}


def number(value: Any) -> Any:
    """A JSON value: whole floats as integers, an undefined number as null."""
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    if isinstance(value, tuple | list):
        return [number(item) for item in value]
    return value


def reason_text(why: Why, lang: str) -> str:
    """The sentence behind a suggestion."""
    return t(f"why.{why.code}", lang, **why.params)


def _table(dataset: Dataset, lang: str) -> dict[str, Any]:
    table, mapping, facts = dataset.table, dataset.mapping, dataset.facts
    failed = {recipe.column: recipe.failed for recipe in facts.recipes} if facts else {}
    issues = [*table.issues, *(facts.issues if facts else ())]
    return {
        "table": table.name,
        "layout": table.layout,
        "encoding": table.how.encoding,
        "delimiter": table.how.delimiter,
        "header_lines": list(table.how.header_lines),
        "lines": table.account.lines,
        "records": table.account.records,
        "set_aside": {reason: table.account.set_aside.get(reason, 0) for reason in REASONS},
        "repaired": table.account.repaired,
        "system": mapping.system,
        "export": mapping.export,
        "grain": mapping.grain,
        "level": mapping.level,
        "columns": [
            {
                "name": column.name,
                "field": column.field,
                "kind": column.kind,
                "level": column.level,
                "why": reason_text(column.why, lang),
                "failed": failed.get(column.column, 0),
            }
            for column in mapping.columns
        ],
        "period": [day.isoformat() for day in facts.period] if facts and facts.period else None,
        "issues": [
            {"code": issue.code, "count": issue.count, "examples": list(issue.examples)}
            for issue in issues
        ],
    }
