"""What counts as nothing written: by the pattern, as by folding each cell in plain Python."""

from __future__ import annotations

import ibis
import pyarrow as pa

from crm_metrics.audit.conditions import OTHER_WORDS, blank, vague
from crm_metrics.mapping.cells.blanks import UNSAID

_AROUND = " \t\n\r\v\f"
_WORDS = (*UNSAID, *OTHER_WORDS)
_CELLS = (
    None,
    *_WORDS,
    *(word.upper() for word in _WORDS),
    *(f" \t{word.capitalize()}\r\n" for word in _WORDS),
    *(f"{word}x" for word in _WORDS),
    *(f"x {word}" for word in _WORDS),
    *("Ивана", "не\nуказано", "нет, спасибо", "00", "..", "другое\nдругое", "-\n-", "Другов"),
)


def test_a_cell_is_blank_or_vague_by_what_it_says_alone() -> None:
    cells = ibis.memtable(pa.table({"cell": pa.array(_CELLS, pa.string())}))
    told = cells.select("cell", blank=blank(cells.cell), vague=vague(cells.cell))
    rows = ibis.duckdb.connect().to_pyarrow(told).to_pylist()
    assert len(rows) == len(_CELLS)
    for row in rows:
        text = None if row["cell"] is None else row["cell"].strip(_AROUND).lower()
        assert row["blank"] == (text is None or text in UNSAID), row
        assert row["vague"] == (text is None or text in _WORDS), row
    assert any(row["vague"] and not row["blank"] for row in rows)
