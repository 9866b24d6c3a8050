"""Every code that the engine can hand over has its sentence in both languages."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

from crm_metrics.schema import CHANNELS, FIELDS, GRAINS
from crm_metrics.texts import LANGUAGES, has

PACKAGE = Path(__file__).parent.parent.parent / "crm_metrics"
SECTION = {
    "CrmMetricsError": "error",
    "InputError": "error",
    "LimitError": "error",
    "NotFoundError": "error",
    "UsageError": "error",
    "Issue": "issue",
    "Why": "why",
}


@cache
def codes() -> set[str]:
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in SECTION
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                found.add(f"{SECTION[node.func.id]}.{node.args[0].value}")
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_code_in_the_source_has_a_sentence(lang: str):
    assert len(codes()) > 30
    assert {key for key in codes() if not has(key, lang)} == set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everything_in_the_schema_has_a_name(lang: str):
    wanted = {f"field.{key}.{part}" for key in FIELDS for part in ("name", "help")}
    wanted |= {f"grain.{key}.{part}" for key in GRAINS for part in ("name", "help")}
    wanted |= {f"channel.{key}" for key in CHANNELS}
    assert {key for key in wanted if not has(key, lang)} == set()
