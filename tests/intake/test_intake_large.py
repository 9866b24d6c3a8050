"""Files that wear a reader out: every line stays accounted for, and the work bounded."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_metrics.intake import Table
from crm_metrics.intake.text import loader
from tests.intake.made import issues_of, read_one, rows_of

HEAD = "date;campaign;sent;clicks;cost;note\n"


def row(i: int, note: str = "ok") -> str:
    return f"{1 + i % 28:02}.03.2025;Spring {i % 500};{i % 600};{i % 90};{i % 300},50;{note}\n"


def rows(count: int, note: str = "ok") -> str:
    return "".join(row(i, note) for i in range(count))


def balanced(table: Table, content: str) -> None:
    account = table.account
    assert account.lines == account.records + sum(account.set_aside.values())
    assert account.lines == content.count("\n")


def test_blank_lines_without_end(tmp_path: Path) -> None:
    content = HEAD + rows(500) + "\n" * 200_000 + rows(500)
    table = read_one(tmp_path, content)
    balanced(table, content)
    assert (table.records, table.account.set_aside["blank"]) == (1_000, 200_000)


def test_an_unclosed_quote_near_the_beginning_swallows_nothing(tmp_path: Path) -> None:
    content = HEAD + rows(9) + row(9, '"open') + rows(100_000)
    table = read_one(tmp_path, content)
    balanced(table, content)
    assert table.records == 100_010
    assert sum(issues_of(table).values()) == 1
    assert rows_of(table)[9][:5] == row(9).split(";")[:5]


def test_every_line_with_an_odd_quote(tmp_path: Path) -> None:
    content = HEAD + rows(3_000, '5" screen')
    table = read_one(tmp_path, content)
    balanced(table, content)
    assert table.records == 3_000
    assert rows_of(table)[2_999][:2] == ["04.03.2025", "Spring 499"]


def test_after_very_many_damaged_lines_they_are_kept_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched = []
    likeliest = loader.mend

    def counted(*args: object, patient: bool, **options: object) -> object:
        searched.append(patient)
        return likeliest(*args, patient=patient, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(loader, "mend", counted)
    monkeypatch.setattr(loader, "_PATIENCE", 100)
    content = HEAD + rows(500) + "".join(f"{i};x;{i}\n" + row(i) for i in range(400))
    table = read_one(tmp_path, content)
    balanced(table, content)
    assert table.records == 1_300
    assert issues_of(table)["lines_unsplit"] == 400
    assert 90 <= sum(searched) <= 100


def test_a_line_of_almost_eight_megabytes(tmp_path: Path) -> None:
    content = HEAD + rows(300) + row(1, "x" * 7_900_000) + rows(300)
    table = read_one(tmp_path, content)
    balanced(table, content)
    assert max(len(cells[5]) for cells in rows_of(table)) == 7_900_000


def test_two_thousand_columns(tmp_path: Path) -> None:
    width = 2_000
    content = ";".join(f"h{i}" for i in range(width)) + "\n"
    content += "".join(";".join(str(i * j % 977) for j in range(width)) + "\n" for i in range(40))
    table = read_one(tmp_path, content)
    balanced(table, content)
    assert (table.records, len(table.headers)) == (40, width)
    assert rows_of(table)[39][1_999] == str(39 * 1_999 % 977)


def test_a_damaged_record_far_down_does_not_make_the_first_lines_many(tmp_path: Path) -> None:
    content = HEAD + rows(5_000) + row(3).replace(";", "\t") + rows(5_000)
    table = read_one(tmp_path, content)
    balanced(table, content)
    assert table.records == 10_001
    assert rows_of(table)[5_000] == row(3).strip().split(";")
