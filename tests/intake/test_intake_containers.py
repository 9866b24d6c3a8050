"""Containers by their bytes: archives, workbooks, pages; and what is refused, in which words."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from crm_metrics.errors import InputError
from crm_metrics.intake import read
from crm_metrics.intake.workbook import process
from crm_metrics.texts import LANGUAGES, t
from tests.intake.made import issues_of, read_all, rows_of

CSV = "date,name,sum\n2024-01-01,ann,10\n2024-01-02,bob,20\n"
NO_DATE = (1980, 1, 1, 0, 0, 0)


def refused(folder: Path, content: bytes, name: str = "file.csv") -> InputError:
    with pytest.raises(InputError) as caught:
        read_all(folder, content, name)
    for lang in LANGUAGES:
        assert t(f"error.{caught.value.code}", lang, **caught.value.params)
    return caught.value


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, NO_DATE), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def xlsx(*fill: Callable[[Worksheet], object]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, each in enumerate(fill):
        each(book.create_sheet(f"Sheet{number + 1}"))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_gzip_is_unpacked(tmp_path: Path) -> None:
    (table,) = read_all(tmp_path, gzip.compress(CSV.encode()), "sales.csv.gz")
    assert (table.how.container, table.records, table.name) == ("gz", 2, "sales")


def test_files_of_an_archive_are_tables_with_their_names(tmp_path: Path) -> None:
    content = zipped(
        {
            "subscribed_1.csv": CSV.encode(),
            "cleaned_1.csv": CSV.encode("utf-16"),
            "readme.txt": b"Hello, this is a note.\nIt says nothing else at all.\n",
            "__MACOSX/._x": b"\x00\x05\x16\x07",
            "folder/": b"",
        }
    )
    tables = read_all(tmp_path, content, "audience.zip")
    assert [table.name for table in tables] == ["subscribed_1.csv", "cleaned_1.csv"]
    assert [table.how.container for table in tables] == ["zip", "zip"]
    assert issues_of(tables[0]) == {"member_skipped": 1}
    assert tables[0].issues[0].examples == ("readme.txt",)


def test_a_russian_archive_keeps_its_names(tmp_path: Path) -> None:
    content = zipped({"AAAAA.csv": CSV.encode()}).replace(b"AAAAA", "Отчёт".encode("cp866"))
    (table,) = read_all(tmp_path, content, "a.zip")
    assert table.name == "Отчёт.csv"


def test_a_workbook_gives_text_with_sheet_rows(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["A1"] = "Отчёт за март"
        sheet.append([])
        sheet.append(["Дата", "Кампания", "Расход", "Доля", "Время", "Длительность", "Активна"])
        sheet.append([date(2024, 3, 1), "Весна", 5000, 0.21, time(9, 5), timedelta(hours=30), True])
        sheet.append([])
        sheet.append([date(2024, 3, 2), "Лето", 80.5, 0.1, time(10, 0), timedelta(0), False])
        sheet.append(["Итого", None, 5080.5])

    (table,) = read_all(tmp_path, xlsx(fill), "vk.xlsx")
    assert table.name == "Sheet1"
    assert table.how.container == "xlsx"
    assert table.how.header_lines == (3,)
    assert table.preamble == ("Отчёт за март",)
    assert rows_of(table) == [
        ["2024-03-01", "Весна", "5000", "0.21", "09:05:00", "30:00:00", "true"],
        ["2024-03-02", "Лето", "80.5", "0.1", "10:00:00", "00:00:00", "false"],
    ]
    assert table.account.lines == 7
    assert table.account.set_aside == {"header": 1, "preamble": 1, "blank": 2, "total": 1}


def test_a_stamp_with_a_clock_keeps_it(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["Created", "Name"])
        sheet.append([datetime(2024, 3, 1, 10, 5, 12), "a"])
        sheet.append([datetime(2024, 3, 2), "b"])

    (table,) = read_all(tmp_path, xlsx(fill), "a.xlsx")
    assert [row[0] for row in rows_of(table)] == ["2024-03-01 10:05:12", "2024-03-02 00:00:00"]


def test_sheets_are_tables_and_a_hidden_one_says_so(tmp_path: Path) -> None:
    def first(sheet: Worksheet) -> None:
        sheet.append(["Name", "Sum", "Bad"])
        sheet.append(["a", 1, "#DIV/0!"])
        sheet.append(["b", "=1+1", None])

    def second(sheet: Worksheet) -> None:
        sheet.append(["Name", "Sum"])
        sheet.append(["c", 3])
        sheet.sheet_state = "hidden"

    one, two = read_all(tmp_path, xlsx(first, lambda _: None, second), "a.xlsx")
    assert (one.name, two.name) == ("Sheet1", "Sheet3")
    assert issues_of(one) == {"error_cells": 1, "formulas_uncalculated": 1}
    assert issues_of(two) == {"hidden_sheet": 1}


CELL = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
ODS_CONTENT = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">'
    '<office:body><office:spreadsheet><table:table table:name="Лист1">'
    f"<table:table-row>{CELL.format('Кампания')}{CELL.format('Клики')}</table:table-row>"
    f"<table:table-row>{CELL.format('Весна')}"
    '<table:table-cell office:value-type="float" office:value="20"><text:p>20</text:p>'
    "</table:table-cell></table:table-row>"
    "</table:table></office:spreadsheet></office:body></office:document-content>"
)


def test_ods(tmp_path: Path) -> None:
    mimetype = b"application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        b'<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        b'<m:file-entry m:full-path="/" m:media-type="' + mimetype + b'"/></m:manifest>'
    )
    content = zipped(
        {
            "mimetype": mimetype,
            "META-INF/manifest.xml": manifest,
            "content.xml": ODS_CONTENT.encode(),
        }
    )
    path = tmp_path / "lies.xls"
    path.write_bytes(content)
    (table,) = read(path, workdir=tmp_path / "work")
    assert (table.how.container, table.headers) == ("ods", ("Кампания", "Клики"))
    assert rows_of(table) == [["Весна", "20"]]


def test_html_named_xls(tmp_path: Path) -> None:
    page = (
        '<meta http-equiv="Content-type" content="text/html;charset=UTF-8"/><table border="1">'
        "<thead><tr><th>ID</th><th>Стадия<br>сделки</th><th>Сумма</th></tr></thead><tbody>"
        "<tr><td>501</td><td><a href='#'>Успех &amp; оплата</a></td><td>45000.00</td></tr>"
        "<tr><td>502</td><td colspan=1>Отказ</td><td></td></tr></tbody></table>"
    )
    (table,) = read_all(tmp_path, page.encode(), "deals.xls")
    assert table.how.container == "html"
    assert table.headers == ("ID", "Стадия сделки", "Сумма")
    assert rows_of(table) == [["501", "Успех & оплата", "45000.00"], ["502", "Отказ", ""]]


def test_cells_over_several_rows_of_a_page_keep_the_columns_in_place(tmp_path: Path) -> None:
    page = (
        "<table><tr><th rowspan=2>Day</th><th colspan=2>Email</th></tr>"
        "<tr><th>Sent</th><th>Clicks</th></tr>"
        "<tr><td rowspan=2>2024-03-01</td><td>10</td><td>1</td></tr><tr><td>20</td><td>2</td></tr>"
        "<tr><td>2024-03-02</td><td>30</td><td rowspan=2>3</td></tr>"
        "<tr><td>2024-03-03</td><td>40</td></tr></table>"
    )
    (table,) = read_all(tmp_path, page.encode(), "report.xls")
    assert table.headers == ("Day", "Email / Sent", "Email / Clicks")
    assert rows_of(table) == [
        ["2024-03-01", "10", "1"],
        ["2024-03-01", "20", "2"],
        ["2024-03-02", "30", "3"],
        ["2024-03-03", "40", "3"],
    ]


def test_a_page_with_a_row_of_too_many_cells_is_refused(tmp_path: Path) -> None:
    page = "<table><tr>" + "<td>1" * 2_001 + "</tr></table>"
    assert refused(tmp_path, page.encode(), "a.xls").code == "too_many_columns"


def test_every_table_of_a_file_has_a_name_of_its_own(tmp_path: Path) -> None:
    """By its name a table is found again: two of one name would take each other's place."""
    page = "<table><tr><th>a<th>b</tr><tr><td>1<td>2</tr></table>"
    tables = read_all(tmp_path, page.encode() * 2, "report.xls")
    assert [table.name for table in tables] == ["report", "report (2)"]
    archive = zipped({"may/sales.csv": CSV.encode(), "june/sales.csv": CSV.encode()})
    tables = read_all(tmp_path, archive, "sales.zip")
    assert [table.name for table in tables] == ["may/sales.csv", "june/sales.csv"]


PROSE = "".join(
    f"Dear team, this is line {i} of a letter that nobody reads.\n" for i in "abcdefghij"
)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\xef\xbb\xbf \r\n\r\n", "empty_file"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(50), "not_a_table"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(50), "not_a_table"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "not_a_table"),
        (b"MZ\x90\x00\x03\x00\x00\x00" + bytes(100), "not_a_table"),
        (b'[{"a": ', "json_broken"),
        (b'["a", "b"]', "text_not_table"),
        (bytes(range(32)) * 20, "not_text"),
        (PROSE.encode(), "text_not_table"),
        (b"hello\n", "text_not_table"),
        ("Просто письмо из одной строки, без таблицы.".encode("cp1251"), "text_not_table"),
        (b"date,name,sum\n", "only_headers"),
        ("Дата;Имя;Сумма\r\n\r\n".encode("cp1251"), "only_headers"),
        (b"PK\x03\x04 not really", "archive_broken"),
        (gzip.compress(b"a,b\n" * 99, mtime=0)[:-9], "archive_broken"),
        (zipped({"word/document.xml": b"<x/>"}), "not_a_table"),
        (zipped({"xl/workbook.xml": b"<broken"}), "workbook_broken"),
        (zipped({}), "empty_file"),
    ],
)
def test_what_can_not_be_read_is_refused_in_one_sentence(
    tmp_path: Path, content: bytes, code: str
) -> None:
    assert refused(tmp_path, content).code == code


def test_an_encrypted_archive_asks_as_well(tmp_path: Path) -> None:
    content = bytearray(zipped({"a.csv": CSV.encode()}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert refused(tmp_path, bytes(content), "a.zip").code == "password_protected"


def test_bombs_are_refused_before_they_unpack(tmp_path: Path) -> None:
    bomb = zipped({"a.csv": b"0" * 30_000_000})
    assert refused(tmp_path, bomb, "a.zip").code == "archive_bomb"
    packed = gzip.compress(b"0" * 30_000_000)
    assert refused(tmp_path, packed, "a.gz").code == "archive_bomb"
    sheet = b"<worksheet><sheetData>" + b"<row><c/></row>" * 2_000_000
    book = zipped({"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": sheet})
    assert refused(tmp_path, book, "a.xlsx").code == "archive_bomb"


@pytest.mark.parametrize(
    "filler",
    [b"row " * 250_000 + b"<", b"<f>1</f>" + b" " * 1_000_000, b"<sheet " * 150_000],
    ids=["rows", "spaces", "tags"],
)
def test_a_hostile_part_is_looked_at_once(tmp_path: Path, filler: bytes) -> None:
    """Before any reader with a time limit sees it: a pattern that looked again would take hours."""
    book = zipped(
        {
            "xl/workbook.xml": b"<sheet " + b"a" * 100_000 + b">" + filler,
            "xl/_rels/workbook.xml.rels": filler.replace(b"sheet", b"Relationship"),
            "xl/worksheets/sheet1.xml": b"<worksheet><row>" + filler,
        }
    )
    assert refused(tmp_path, book, "a.xlsx").code == "workbook_broken"


def test_a_workbook_that_takes_too_long_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workbook_bytes: bytes
) -> None:
    for name in ("CHILD_SECONDS", "_PULSE"):
        monkeypatch.setattr(process, name, 0.001)
    assert refused(tmp_path, workbook_bytes, "a.xlsx").code == "workbook_timeout"


def test_a_process_works_where_the_system_refuses_the_memory_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise ValueError("current limit exceeds maximum limit")  # as macOS says

    monkeypatch.setattr("resource.setrlimit", refuse)
    place = tmp_path / "answer.json"
    process.answer(lambda rest: {"rest": list(rest)}, [str(place), "1000", "a", "b"])
    assert json.loads(place.read_text(encoding="utf-8")) == {"rest": ["a", "b"]}


def test_too_many_columns_and_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wide = ",".join(f"n{i}" for i in range(2_001)) + "\n" + ",".join("1" * 2_001) + "\n"
    assert refused(tmp_path, wide.encode()).code == "too_many_columns"
    monkeypatch.setattr("crm_metrics.intake.reading.MAX_FILE_BYTES", 10)
    assert refused(tmp_path, CSV.encode()).code == "too_large"


def test_a_missing_file_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path / "nowhere.csv")
    assert caught.value.code == "cannot_open"


def test_the_default_folder_and_the_progress(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(CSV)
    seen: list[float] = []
    (table,) = read(path, progress=seen.append)
    assert table.path.exists()
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


def test_nothing_stays_of_a_file_that_is_refused(tmp_path: Path) -> None:
    refused(tmp_path, b"date,name,sum\n")
    assert list((tmp_path / "work").iterdir()) == []


def test_nothing_but_the_tables_stays_in_the_folder(tmp_path: Path) -> None:
    content = CSV.encode() + b"Total,,30\n"
    tables = read_all(tmp_path, zipped({"a.csv": content, "b.png": b"\x89PNG\r\n\x1a\n"}))
    assert tables[0].account.set_aside == {"header": 1, "total": 1}
    assert [path.name for path in (tmp_path / "work").iterdir()] == [tables[0].path.name]
