"""The JSON document of `abtest`: a verdict with everything that it stands on."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from crm_metrics.experiments import Finding, Judged
from crm_metrics.findings.verdicts import (
    gate_text,
    inputs_hash,
    method_note,
    next_step,
    sentence,
    standing_text,
)


def abtest_document(finding: Finding, lang: str) -> dict[str, Any]:
    """A verdict with the numbers and gates that it stands on."""
    return {
        "code": finding.code,
        "sentence": sentence(finding, lang),
        "metric": finding.setup.metric,
        "arms": [asdict(arm) for arm in finding.arms],
        "comparisons": [asdict(item) for item in finding.comparisons],
        "gates": [
            {
                "gate": gate.gate,
                "status": gate.status,
                "detail": gate_text(gate, lang),
                "code": gate.detail,
            }
            for gate in finding.gates
        ],
        "overall": finding.overall,
        "next_step": next_step(finding, lang),
        "others": [_other(item, str(finding.params["arm"]), lang) for item in finding.others],
        "second_lines": [
            {
                "kind": line.kind,
                "comparisons": [asdict(item) for item in line.comparisons],
                **line.params,
            }
            for line in finding.lines
        ],
        "segments": [
            {
                "column": segment.column,
                "pvalue": segment.pvalue,
                "pvalue_adjusted": segment.pvalue_adjusted,
                "differs": segment.differs,
                "simpson": segment.simpson,
                "mix_pvalue": segment.mix_pvalue,
                "test": segment.test,
                "values": [
                    {"value": row.value, "n": row.n, **asdict(row.comparison)}
                    for row in segment.rows
                ],
            }
            for segment in finding.segments
        ],
        "rest": {
            key: value
            for key, value in finding.params.items()
            if key.startswith(("rest_", "money_"))
        },
        "needed_per_arm": finding.params.get("needed_per_arm"),
        "looks": finding.setup.looks,
        "method": method_note(finding, lang),
        "inputs": inputs_hash(finding),
    }


def _other(item: Judged, arm: str, lang: str) -> dict[str, Any]:
    return {
        "metric": item.metric.name,
        "role": item.metric.role,
        "arms": [asdict(arm) for arm in item.arms],
        "comparisons": [asdict(own) for own in item.comparisons],
        "standings": list(item.standings),
        "sentence": standing_text(item, arm, lang),
    }
