"""Pages and XML that call themselves .xls: tables in tables, web archives, Excel XML."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from crm_metrics.errors import InputError, LimitError
from crm_metrics.intake.containers import html_table, xml_spreadsheet
from crm_metrics.intake.text import blocks
from tests.intake.made import issues_of, read_all, read_one, rows_of

TABLE = (
    "<table><tr><th>Дата</th><th>Клики</th></tr>"
    "<tr><td>2024-03-01</td><td>5</td></tr><tr><td>2024-03-02</td><td>8</td></tr></table>"
)


def test_the_text_around_a_table_is_kept(tmp_path: Path) -> None:
    page = (
        "<html><head><title>t</title><style>td {color: red}</style></head><body>"
        f"<h1>Отчёт по кампаниям</h1><p>Период: 01.03.2024&nbsp;&ndash; <b>31.03</b></p>{TABLE}"
        "<script>alert('<table>')</script><p>Выгружено 1 апреля</p></body></html>"
    )
    table = read_one(tmp_path, page, "report.xls")
    assert table.headers == ("Дата", "Клики")
    assert rows_of(table) == [["2024-03-01", "5"], ["2024-03-02", "8"]]
    assert table.preamble == ("Отчёт по кампаниям", "Период: 01.03.2024\u00a0– 31.03")
    assert table.account.lines == 6
    assert table.account.set_aside == {"header": 1, "preamble": 2, "footer": 1}
    assert table.account.examples[-1].text == "Выгружено 1 апреля"


def test_a_table_that_lays_out_the_page_gives_way_to_the_one_inside(tmp_path: Path) -> None:
    page = (
        f"<table><tr><td>Меню</td><td>{TABLE}</td></tr><tr><td colspan=2>© Shop</td></tr></table>"
    )
    table = read_one(tmp_path, page, "report.xls")
    assert rows_of(table) == [["2024-03-01", "5"], ["2024-03-02", "8"]]
    assert [item.text for item in table.account.examples if item.reason == "footer"] == [
        "Меню",
        "© Shop",
    ]


def test_a_small_table_in_a_cell_is_part_of_its_text(tmp_path: Path) -> None:
    page = TABLE.replace(
        "<td>5</td>", "<td><table><tr><td>a</td><td>b</td></tr></table> <br>c&lt;d</td>"
    )
    assert rows_of(read_one(tmp_path, page))[0] == ["2024-03-01", "a b c<d"]


def test_a_table_without_records_is_text_of_the_next(tmp_path: Path) -> None:
    page = f"<table><tr><td>Магазин «Лавка»</td></tr></table>{TABLE}{TABLE}"
    first, second = read_all(tmp_path, page, "report.xls")
    assert first.preamble == ("Магазин «Лавка»",)
    assert (first.records, second.records) == (2, 2)


def test_the_encoding_that_a_page_names(tmp_path: Path) -> None:
    page = f'<meta charset="windows-1251">{TABLE}'
    assert read_one(tmp_path, page, encoding="cp1251").headers == ("Дата", "Клики")
    lying = f'<meta charset="windows-1251">{TABLE}'
    assert read_one(tmp_path, lying, encoding="utf-8").headers == ("Дата", "Клики")
    assert read_one(tmp_path, TABLE, encoding="utf-16").headers == ("Дата", "Клики")


def test_a_page_on_one_long_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html_table, "MAX_LINE_BYTES", 5_000)
    monkeypatch.setattr(blocks, "MAX_LINE_BYTES", 5_000)
    monkeypatch.setattr(blocks, "_READ_BYTES", 1_000)
    rows = "".join(f"<tr><td>2024-03-01</td><td>{i}</td></tr>" for i in range(900))
    table = read_one(tmp_path, f"<table><tr><th>day<th>n</tr>{rows}</table>")
    assert table.records == 900


@pytest.mark.parametrize(
    "content",
    [
        "<table><tr><td>1<td>2" + "<a" * 200_000,
        "<table><tr><td>1<td>2<!--" + "x" * 200_000,
        "<table>" * 20_000,
        "<table><tr><td>" * 5_000,
        "<table><tr>" + "<td rowspan=9999 colspan=1999>x" * 3 + "<tr><td>y" * 2_000,
    ],
    ids=["tags", "comment", "tables", "cells", "spans"],
)
def test_hostile_pages_end_in_a_sentence_or_a_table(tmp_path: Path, content: str) -> None:
    try:
        tables = read_all(tmp_path, content)
    except InputError:
        return
    assert all(table.records for table in tables)


def test_a_web_archive(tmp_path: Path) -> None:
    body = base64.b64encode(TABLE.encode()).decode()
    archive = (
        "MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n"
        'Content-Type: multipart/related; boundary="----=_x"\r\n\r\n'
        "------=_x\r\nContent-Location: file:///C:/1/book.htm\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n"
        'Content-Type: text/html; charset="us-ascii"\r\n\r\n<html><frameset=3D"1"></html>\r\n'
        "------=_x\r\nContent-Location: file:///C:/1/book_files/sheet001.htm\r\n"
        "Content-Transfer-Encoding: base64\r\n"
        f'Content-Type: text/html; charset="utf-8"\r\n\r\n{body}\r\n------=_x--\r\n'
    )
    table = read_one(tmp_path, archive, "book.xls")
    assert (table.name, table.how.container) == ("book", "mhtml")
    assert rows_of(table) == [["2024-03-01", "5"], ["2024-03-02", "8"]]


def sheet(name: str, rows: str) -> str:
    return f'<Worksheet ss:Name="{name}"><Table>{rows}</Table></Worksheet>'


def workbook(*sheets: str, declared: str = "UTF-8") -> str:
    return (
        f'<?xml version="1.0" encoding="{declared}"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">' + "".join(sheets) + "</Workbook>"
    )


def row(*cells: tuple[str, str], index: int = 0) -> str:
    at = f' ss:Index="{index}"' if index else ""
    data = "".join(f'<Cell><Data ss:Type="{kind}">{text}</Data></Cell>' for kind, text in cells)
    return f"<Row{at}>{data}</Row>"


def test_excel_xml_of_2003(tmp_path: Path) -> None:
    head = row(("String", "День"), ("String", "Начало"), ("String", "Сумма"), ("String", "Да"))
    content = workbook(
        sheet(
            "Заказы &amp; оплаты",
            '<Row><Cell ss:MergeAcross="3"><Data ss:Type="String">Отчёт за март</Data></Cell></Row>'
            + head.replace("<Row>", '<Row ss:Index="3">')
            + '<Row><Cell><Data ss:Type="DateTime">2024-03-01T00:00:00.000</Data></Cell>'
            '<Cell><Data ss:Type="DateTime">1899-12-31T09:05:00.000</Data></Cell>'
            '<Cell><Data ss:Type="Number">1234.50</Data><Comment><ss:Data>нет</ss:Data></Comment>'
            '</Cell><Cell><Data ss:Type="Boolean">1</Data></Cell></Row>'
            '<Row><Cell><Data ss:Type="DateTime">2024-03-02T00:00:00.000</Data></Cell>'
            '<Cell ss:Index="4"><Data ss:Type="Error">#N/A</Data></Cell></Row>',
        ),
        sheet("Пусто", ""),
        sheet("Ещё", row(("String", "a"), ("String", "b")) + row(("Number", "1"), ("Number", "2"))),
    )
    first, second = read_all(tmp_path, content, "report.xls")
    assert (first.name, first.how.container) == ("Заказы & оплаты", "xml")
    assert first.headers == ("День", "Начало", "Сумма", "Да")
    assert rows_of(first) == [
        ["2024-03-01", "09:05:00", "1234.50", "true"],
        ["2024-03-02", "", "", ""],
    ]
    assert first.preamble == ("Отчёт за март",)
    assert (first.account.lines, first.account.set_aside) == (
        5,
        {"header": 1, "preamble": 1, "blank": 1},
    )
    assert issues_of(first) == {"error_cells": 1}
    assert rows_of(second) == [["1", "2"]]


def test_excel_xml_in_other_encodings(tmp_path: Path) -> None:
    rows = row(("String", "День"), ("String", "Клики")) + row(
        ("String", "2024-03-01"), ("Number", "5")
    )
    for declared, encoding in (("windows-1251", "cp1251"), ("UTF-16", "utf-16")):
        content = workbook(sheet("Лист", rows), declared=declared)
        assert read_one(tmp_path, content, encoding=encoding).headers == ("День", "Клики")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (workbook(sheet("a", row(("Number", "1"))))[:-30], "workbook_broken"),
        (
            workbook(sheet("a", row(("String", "&lol;")))).replace(
                "<Workbook", '<!DOCTYPE x [<!ENTITY lol "lol">]><Workbook'
            ),
            "workbook_broken",
        ),
        (workbook(sheet("a", row(("Number", "1"), index=99_999_999))), "stray_cell"),
        (workbook(sheet("a", "")), "empty_file"),
        (workbook(), "empty_file"),
    ],
    ids=["cut", "entities", "far", "no rows", "no sheets"],
)
def test_excel_xml_that_can_not_be_read(tmp_path: Path, content: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        read_all(tmp_path, content)
    assert caught.value.code == code


def test_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_spreadsheet, "MAX_CELLS", 3)
    rows = row(("String", "a"), ("String", "b")) * 2
    with pytest.raises(LimitError) as caught:
        read_all(tmp_path, workbook(sheet("a", rows)))
    assert caught.value.code == "too_many_cells"
    monkeypatch.setattr(html_table, "MAX_LINE_BYTES", 1_000)
    with pytest.raises(LimitError) as caught:
        read_all(tmp_path, TABLE + "<!--" + "x" * 2_000)
    assert caught.value.code == "line_too_long"
