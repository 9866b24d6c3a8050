"""Every code that the engine can hand over has its sentence in both languages."""

from __future__ import annotations

import ast
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

from crm_metrics.schema import CHANNELS, FIELDS, GRAINS
from crm_metrics.texts import LANGUAGES, has, keys

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
BY_FIELD = {"origin", "platform"}
"""Sections that are named by a field: what its values mean."""


@cache
def source() -> tuple[ast.AST, ...]:
    """What the app's code names: its calls, their keywords, and texts."""
    top = PACKAGE.parent
    paths = (*PACKAGE.rglob("*.py"), *(top / "pages").glob("*.py"), *(top / "scripts").glob("*.py"))
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in (*paths, top / "app.py"))
    kinds = (ast.Call, ast.keyword, ast.Constant, ast.JoinedStr)
    return tuple(node for tree in trees for node in ast.walk(tree) if isinstance(node, kinds))


def codes() -> set[str]:
    return {
        f"{SECTION[node.func.id]}.{node.args[0].value}"
        for node in source()
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in SECTION
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }


def made(begins: str) -> re.Pattern[str]:
    """What the f-strings that begin so may make."""
    found = set()
    for node in source():
        first = node.values[0] if isinstance(node, ast.JoinedStr) else None
        if isinstance(first, ast.Constant) and re.match(begins, str(first.value)):
            found.add("".join(map(_part, node.values)))
    return re.compile("|".join(sorted(found)))


def _part(one: ast.expr) -> str:
    return re.escape(str(one.value)) if isinstance(one, ast.Constant) else r"\w+(?:\.\w+)?"


def test_every_text_is_asked_for_somewhere():
    named = {str(one.value) for one in source() if isinstance(one, ast.Constant)}
    shown = {key.removeprefix("command_line.") for key in keys("en")}
    unused = {key for key in shown if key.partition(".")[0] not in BY_FIELD} - named
    asked = made(r"[a-z_]+\.")
    assert {key for key in unused if not asked.fullmatch(key)} == set()
    # A code that is told by a name alone stands in the source, or a part of it does.
    kept = named | {one.arg for one in source() if isinstance(one, ast.keyword)}
    told = {key.partition(".")[2] for key in keys("en") if key.startswith(("flag.", "error."))}
    part = made(r"[a-z]+_$")
    rest = {code for code in told - kept if not part.fullmatch(code)}
    of_grain = {f"{code}_{grain}" for code in kept for grain in GRAINS}
    assert rest - of_grain == set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_goes_wrong_off_the_command_line_names_none_of_its_options(lang):
    shared = [path for path in PACKAGE.rglob("*.py") if not path.name.startswith("cli")]
    found = (re.findall(r'Error\(\s*"(\w+)"', path.read_text("utf-8")) for path in shared)
    raised = {code for codes_of_file in found for code in codes_of_file}
    said = tomllib.loads((PACKAGE / "texts" / f"{lang}.toml").read_text("utf-8"))["error"]
    told = {code for code in raised if "--" in str(said.get(code))}
    # A file that is none of ours is told by where ours come from: a page, or an option.
    assert told == {"template_not_ours", "finding_file", "plan_file"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_code_in_the_source_has_a_sentence(lang: str):
    assert len(codes()) > 30
    assert {key for key in codes() if not has(key, lang)} == set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everything_in_the_schema_has_a_name(lang: str):
    wanted = {f"field.{key}.{part}" for key in FIELDS for part in ("name", "help")}
    wanted |= {f"grain.{key}.{part}" for key in GRAINS for part in ("name", "row")}
    wanted |= {f"channel.{key}" for key in CHANNELS}
    assert {key for key in wanted if not has(key, lang)} == set()
