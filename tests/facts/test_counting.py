from __future__ import annotations

from collections import Counter
from pathlib import Path

from crm_metrics.facts import build, read_cells, word_counts
from crm_metrics.intake import read
from crm_metrics.mapping import suggest


def table(folder: Path, content: str):
    path = folder / "file.csv"
    path.write_text(content, encoding="utf-8")
    (found,) = read(path, workdir=folder)
    return found


def test_words_are_counted_over_all_rows_and_folded(tmp_path):
    # The first thousands of rows do not show what the last ones hold.
    cells = ["Won"] * 4_000 + [" won "] * 3 + ["Gift"] * 7 + ["n/a", ""] * 5 + ["ПОДАРОК"]
    rows = "".join(f"{n},{cell}\n" for n, cell in enumerate(cells))
    found = word_counts(table(tmp_path, f"Deal,Stage\n{rows}"), 1)
    expected = Counter(cell.strip().lower() for cell in cells if cell.strip() not in ("", "n/a"))
    assert found.counts == dict(expected.most_common())
    assert found.others == found.other_cells == 0
    assert found.spelled == {"won": "Won", "gift": "Gift", "подарок": "ПОДАРОК"}


def test_rarer_words_are_said_by_number(tmp_path):
    rows = "".join(f"{n},word {n % 30}\n" for n in range(90)) + "90,word 0\n"
    found = word_counts(table(tmp_path, f"Deal,Stage\n{rows}"), 1, most=20)
    assert len(found.counts) == 20
    assert found.counts["word 0"] == 4
    assert (found.others, found.other_cells) == (10, 30)


def test_cells_that_were_read_are_counted_by_column(tmp_path):
    rows = "".join(f"Spring {n},{100 + n},{'?' if n < 3 else n}\n" for n in range(30))
    found = table(tmp_path, f"Campaign,Sent,Delivered\n{rows}")
    mapping = suggest(found, grain="campaigns").with_grain("campaigns")
    facts = build(found, mapping.with_field(2, "delivered"), out=tmp_path / "facts.parquet")
    assert read_cells(facts) == {0: 30, 1: 30, 2: 27}
    assert read_cells(None) == {}
