"""The documents for users say what the catalogue and the systems say."""

from __future__ import annotations

import pytest

from crm_metrics.intake.decisions import ROLES
from crm_metrics.intake.table import REASONS
from crm_metrics.mapping import SYSTEMS
from crm_metrics.metrics import CATALOGUE
from scripts.documents import DOCS, documents


def test_the_documents_are_current():
    stale = {
        path.name for path, text in documents().items() if path.read_text(encoding="utf-8") != text
    }
    assert not stale, "run python -m scripts.documents"


def test_every_metric_and_every_system_is_documented():
    metrics = (DOCS / "metrics.md").read_text(encoding="utf-8")
    exports = (DOCS / "exports.ru.md").read_text(encoding="utf-8")
    assert not {metric.key for metric in CATALOGUE if f"(`{metric.key}`)" not in metrics}
    assert not {system for system in SYSTEMS if f"## {system}" not in exports}


@pytest.mark.parametrize("name", ["reading.md", "reading.ru.md"])
def test_every_reason_and_every_kind_of_file_is_documented(name: str):
    text = (DOCS / name).read_text(encoding="utf-8")
    assert not {reason for reason in REASONS if f"`{reason}`" not in text}
    kinds = "CSV TSV XLSX XLSM XLSB XLS ODS HTML JSON WhatsApp ZIP TAR GZ BZ2 XZ ZST"
    assert not {kind for kind in kinds.split() if kind not in text}


@pytest.mark.parametrize("name", ["cli.md", "cli.ru.md"])
def test_every_role_of_a_line_is_documented(name: str):
    text = (DOCS / name).read_text(encoding="utf-8")
    assert not {role for role in ROLES if f"`{role}`" not in text}
