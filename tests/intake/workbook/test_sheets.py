"""Whole workbooks: what stands in the cells, what is said of them, and where."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from crm_metrics.errors import InputError
from crm_metrics.intake import read
from crm_metrics.intake.workbook.first_rows import first_rows
from tests.intake.made import issues_of, read_all, read_one, rows_of
from tests.intake.workbook.made_books import (
    book,
    cell,
    header,
    number,
    row,
    sheet_xml,
    strings_xml,
    styles_xml,
)

DATA = Path(__file__).parents[2] / "data" / "workbooks"
STYLES = styles_xml("0.0%", '# ##0.00 "₽"', "00000", "[h]:mm:ss", "dd.mm.yyyy", "0 [$CZK]")
HEADS = ("Кампания", "CTR", "Расход", "Код", "Длительность", "Дата")


def campaigns(prefix: str = "") -> str:
    xml = header(1, *HEADS) + "".join(
        row(
            n,
            cell(f"A{n}", name),
            cell(f"B{n}", share, style=1),
            cell(f"C{n}", cost, style=2),
            cell(f"D{n}", code, style=3),
            cell(f"E{n}", days, style=4),
            cell(f"F{n}", day, style=5),
        )
        for n, name, share, cost, code, days, day in (
            (2, "Весна", 0.21, 1234.5, 42, 1.25, 45352),
            (3, "Лето", 0.123456, -15.25, 7, 0.5, 45353),
        )
    )
    if prefix:
        for tag in ("row", "c", "v", "is", "t"):
            xml = xml.replace(f"<{tag} ", f"<{prefix}:{tag} ").replace(
                f"<{tag}>", f"<{prefix}:{tag}>"
            )
            xml = xml.replace(f"</{tag}>", f"</{prefix}:{tag}>")
    return xml


SHOWN = [
    ["Весна", "21%", "1234.5 ₽", "00042", "30:00:00", "2024-03-01"],
    ["Лето", "12.3456%", "-15.25 ₽", "00007", "12:00:00", "2024-03-02"],
]


@pytest.mark.parametrize("prefix", ["", "x"])
def test_formats_are_kept_in_the_text(tmp_path: Path, prefix: str) -> None:
    content = book(sheet_xml(campaigns(prefix), prefix=prefix), styles=STYLES)
    table = read_one(tmp_path, content, "a.xlsx")
    assert table.headers == HEADS
    assert rows_of(table) == SHOWN
    assert issues_of(table) == {}


def test_the_first_rows_are_those_of_the_full_reading(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(book(sheet_xml(campaigns()), styles=STYLES))
    (first,) = first_rows(path, rows=100, shown="a.xlsx")
    assert first.whole
    assert [list(line) for line in first.rows] == [list(HEADS), *SHOWN]
    (first,) = first_rows(path, rows=2, shown="a.xlsx")
    assert not first.whole
    assert len(first.rows) == 2


def test_first_rows_are_taken_from_the_first_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    many = "".join(row(n, cell(f"A{n}", n), cell(f"B{n}", f"name {n}")) for n in range(1, 50_000))
    path.write_bytes(book(sheet_xml(many)))
    (first,) = first_rows(path, rows=1_000_000, shown="a.xlsx", most=100_000)
    assert not first.whole
    assert 500 < len(first.rows) < 3_000
    assert first.rows[499] == ("500", "name 500")
    path.write_bytes(path.read_bytes()[:20_000])
    with pytest.raises(InputError, match="workbook_broken"):
        first_rows(path, rows=10, shown="a.xlsx")


def test_errors_and_formulas_without_a_result_stay_visible(tmp_path: Path) -> None:
    rows = header(1, "Name", "Rate", "Sum", "Note")
    rows += row(
        2,
        cell("A2", "a"),
        '<c r="B2" t="e"><f>C2/0</f><v>#DIV/0!</v></c>',
        '<c r="C2"><f>SUM(A1&amp;B1)</f><v></v></c>',
        '<c r="D2" t="str"><f>""</f><v></v></c>',
    )
    rows += row(
        3,
        cell("A3", "b"),
        '<c r="B3" s="0" t="e"><v>#N/A</v></c>',
        '<c r="C3"><f t="shared" si="0"/></c>',
        cell("D3", "fine", formula="A3"),
    )
    rows += row(4, cell("A4", "c"), cell("B4", 0.5), cell("C4", 7, formula="3+4"), cell("D4", "x"))
    table = read_one(tmp_path, book(sheet_xml(rows)), "a.xlsx")
    assert rows_of(table) == [
        ["a", "#DIV/0!", "=SUM(A1&B1)", ""],
        ["b", "#N/A", "=", "fine"],
        ["c", "0.5", "7", "x"],
    ]
    found = {issue.code: issue for issue in table.issues}
    assert found["error_cells"].count == 2
    assert found["error_cells"].examples == ("B2: #DIV/0!", "B3: #N/A")
    assert found["formulas_uncalculated"].count == 2
    assert found["formulas_uncalculated"].examples == ("C2: =SUM(A1&B1)", "C3: =")


def test_a_sheet_may_end_with_cells_without_a_value(tmp_path: Path) -> None:
    """The fast reader does not see them: the row would be lost without a word."""
    rows = header(1, "Name", "Sum") + row(2, cell("A2", "a"), cell("B2", 1))
    rows += row(3, cell("A3", "b"), cell("B3", 2))
    rows += row(4, '<c r="B4"><f>SUM(B2:B3)</f></c>', '<c r="C4"><f>NOW()</f></c>')
    table = read_one(tmp_path, book(sheet_xml(rows)), "a.xlsx")
    assert table.account.lines == 4
    cells = {text for line in rows_of(table) for text in line}
    cells |= {part for item in table.account.examples for part in item.text.split()}
    assert any("SUM(B2:B3)" in text for text in cells)


def test_what_excel_hides_is_read_and_said(tmp_path: Path) -> None:
    rows = header(1, "Name", "Sum", "Code")
    for n in range(2, 9):
        hidden = ' hidden="1"' if n in {3, 5, 6} else ""
        rows += row(
            n, cell(f"A{n}", f"n{n}"), cell(f"B{n}", n), cell(f"C{n}", n), attributes=hidden
        )
    before = '<cols><col min="2" max="3" width="9" hidden="1" customWidth="1"/></cols>'
    table = read_one(tmp_path, book(sheet_xml(rows, before=before)), "a.xlsx")
    found = {issue.code: (issue.count, issue.examples) for issue in table.issues}
    assert table.records == 7
    assert found == {"hidden_rows": (3, ("3", "5–6")), "hidden_columns": (2, ("B–C",))}


def test_a_merged_text_stands_in_every_row_and_a_number_once(tmp_path: Path) -> None:
    rows = header(1, "Channel", "Budget", "Clicks")
    rows += row(2, cell("A2", "Email"), cell("B2", 1000), cell("C2", 5))
    rows += row(3, cell("C3", 6)) + row(4, cell("A4", "SMS"), cell("B4", 10), cell("C4", 7))
    after = '<mergeCells count="2"><mergeCell ref="A2:A3"/><mergeCell ref="B2:B3"/></mergeCells>'
    table = read_one(tmp_path, book(sheet_xml(rows, after=after)), "a.xlsx")
    assert rows_of(table) == [["Email", "1000", "5"], ["Email", "", "6"], ["SMS", "10", "7"]]
    (issue,) = table.issues
    assert (issue.code, issue.count, issue.examples) == ("merged_cells", 1, ("A2:A3",))


def test_shared_rich_and_phonetic_texts(tmp_path: Path) -> None:
    strings = strings_xml(
        *("Имя", "Note", " два  пробела "),
        '<r><t xml:space="preserve">bold </t></r><r><rPr><b/></rPr><t>and plain</t></r>',
        '<t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh><phoneticPr fontId="1"/>',
        "a&lt;b\nline",
    )
    strings = strings.replace("&amp;lt;", "&lt;").replace("<t> два", '<t xml:space="preserve"> два')
    texts = "".join(
        row(
            n,
            f'<c r="A{n}" t="s"><v>{2 * n - 2}</v></c>',
            f'<c r="B{n}" t="s"><v>{2 * n - 1}</v></c>',
        )
        for n in (1, 2, 3)
    )
    path = tmp_path / "a.xlsx"
    path.write_bytes(book(sheet_xml(texts), strings=strings))
    (table,) = read(path, workdir=tmp_path / "work")
    assert rows_of(table) == [[" два  пробела ", "bold and plain"], ["東京", "a<b\nline"]]
    (first,) = first_rows(path, rows=10, shown="a.xlsx")
    assert [list(line) for line in first.rows[1:]] == rows_of(table)


def test_dates_from_1904(tmp_path: Path) -> None:
    rows = header(1, "Name", "Date")
    rows += row(2, cell("A2", "a"), cell("B2", 43890, style=1))
    rows += row(3, cell("A3", "b"), cell("B3", 43891, style=1))
    path = tmp_path / "a.xlsx"
    path.write_bytes(
        book(sheet_xml(rows), styles=styles_xml("dd.mm.yyyy"), book_pr='<workbookPr date1904="1"/>')
    )
    (table,) = read(path, workdir=tmp_path / "work")
    assert rows_of(table) == [["a", "2024-03-01"], ["b", "2024-03-02"]]
    (first,) = first_rows(path, rows=10, shown="a.xlsx")
    assert [list(line) for line in first.rows[1:]] == rows_of(table)


def test_an_id_that_excel_rounded_shows_it_and_an_exact_one_stays(tmp_path: Path) -> None:
    """A double would give digits that nobody wrote: 122158123456789 and then three of its own."""
    rows = header(1, "Rounded", "Whole", "Small", "Text")
    text = str(2**60)  # by chance a number that a double holds
    for n in (2, 3):
        rows += row(
            n,
            number(f"A{n}", f"1.2215812345678{n}E+17"),
            number(f"B{n}", f"12215812345678901{n}"),
            number(f"C{n}", f"122158000000000{n}"),
            cell(f"D{n}", text),
        )
    table = read_one(tmp_path, book(sheet_xml(rows)), "a.xlsx")
    assert rows_of(table) == [
        ["1.22158123456782E+17", "122158123456789012", "1221580000000002", text],
        ["1.22158123456783E+17", "122158123456789013", "1221580000000003", text],
    ]


def test_a_text_at_the_limit_of_a_cell_is_told(tmp_path: Path) -> None:
    rows = header(1, "Name", "Text") + row(2, cell("A2", "a"), cell("B2", "я" * 32_767))
    rows += row(3, cell("A3", "b"), cell("B3", "x" * 40))
    assert issues_of(read_one(tmp_path, book(sheet_xml(rows)), "a.xlsx")) == {"text_truncated": 1}


def test_a_currency_that_facts_do_not_know_is_named(tmp_path: Path) -> None:
    rows = header(1, "Name", "Sum")
    rows += "".join(row(n, cell(f"A{n}", f"n{n}"), cell(f"B{n}", n, style=6)) for n in (2, 3))
    table = read_one(tmp_path, book(sheet_xml(rows), styles=STYLES), "a.xlsx")
    assert rows_of(table) == [["n2", "2"], ["n3", "3"]]
    assert [(issue.code, issue.examples) for issue in table.issues] == [
        ("currency_not_read", ("CZK",))
    ]


def test_sheets_of_one_name_and_of_odd_names(tmp_path: Path) -> None:
    def sheet(word: str) -> str:
        return sheet_xml(header(1, "Name", "Sum") + row(2, cell("A2", word), cell("B2", 1)))

    names = ("Отчёт", "Отчёт", "a/b\\c: 🙂 <x>&")
    tables = read_all(tmp_path, book(*map(sheet, ("one", "two", "three")), names=names), "a.xlsx")
    assert [table.name for table in tables] == ["Отчёт", "Отчёт (2)", "a/b\\c: 🙂 <x>&"]
    assert [rows_of(table)[0][0] for table in tables] == ["one", "two", "three"]


@pytest.mark.parametrize(
    ("name", "more"),
    [("shapes.ods", {"error_cells": 1, "hidden_rows": 1})],
)
def test_what_libreoffice_writes(tmp_path: Path, name: str, more: dict[str, int]) -> None:
    data, hidden, merged = read(DATA / name, workdir=tmp_path)
    assert data.how.header_lines == (7,)
    assert data.preamble == ("Отчёт за март",)
    assert data.headers[:4] == ("Дата", "Начало", "Длительность", "Доля открытий")
    assert [line[:4] for line in rows_of(data)] == [
        ["2024-03-01", "09:05:00", "30:05:00", "21%"],
        ["2024-03-02", "10:00:00", "02:00:00", "12.3456%"],
        ["2024-03-03", "23:59:59", "00:05:00", "7%"],
    ]
    assert [line[6] for line in rows_of(data)] == ["00042", "00007", "12345"]
    assert issues_of(data) == more
    assert issues_of(hidden) == {"hidden_sheet": 1}
    assert [line[0] for line in rows_of(merged)] == ["Email", "Email", "SMS"]


def test_attributes_in_another_order_say_the_same(tmp_path: Path) -> None:
    xml = campaigns()
    for style in range(1, 6):
        for column in "BCDEF":
            for n in (2, 3):
                xml = xml.replace(f'r="{column}{n}" s="{style}"', f's="{style}" r="{column}{n}"')
    assert '<c s="1" r="B2">' in xml
    assert rows_of(read_one(tmp_path, book(sheet_xml(xml), styles=STYLES), "a.xlsx")) == SHOWN


@pytest.mark.parametrize("far", [False, True], ids=["fast reader", "stream"])
def test_no_digit_is_made_up_in_large_amounts(tmp_path: Path, *, far: bool) -> None:
    amounts = [123456789.12, -98765432.1, 1234567.891, 12.5, 0.1 + 0.2]
    made = openpyxl.Workbook()
    for cells in (["Дата", "Сумма"], *([f"2024-03-0{i}", x] for i, x in enumerate(amounts, 1))):
        made.active.append(cells)
    if far:
        made.active["XFD1048576"] = "x"
    out = io.BytesIO()
    made.save(out)
    table = read_one(tmp_path, out.getvalue(), "a.xlsx")
    shown = ["123456789.12", "-98765432.1", "1234567.891", "12.5", "0.3"]
    assert [row[1] for row in rows_of(table)] == shown
