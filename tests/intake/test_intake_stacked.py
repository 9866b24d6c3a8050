"""Several tables in one file or sheet, with and without what tells them apart."""

from __future__ import annotations

import io
import random
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


@pytest.mark.parametrize("make", [str.encode, cells_of], ids=["text", "sheet"])
def test_a_table_below_a_line_of_names_and_values(tmp_path: Path, make) -> None:
    text = (
        f"Date,Sent,Opened\n{DAYS}\nPeriod:,March 2024\nCity,Sent,Clicks,Plan\n"
        "Rome,9,5,pro\nParis,3,7,free\nOslo,4,6,pro\n"
    )
    one, two = read_all(tmp_path, make(text))
    assert one.records == 5
    assert (two.headers, two.records) == (("City", "Sent", "Clicks", "Plan"), 3)
    assert two.preamble == ("Period: March 2024",)


def test_a_small_table_of_two_columns_is_no_preamble(tmp_path: Path) -> None:
    text = f"Clicks,Day\n9,2024-03-01\n7,2024-03-02\n5,2024-03-03\n\nDate,Sent,Opened\n{DAYS}"
    one, two = read_all(tmp_path, text)
    assert (one.headers, one.records) == (("Clicks", "Day"), 3)
    assert two.records == 5


@pytest.mark.parametrize("between", ["", "\n"])
def test_a_second_table_may_have_no_header(tmp_path: Path, between: str) -> None:
    text = (
        f"Date,Sent,Opened\n{DAYS}{between}"
        "Rome,2024-03-01,pro,9\nParis,2024-03-02,free,7\nOslo,2024-03-03,pro,5\n"
    )
    one, two = read_all(tmp_path, text)
    assert one.records == 5
    assert (two.headers, two.records) == (("1", "2", "3", "4"), 3)


def test_words_that_go_on_are_records(tmp_path: Path) -> None:
    words = "".join(f"won{i},lost{i},open{i}\n" for i in range(8))
    numbers = "".join(f"2024-03-{i:02d},{i},{i * 2}\n" for i in range(1, 13))
    tables = read_all(tmp_path, f"Stage,Before,After\n{words}{numbers}")
    assert sum(table.records for table in tables) == 20


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


def day(i: int) -> str:
    return f"2024-03-{i % 28 + 1:02d},{i},{i * 2},name {i}\n"


MANY = "Date,Sent,Opened,Name\n" + "".join(map(day, range(3_000)))
FAR = "Date,Sent,Opened,Name\n" + "".join(map(day, range(150_000)))
"""More than the part of a file in which tables are looked for."""


def test_a_second_table_is_found_below_thousands_of_rows(tmp_path: Path) -> None:
    text = f"{MANY}Day,Visits,Users,Page\n{day(1)}{day(2)}"
    one, two = read_all(tmp_path, text)
    assert (one.records, two.records) == (3_000, 2)
    assert two.headers == ("Day", "Visits", "Users", "Page")


def test_a_header_far_below_is_kept_and_named(tmp_path: Path) -> None:
    table = read_one(tmp_path, f"{FAR}Day,Visits,Users,Page\n{day(1)}{day(2)}")
    assert table.records == 150_003
    (issue,) = table.issues
    assert (issue.code, issue.count) == ("header_inside", 1)
    assert issue.examples == ("150002: Day | Visits | Users | Page",)


def test_rows_whose_values_are_words_are_no_headers(tmp_path: Path) -> None:
    text = FAR + "unknown,not counted,no data,x\nLater,Later,Later,y\n-,-,-,z\n" + day(1)
    table = read_one(tmp_path, text)
    assert table.records == 150_004
    assert table.issues == ()


def test_a_narrower_table_far_below_is_set_aside_and_named(tmp_path: Path) -> None:
    table = read_one(tmp_path, f"{FAR}\nCountries\nCountry,Visits\nSpain,5\nFrance,7\n")
    assert table.account.set_aside == {"header": 1, "blank": 1, "footer": 4}
    assert issues_of(table) == {"table_below": 2}


@pytest.mark.parametrize("make", [str.encode, cells_of], ids=["text", "sheet"])
def test_tables_side_by_side_are_named(tmp_path: Path, make) -> None:
    text = (
        "Date,Sent,,Country,Visits\n2024-03-01,5,,Spain,7\n2024-03-02,6,,France,9\n"
        "2024-03-03,7,,,\n2024-03-04,8,,,\n"
    )
    table = read_one(tmp_path, make(text))
    assert table.headers == ("Date", "Sent", "Column 3", "Country", "Visits")
    assert table.records == 4
    assert issues_of(table) == {"empty_headers": 1, "side_by_side": 1}


NAMES = [
    "Date",
    "Sent",
    "Opened",
    "Clicks",
    "Country",
    "Visits",
    "Users",
    "Дата",
    "Показы",
    "Клики",
]
ABOVE = ["Report", "Отчёт за март", "# comment", "Account: Shop", "Period:{0}March 2024"]
BELOW = ["* note, with comma", "Copyright Shop", "Generated By:{0}Ann"]


def stacked(chance: random.Random, mark: str) -> tuple[list[str], list[tuple], list[tuple]]:
    """One to three tables with titles, totals, blank lines and notes as they come."""
    lines: list[str] = []
    heads, records = [], []
    for _ in range(chance.randint(1, 3)):
        lines += [chance.choice(ABOVE).format(mark)] * chance.randint(0, 1)
        lines += [""] * chance.randint(0, 2)
        kinds = ["w", *(chance.choice("dnw") for _ in range(chance.randint(0, 4))), "n"]
        heads.append(tuple(chance.sample(NAMES, len(kinds))))
        rows = [tuple(cell(kind, i, chance) for kind in kinds) for i in range(chance.randint(3, 9))]
        records += rows
        lines += [mark.join(row) for row in (heads[-1], *rows)]
        if chance.random() < 0.4:
            lines.append(mark.join(["Итого", *([""] * (len(kinds) - 2)), "1"]))
        lines += [chance.choice(["", mark * 2])] * chance.randint(0, 2)
        lines += [chance.choice(BELOW).format(mark)] * chance.randint(0, 1)
    return lines, heads, records


def cell(kind: str, i: int, chance: random.Random) -> str:
    if kind == "d":
        return f"2024-03-{i + 1:02d}"
    number = str(chance.randint(1, 9_999))
    return number if kind == "n" else chance.choice(["Ann", "Rome", "won", "Весна"]) + number


@pytest.mark.parametrize("seed", range(30))
def test_no_record_is_lost_between_tables_stacked_at_random(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    lines, heads, records = stacked(chance, chance.choice(",;\t"))
    tables = read_all(tmp_path, "\n".join(lines) + "\n")
    assert sum(table.account.lines for table in tables) == len(lines)
    assert [table.headers for table in tables] == heads
    read = [tuple(row) for table in tables for row in rows_of(table)]
    assert set(records) <= set(read)
    # A total that is no sum stays; so does a note of two cells in a table of two columns.
    extra = {row[0] for row in read} - {row[0] for row in records}
    assert extra <= {"Итого", "Period:", "Generated By:", "* note"}
