"""The documents for users say what the catalogue and the systems say."""

from __future__ import annotations

import re
import tomllib

import pytest

from crm_metrics.intake.decisions import ROLES
from crm_metrics.intake.table import REASONS
from crm_metrics.mapping import SYSTEMS
from crm_metrics.mapping.recognition.exports import FOLDER, read_system
from crm_metrics.metrics import CATALOGUE
from crm_metrics.schema import kind_of
from scripts.documents import DOCS, documents
from scripts.exports_page import KINDS, KNOWN_BY_WORDS
from tests.mapping.made import EXPORTS


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


def test_every_export_tells_how_to_get_it_and_what_its_times_are():
    for path in FOLDER.glob("*.toml"):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        assert content.get("kind") in KINDS[:-1], path.name
        told = [export for export in read_system(path) if export.grain]
        # Of several files that are got in the same way one tells it for all.
        assert any(export.how for export in told), path.name
        for entry, export in zip(content["export"], read_system(path), strict=True):
            known = {column.field for column in export.columns.values() if column.field}
            moments = {
                key for key in known if kind_of(key, export.grain or "events") == "timestamp"
            }
            assert not export.grain or "title" in entry, (path.name, export.name)
            assert not moments or "zone" in entry, (path.name, export.name)
            for said in (*([export.how] if export.how else []), *export.traps):
                assert re.search("[а-яё]{3}", said["ru"]), said
                assert said["en"] != said["ru"], said


def test_what_is_known_from_files_is_described_and_what_is_not_is_known_by_words():
    described = {(system, export.name) for system, known in SYSTEMS.items() for export in known}
    seen = {(e["system"], e["export"]) for e in EXPORTS if e["confidence"] != "low"}
    assert not seen - described
    tools = tomllib.loads(KNOWN_BY_WORDS.read_text(encoding="utf-8"))["tool"]
    by_words = {(tool["system"], tool["export"]) for tool in tools}
    assert by_words == {(e["system"], e["export"]) for e in EXPORTS if e["confidence"] == "low"}
    assert not by_words & described


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
