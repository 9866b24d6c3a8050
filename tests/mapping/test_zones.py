"""What says the zone of a table's times."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from crm_metrics.mapping.zones import zone_named, zone_of
from tests.facts.made import made_mapping, made_table


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("America/New_York", "America/New_York"),
        ("europe/moscow", "Europe/Moscow"),
        ("GMT", "UTC"),
        ("UTC+03:00", "Etc/GMT-3"),
        ("GMT-5", "Etc/GMT+5"),
        ("МСК", "Europe/Moscow"),
        ("MSK+2", "Etc/GMT-5"),
        ("UTC+05:30", None),
        ("USD", None),
        ("unique", None),
    ],
)
def test_zones_as_headers_write_them(text: str, zone: str | None):
    assert zone_named(text) == zone


def test_a_header_or_the_export_says_the_zone(tmp_path: Path):
    headers = ("Conversation ID", "Created at (America/New_York)", "Cost (USD)")
    table = made_table(tmp_path, {header: ["1"] for header in headers})
    mapping = made_mapping(table, "conversations", {})
    assert zone_of(mapping, table) == "America/New_York"
    plain = replace(table, headers=("Conversation ID", "Created at", "Cost"))
    assert zone_of(mapping, plain) is None
    assert zone_of(replace(mapping, system="Mailchimp", export="no such"), plain) is None
    two = replace(table, headers=("A (GMT)", "B (Europe/Moscow)", "C"))
    assert zone_of(mapping, two) is None
