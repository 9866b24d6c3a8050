"""The documents for users say what the catalogue and the systems say."""

from __future__ import annotations

from crm_metrics.mapping import SYSTEMS
from crm_metrics.metrics import CATALOGUE
from scripts.documents import DOCS, exports_document, metrics_document


def test_the_metrics_document_is_current():
    written = (DOCS / "metrics.md").read_text(encoding="utf-8")
    assert written == metrics_document()
    assert not {metric.key for metric in CATALOGUE if f"### `{metric.key}`" not in written}


def test_the_exports_document_is_current():
    written = (DOCS / "exports.md").read_text(encoding="utf-8")
    assert written == exports_document()
    assert not {system for system in SYSTEMS if f"## {system}" not in written}
