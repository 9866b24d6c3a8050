"""Tables that people keep by hand: no column gets a wrong field, no table a wrong kind of rows."""

from __future__ import annotations

from crm_metrics.mapping import suggest
from tests.mapping.made import made_table
from tests.mapping.test_spellings import NO_FIELD, collection


def test_tables_kept_by_hand_get_no_wrong_field_and_no_wrong_grain(tmp_path):
    wrong, asked, grains, right, base = [], [], [], 0, 0
    for table in collection("home_tables"):
        rows = [list(row) for row in zip(*(c.values for c in table.columns), strict=True)]
        found = suggest(made_table(tmp_path, [c.header for c in table.columns], rows))
        if found.system or (found.level != "ask" and found.grain not in table.grains):
            grains.append((table.vendor, found.system, found.grain))
        for column, item in zip(table.columns, found.columns, strict=True):
            base += column.has_field
            if (item.field or NO_FIELD) in column.fields:
                right += column.has_field
            elif item.field:
                (asked if item.level == "ask" else wrong).append((column.header, item.field))
    assert not wrong
    assert not grains
    assert len(asked) <= 0.01 * base, asked
    assert right >= 0.7 * base, (right, base)
