"""JSON from strangers: what can't be in a file of ours is no such file."""

from __future__ import annotations

import pytest

from crm_metrics.audit.keeping import in_file, read_kept
from crm_metrics.audit.plan import Plan
from crm_metrics.errors import InputError
from crm_metrics.experiments import read_plan
from crm_metrics.findings.verdict_file import recheck
from crm_metrics.sent_json import sent_json

FORGED = {
    "deep": "[" * 200_000 + "]" * 200_000,
    "large": '{"format": 1, "kind": "plan", "version": 1' + "0" * 400 + "}",
    "half a letter": r'{"format": 1, "kind": "plan", "version": "\ud800"}',
}


def test_what_json_says():
    text = '{"a": [1, -9223372036854775808, 1.5, null, "ё", "\\ud83d\\ude00"]}'
    assert sent_json(text) == {"a": [1, -(2**63), 1.5, None, "ё", "😀"]}


@pytest.mark.parametrize("text", FORGED.values(), ids=FORGED.keys())
def test_forged_files_are_refused_by_a_sentence(text, tmp_path):
    with pytest.raises(ValueError, match=r"deep|large|surrogates"):
        sent_json(text)
    for read in (recheck, read_plan, lambda data: in_file(data, Plan, file="plan.json")):
        with pytest.raises(InputError):
            read(text.encode())
    kept = tmp_path / "audit_plan.json"
    kept.write_text(text, encoding="utf-8")
    assert read_kept(kept, Plan) is None
