"""Binary workbooks: xls as LibreOffice writes it, xlsb record by record as [MS-XLSB] has it."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest

from crm_metrics.intake import read
from crm_metrics.intake.workbook.biff import unpacked, xls_scans
from tests.intake.made import issues_of, read_all, rows_of
from tests.intake.workbook.made_books import HEAD, PACKAGE, RELS

DATA = Path(__file__).parents[2] / "data" / "workbooks"


def record(kind: int, body: bytes = b"") -> bytes:
    """A record: kind and size with seven bits to a byte."""
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size = len(body)
    while size >= 0x80:
        head += bytes([size & 0x7F | 0x80])
        size >>= 7
    return head + bytes([size]) + body


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def at(column: int, style: int = 0) -> bytes:
    return struct.pack("<II", column, style)


def xlsb() -> bytes:
    """Two campaigns: a share, an amount, an error, a hidden row, a merged text."""
    codes = ("0.0%", '# ##0.00 "₽"')
    styles = record(278) + record(615, struct.pack("<I", 2))
    styles += b"".join(
        record(44, struct.pack("<H", 164 + i) + wide(code)) for i, code in enumerate(codes)
    )
    styles += record(616) + record(617, struct.pack("<I", 3))
    for number in (0, 164, 165):
        styles += record(47, struct.pack("<HHHHHBBHH", 0xFFFF, number, 0, 0, 0, 0, 0, 0, 0))
    styles += record(618) + record(279)
    header = b"".join(
        record(6, at(i) + wide(name)) for i, name in enumerate(("Кампания", "CTR", "Расход"))
    )

    def line(number: int, *cells: bytes, hidden: bool = False) -> bytes:
        flags = 0x10 if hidden else 0
        spans = struct.pack("<III", 1, 0, 2)
        body = struct.pack("<IIHBB", number, 0, 300, 0, flags) + b"\0" + spans
        return record(0, body) + b"".join(cells)

    sheet = record(129) + record(148, struct.pack("<IIII", 0, 3, 0, 2)) + record(145)
    sheet += line(0, header)
    sheet += line(
        1,
        record(6, at(0) + wide("Весна")),
        record(5, at(1, 1) + struct.pack("<d", 0.123456)),
        record(2, at(2, 2) + struct.pack("<I", (123450 << 2) | 3)),
    )
    sheet += line(
        2,
        record(5, at(1, 1) + struct.pack("<d", 0.21)),
        record(3, at(2) + b"\x07"),
        hidden=True,
    )
    sheet += record(146) + record(177, struct.pack("<I", 1))
    sheet += record(176, struct.pack("<IIII", 1, 2, 0, 0)) + record(178) + record(130)
    book = record(131) + record(153, struct.pack("<II", 0, 0) + wide("")) + record(143)
    book += record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("Отчёт"))
    book += record(144) + record(132)
    links = "".join(
        f'<Relationship Id="{name}" Type="{RELS}/{kind}" Target="{target}"/>'
        for name, kind, target in (
            ("rId1", "worksheet", "worksheets/sheet1.bin"),
            ("rId2", "styles", "styles.bin"),
        )
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", f'{HEAD}<Types xmlns="{PACKAGE}/content-types"/>')
        archive.writestr("xl/workbook.bin", book)
        archive.writestr("xl/styles.bin", styles)
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
        archive.writestr(
            "xl/_rels/workbook.bin.rels",
            f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>',
        )
    return out.getvalue()


def test_an_xlsb_keeps_what_its_formats_say(tmp_path: Path) -> None:
    (table,) = read_all(tmp_path, xlsb(), "report.xlsb")
    assert (table.name, table.how.container) == ("Отчёт", "xlsb")
    assert table.headers == ("Кампания", "CTR", "Расход")
    assert rows_of(table) == [["Весна", "12.3456%", "1234.5 ₽"], ["Весна", "21%", "#DIV/0!"]]
    assert issues_of(table) == {"error_cells": 1, "hidden_rows": 1, "merged_cells": 1}


def test_an_xls_keeps_what_its_formats_say(tmp_path: Path) -> None:
    data, hidden, merged = read(DATA / "shapes.xls", workdir=tmp_path)
    assert data.how.header_lines == (7,)
    first, second, third = rows_of(data)
    assert first[:5] == ["2024-03-01", "09:05:00", "30:05:00", "21%", "1234.5 ₽"]
    assert first[5:] == ["99.9 $", "00042", "true", "#DIV/0!", "Весна"]
    assert second[:5] == ["2024-03-02", "10:00:00", "02:00:00", "12.3456%", "80 ₽"]
    assert second[5:] == ["10 $", "00007", "false", "1", "Лето"]
    assert third[:5] == ["2024-03-03", "23:59:59", "00:05:00", "7%", "-15.25 ₽"]
    assert third[5:] == ["0 $", "12345", "true", "5", "Осень"]
    assert {issue.code: issue.examples for issue in data.issues} == {
        "error_cells": ("K8: #DIV/0!",),
        "hidden_rows": ("9",),
        "hidden_columns": ("L",),
    }
    assert issues_of(hidden) == {"hidden_sheet": 1}
    assert [line[0] for line in rows_of(merged)] == ["Email", "Email", "SMS"]
    assert issues_of(merged) == {"merged_cells": 2}


@pytest.mark.parametrize(
    ("packed", "value"),
    [((7 << 2) | 2, 7.0), ((123450 << 2) | 3, 1234.5), (0xFFFFFFFE, -1.0), (0x3FF00000, 1.0)],
)
def test_packed_numbers(packed: int, value: float) -> None:
    assert unpacked(packed) == value


def test_a_damaged_xls_lays_nothing_over(tmp_path: Path) -> None:
    content = (DATA / "shapes.xls").read_bytes()
    path = tmp_path / "a.xls"
    for cut in range(600, len(content), 701):
        path.write_bytes(content[:cut])
        assert isinstance(xls_scans(path), dict)
        path.write_bytes(content[:cut] + b"\xff" * 16 + content[cut + 16 :])
        assert isinstance(xls_scans(path), dict)
