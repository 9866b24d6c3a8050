"""Exports under the headers that other languages, versions and choices of columns give them."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from crm_metrics import facts, intake
from crm_metrics.mapping import suggest
from tests.mapping.made import EXPORTS, VARIANTS

# Systems of customers (CRM, help desk, telephony, surveys, shops) have tests of their own.
OF_OTHERS = {"Chatwoot", "SurveyMonkey", "Qualtrics", "Zoom", "Shopify", "Sipuni", "amoCRM"}


def content(variant: dict) -> bytes:
    lines = [*variant.get("above", ()), *variant["lines"], *variant.get("below", ())]
    return ("\r\n".join(lines) + "\r\n").encode(variant.get("encoding", "utf-8"))


def understood(folder: Path, variant: dict):
    path = folder / variant.get("file", "export.csv")
    path.write_bytes(content(variant))
    table = intake.read(path, workdir=folder)[0]
    return table, suggest(table)


def test_every_variant_is_known_with_the_fields_of_its_headers(tmp_path):
    wrong = {}
    for variant in VARIANTS:
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        _, mapping = understood(folder, variant)
        got = {item.name: item.field for item in mapping.columns if item.field}
        known = (mapping.system, mapping.export, mapping.grain, got)
        expected = (variant["system"], variant["export"], variant["grain"], variant["fields"])
        if known != expected or mapping.level == "ask":
            wrong[variant["title"]] = (mapping.level, known, expected)
    assert not wrong


def test_no_variant_of_the_catalogue_is_left_out():
    catalogued = {
        (entry["system"], title)
        for entry in EXPORTS
        for title in entry["header_variants"]
        if entry["confidence"] != "low" and entry["system"] not in OF_OTHERS
    }
    assert catalogued <= {(variant["system"], variant["title"]) for variant in VARIANTS}


def test_the_scale_and_the_marks_of_the_language_are_read(tmp_path):
    """What each figure must be is worked out by hand from the lines of the variant."""
    worked_out = {
        "Russian UI": {"click_rate": 0.0237, "cost": 428.60, "date": "2026-07-20"},
        "German UI": {"cost": 1234.56, "impressions": 40000, "date": "2026-09-01"},
        "by day": {"click_rate": 0.20, "cost": 500.50, "date": "2023-07-26"},
        "period report": {"open_rate": 0.4821, "complaint_rate": 0.0002},
        "Portuguese interface": {"engagement_rate": 0.17, "click_rate": 0.1, "is_paid": False},
        "raw names": {"session_duration": 271.0, "bounce_rate": 1.0},
    }
    for title, expected in worked_out.items():
        variant = next(item for item in VARIANTS if item["title"] == title)
        folder = tmp_path / title
        folder.mkdir()
        table, mapping = understood(folder, variant)
        built = facts.build(table, mapping)
        wanted = ", ".join(f"{key}::VARCHAR" if key == "date" else key for key in expected)
        row = duckdb.sql(f"SELECT {wanted} FROM '{built.path}' LIMIT 1").fetchone()
        assert row == pytest.approx(tuple(expected.values())), title
