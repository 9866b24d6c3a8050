"""Several tables in one file or sheet, with and without what tells them apart."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from tests.intake.made import issues_of, read_all, read_one, rows_of

DAYS = "".join(f"2024-03-{day:02d},{100 + day},{day}\n" for day in range(1, 6))


def sheet(rows: list[list]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def cells_of(text: str) -> bytes:
    """The same lines as rows of a sheet, whole numbers as numbers."""
    lines = text.removesuffix("\n").split("\n")
    return sheet(
        [[int(c) if c.isdigit() else c or None for c in line.split(",")] for line in lines]
    )


@pytest.mark.parametrize("make", [str.encode, cells_of], ids=["text", "sheet"])
@pytest.mark.parametrize(
    ("between", "second", "records"),
    [
        ("", "Day,Visits,Users\n2024-03-01,5,4\n2024-03-02,6,5\n", 2),
        ("\n", "Day,Visits,Users\n2024-03-01,5,4\n2024-03-02,6,5\n", 2),
        ("", "Country,Visits\nSpain,5\nFrance,7\n", 2),
        ("\n\n", "Country,Visits\nSpain,5\nFrance,7\n", 2),
        ("Countries\n", "Country,Visits\nSpain,5\nFrance,7\n", 2),
        ("\nCountries\n", "Country,Visits\nSpain,5\nFrance,7\n", 2),
        ("", "Country,City,Visits,Users,Cost\nSpain,Madrid,5,4,1.5\n", 1),
        ("\n", "Name,City\nAnn,Paris\nBob,Rome\n", 2),
    ],
)
def test_two_tables(tmp_path: Path, make, between: str, second: str, records: int) -> None:
    text = f"Date,Sent,Opened\n{DAYS}{between}{second}"
    one, two = read_all(tmp_path, make(text))
    assert (one.headers, one.records) == (("Date", "Sent", "Opened"), 5)
    assert (list(two.headers), two.records) == (
        second.split("\n", maxsplit=1)[0].split(","),
        records,
    )
    assert (one.layout, two.layout) == ("stacked", "stacked")
    assert one.account.lines + two.account.lines == text.count("\n")
    assert issues_of(one) == {"second_table": 2}


@pytest.mark.parametrize(
    "odd",
    [
        "not known,unknown,no data",
        "Ann,n/a,-",
        "Ann,unknown,unknown",
        "2024-03-09,unknown,none yet",
    ],
)
def test_a_record_of_words_begins_no_table(tmp_path: Path, odd: str) -> None:
    table = read_one(tmp_path, f"Date,Sent,Opened\n{DAYS}{odd}\n{DAYS}")
    assert table.records == 11


def test_totals_of_stacked_tables_are_checked_against_their_own_records(tmp_path: Path) -> None:
    text = (
        "Date,Sent,Opened\n2024-03-01,10,1\n2024-03-02,20,2\nTotal,30,3\n\n"
        "Country,Visits,Users\nSpain,5,1\nFrance,7,2\nTotal,12,3\n"
    )
    one, two = read_all(tmp_path, text)
    assert one.account.set_aside == {"header": 1, "total": 1}
    assert two.account.set_aside == {"header": 1, "blank": 1, "total": 1}


def test_a_row_of_a_sheet_far_below_may_be_wider(tmp_path: Path) -> None:
    rows = [["Date", "Sent"], *([f"2024-03-{i % 28 + 1:02d}", i] for i in range(3_200))]
    table = read_one(tmp_path, sheet([*rows, ["2024-04-01", 5, "late note"]]))
    assert table.headers == ("Date", "Sent", "Column 3")
    assert rows_of(table)[-1] == ["2024-04-01", "5", "late note"]
    assert issues_of(table) == {"empty_headers": 1}


def test_a_header_repeated_in_a_sheet_is_set_aside(tmp_path: Path) -> None:
    part = f"Date,Sent,Opened\n{DAYS}"
    table = read_one(tmp_path, cells_of(part * 2))
    assert table.records == 10
    assert table.account.set_aside == {"header": 2}
