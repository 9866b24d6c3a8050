"""The rules of the house that no linter holds."""

from __future__ import annotations

import ast
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = sorted((ROOT / "crm_metrics").rglob("*.py"))
PAGES = sorted((ROOT / "pages").glob("*.py"))


def line_count(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_modules_are_short():
    lengths = [line_count(path) for path in PACKAGE]
    assert statistics.median(lengths) <= 200
    too_long = {str(path.relative_to(ROOT)) for path in PACKAGE if line_count(path) > 400}
    assert not too_long


def test_pages_are_thin():
    assert {path.stem for path in PAGES} == {
        "upload",
        "columns",
        "channels",
        "customers",
        "voice",
        "response",
        "experiments",
        "audit",
        "findings",
    }
    assert not {path.name for path in PAGES if line_count(path) > 80}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_a_page_asks_for_the_shell_first(page: Path):
    tree = ast.parse(page.read_text(encoding="utf-8"))
    calls = [
        node.value.func.id
        for node in tree.body
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
    ]
    assert calls[:1] == ["require_shell"]


@pytest.mark.parametrize(
    "path",
    [*PAGES, ROOT / "app.py", *sorted((ROOT / "crm_metrics" / "ui").glob("*.py"))],
    ids=lambda path: path.name,
)
def test_no_words_for_the_user_stand_in_code(path: Path):
    """Pages and their parts take every word from texts: no Cyrillic, no labels in st.* calls."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in docstrings:
            assert not any("а" <= letter <= "я" for letter in str(node.value).lower()), node.value
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("st."):
            named = [item.value for item in node.keywords if item.arg in {"label", "help"}]
            labels = [*node.args[:1], *named]
            for label in labels:
                if isinstance(label, ast.Constant) and isinstance(label.value, str):
                    assert " " not in label.value, label.value


def test_data_flow_one_way():
    run = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout


def test_the_documents_that_readers_are_sent_to_exist():
    for document in (ROOT / "README.md", ROOT / "docs" / "README.ru.md", ROOT / "CONTRIBUTING.md"):
        for part in document.read_text(encoding="utf-8").split("](")[1:]:
            target = part.split(")")[0]
            if not target.startswith("http"):
                assert (document.parent / target).exists(), (document.name, target)


def test_contributing_fits_a_screen_or_two():
    assert line_count(ROOT / "CONTRIBUTING.md") <= 80
