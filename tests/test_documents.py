"""The documents for users say what the catalogue and the systems say."""

from __future__ import annotations

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
