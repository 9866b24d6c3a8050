"""Workbooks that attack, lie, or are damaged: a sentence or the right rows, never a crash."""

from __future__ import annotations

import contextlib
import io
import resource
import zipfile
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path

import pytest

from crm_metrics.errors import InputError
from crm_metrics.intake import read
from crm_metrics.intake.limits import MAX_CELLS
from crm_metrics.intake.workbook import conversion, fast, package, prescan, process
from crm_metrics.intake.workbook.first_rows import first_rows
from crm_metrics.intake.workbook.scan import SheetScan
from crm_metrics.texts import LANGUAGES, t
from tests.intake.made import issues_of, read_all, read_one, rows_of
from tests.intake.workbook.made_books import MAIN, book, cell, header, row, sheet_xml, strings_xml

ROWS = header(1, "Name", "Sum") + "".join(
    row(n, cell(f"A{n}", f"n{n}"), cell(f"B{n}", n)) for n in range(2, 6)
)


def refused(folder: Path, content: bytes) -> str:
    with pytest.raises(InputError) as caught:
        read_all(folder, content, "a.xlsx")
    for lang in LANGUAGES:
        assert t(f"error.{caught.value.code}", lang, **caught.value.params)
    return caught.value.code


def replaced(content: bytes, part: str, change: dict[str, str]) -> bytes:
    """The package with words of one part replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            if name == part:
                for before, after in change.items():
                    assert before in text
                    text = text.replace(before, after)
            new.writestr(name, text)
    return out.getvalue()


def test_a_far_cell_is_named_and_the_table_is_read(tmp_path: Path) -> None:
    rows = ROWS + row(1_048_576, cell("XFD1048576", "x"))
    table = read_one(tmp_path, book(sheet_xml(rows)), "a.xlsx")
    assert rows_of(table) == [[f"n{n}", str(n)] for n in range(2, 6)]
    assert table.account.set_aside == {"header": 1, "other": 1}
    assert table.account.examples[-1].line == 1_048_576
    (issue,) = table.issues
    assert (issue.code, issue.count, issue.examples) == ("far_cells", 1, ("XFD1048576: x",))


def test_a_far_column_is_named(tmp_path: Path) -> None:
    many = "".join(row(n, cell(f"A{n}", f"n{n}"), cell(f"B{n}", n)) for n in range(2, 2_001))
    first = row(1, cell("A1", "Name"), cell("B1", "Sum"), cell("XFD1", "x"))
    table = read_one(tmp_path, book(sheet_xml(first + many)), "a.xlsx")
    assert (table.headers, table.records) == (("Name", "Sum"), 1_999)
    assert issues_of(table) == {"far_cells": 1}


def test_a_sheet_of_scattered_cells_is_refused(tmp_path: Path) -> None:
    rows = "".join(row(n * 900, cell(f"AAA{n * 900}", n)) for n in range(1, 1_100))
    assert refused(tmp_path, book(sheet_xml(rows))) == "stray_cell"


def test_formatted_blank_rows_to_the_end(tmp_path: Path) -> None:
    blank = "".join(f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(6, 200_000))
    blank += '<row r="1048576"><c r="A1048576" s="1"/></row>'
    table = read_one(tmp_path, book(sheet_xml(ROWS + blank)), "a.xlsx")
    assert (table.records, table.account.lines) == (4, 5)


def test_fifty_thousand_merges(tmp_path: Path) -> None:
    merges = "".join(f'<mergeCell ref="D{n}:D{n + 1}"/>' for n in range(1, 100_001, 2))
    table = read_one(tmp_path, book(sheet_xml(ROWS, after=f"<mergeCells>{merges}</mergeCells>")))
    assert table.records == 4


def test_merges_that_overlap_end_in_time(tmp_path: Path) -> None:
    merges = '<mergeCell ref="A1:A1048576"/>' * 50_000
    blank = "".join(row(n, cell(f"B{n}", n)) for n in range(6, 20_000))
    content = book(sheet_xml(ROWS + blank, after=f"<mergeCells>{merges}</mergeCells>"))
    assert read_one(tmp_path, content).records > 19_000


LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>'
    f'<sst xmlns="{MAIN}"><si><t>&c;</t></si></sst>'
)
OUTSIDE = (
    '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    f'<sst xmlns="{MAIN}"><si><t>&a;</t></si></sst>'
)


@pytest.mark.parametrize("strings", [LAUGHS, OUTSIDE], ids=["laughs", "outside"])
def test_entities_are_not_expanded(tmp_path: Path, strings: str) -> None:
    rows = row(1, '<c r="A1" t="s"><v>0</v></c>', cell("B1", "Sum"))
    rows += row(2, cell("A2", "a"), cell("B2", 1))
    path = tmp_path / "a.xlsx"
    path.write_bytes(book(sheet_xml(rows), strings=strings))
    with pytest.raises(InputError, match="workbook_broken"):
        first_rows(path, rows=10, shown="a.xlsx")
    shown = ""
    with contextlib.suppress(InputError):
        shown = str([(x.headers, rows_of(x)) for x in read(path, workdir=tmp_path / "work")])
    assert "haha" not in shown
    assert "root:" not in shown


def test_a_document_type_in_a_sheet_is_refused(tmp_path: Path) -> None:
    content = replaced(
        book(sheet_xml(ROWS + row(1_048_576, cell("XFD1048576", "x")))),
        "xl/worksheets/sheet1.xml",
        {"<worksheet ": '<!DOCTYPE worksheet [<!ENTITY a "b">]><worksheet '},
    )
    assert refused(tmp_path, content) == "workbook_broken"


def test_too_many_cells_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(book(sheet_xml(ROWS)))
    with zipfile.ZipFile(path) as archive:
        found = prescan.measured(archive, "xl/worksheets/sheet1.xml")
        assert (found.cells, found.rows, found.columns) == (10, 5, 2)
        monkeypatch.setattr(prescan, "MAX_CELLS", 9)
        with pytest.raises(prescan.TooManyCellsError):
            prescan.measured(archive, "xl/worksheets/sheet1.xml")
        monkeypatch.setattr(prescan, "MAX_UNPACKED_BYTES", 99)
        with pytest.raises(prescan.TooManyCellsError):
            prescan.measured(archive, "xl/worksheets/sheet1.xml")


def test_what_is_measured_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = "xl/worksheets/sheet1.xml"
    expected = {
        "": False,
        '<dimension ref="A1"/>': False,
        '<dimension ref="A1:B5"/>': False,
        '<dimension ref="B2:XFD1048576"/>': True,
        '<dimension ref="A1:A99999999"/>': False,
    }
    for before, first in expected.items():
        with zipfile.ZipFile(io.BytesIO(book(sheet_xml(ROWS, before=before)))) as archive:
            assert package.to_measure(archive, part)
            with monkeypatch.context() as patch:
                patch.setattr(package, "_SMALL", 1)
                assert package.to_measure(archive, part) is first
                patch.setattr(package, "MAX_CELLS", 9)
                assert package.to_measure(archive, part)


def test_a_far_cell_is_found_beside_the_fast_reader(tmp_path: Path) -> None:
    rows = ROWS + row(1_048_576, cell("XFD1048576", "x"))
    with zipfile.ZipFile(io.BytesIO(book(sheet_xml(rows)))) as archive:
        whole = package.package_of(archive)
        part = whole.sheets[0].part
        with pytest.raises(prescan.StrayCellError):
            prescan.noted(archive, whole, part, [], stray=False)
        assert prescan.noted(archive, whole, part, [], stray=True).stray


def test_a_far_cell_on_one_sheet_leaves_the_others_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes = modes_of(monkeypatch)
    far = sheet_xml(ROWS + row(1_048_576, cell("XFD1048576", "x")))
    near, other = read_all(tmp_path, book(sheet_xml(ROWS), far, names=("Near", "Far")), "a.xlsx")
    assert modes == ["fast"]
    assert rows_of(near) == rows_of(other) == [[f"n{n}", str(n)] for n in range(2, 6)]
    assert (issues_of(near), issues_of(other)) == ({}, {"far_cells": 1})


def test_a_far_cell_of_a_large_sheet_is_found_while_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes = modes_of(monkeypatch)
    words = "w" * 30_000
    many = "".join(row(n, cell(f"A{n}", words), cell(f"B{n}", n)) for n in range(2, 1_200))
    rows = header(1, "Name", "Sum") + many + row(1_048_576, cell("XFD1048576", "x"))
    content = book(sheet_xml(rows), compress=zipfile.ZIP_STORED)
    assert len(content) > package._SMALL
    table = read_one(tmp_path, content, "a.xlsx")
    # Whoever comes first: the look finds the cell, or the reader dies of it.
    assert modes in (["fast", "measured"], ["fast", "slowly"])
    assert (table.records, issues_of(table)) == (1_198, {"far_cells": 1})


def test_an_error_of_the_look_does_not_wait_for_the_reader() -> None:
    look: Future[SheetScan] = Future()
    work: Future[str] = Future()
    look.set_exception(prescan.TooManyCellsError())
    with pytest.raises(prescan.TooManyCellsError):
        conversion._beside(look, work)
    work.set_result("read")
    assert conversion._beside(Future(), work) == "read"


@pytest.mark.slow
def test_tiny_cells_by_the_million_leave_the_server_small(tmp_path: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        plain = zipfile.ZipFile(io.BytesIO(book(sheet_xml(""))))
        for name in plain.namelist():
            if "sheet1" not in name:
                archive.writestr(name, plain.read(name))
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            part.write(f'<worksheet xmlns="{MAIN}"><sheetData>'.encode())
            piece = b"<row>" + b"<c><v>1</v></c>" * 1_000 + b"</row>"
            for _ in range(MAX_CELLS // 1_000 + 1):
                part.write(piece)
            part.write(b"</sheetData></worksheet>")
    assert refused(tmp_path, out.getvalue()) in {"archive_bomb", "too_many_cells"}
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024


def test_strict_workbooks_are_read(tmp_path: Path) -> None:
    content = book(sheet_xml(ROWS))
    strict = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(strict, "w") as new:
        for name in old.namelist():
            text = (
                old.read(name)
                .decode()
                .replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")
            )
            text = text.replace(
                "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                "http://purl.oclc.org/ooxml/officeDocument/relationships",
            )
            new.writestr(name, text)
    assert read_one(tmp_path, strict.getvalue(), "a.xlsx").records == 4


@pytest.mark.parametrize("dimension", ["A1", "A1:ZZ9", "A1:XFD1048576", "nonsense"])
def test_a_wrong_dimension_changes_nothing(tmp_path: Path, dimension: str) -> None:
    content = book(sheet_xml(ROWS, before=f'<dimension ref="{dimension}"/>'))
    table = read_one(tmp_path, content, "a.xlsx")
    assert (table.headers, table.records) == (("Name", "Sum"), 4)


def test_a_macro_sheet_does_not_keep_the_others_from_being_read(tmp_path: Path) -> None:
    """The fast reader refuses such a workbook."""
    content = book(sheet_xml(ROWS), sheet_xml(ROWS), names=("Data", "Macro1"))
    content = replaced(
        content,
        "xl/_rels/workbook.xml.rels",
        {
            'relationships/worksheet" Target="worksheets/sheet2.xml"': 'relationships/xlMacrosheet"'
            ' Target="worksheets/sheet2.xml"'
        },
    )
    tables = read_all(tmp_path, content, "a.xlsm")
    assert (tables[0].name, tables[0].records) == ("Data", 4)


def test_charts_hold_no_cells(tmp_path: Path) -> None:
    content = book(sheet_xml(ROWS), sheet_xml(""), names=("Data", "Chart1"))
    changes = {
        'relationships/worksheet" Target="worksheets/sheet2.xml"': 'relationships/chartsheet"'
        ' Target="chartsheets/sheet2.xml"'
    }
    content = replaced(content, "xl/_rels/workbook.xml.rels", changes)
    assert read_one(tmp_path, content, "a.xlsx").records == 4
    alone = replaced(
        book(sheet_xml("")),
        "xl/_rels/workbook.xml.rels",
        {"/worksheet": "/chartsheet", "worksheets/": "chartsheets/"},
    )
    assert refused(tmp_path, alone) == "empty_file"


def test_damaged_packages_end_in_a_sentence(tmp_path: Path) -> None:
    content = book(sheet_xml(ROWS), strings=strings_xml("a"), compress=zipfile.ZIP_STORED)
    middle = content.index(b"<sheetData>") + 300
    for damaged in (
        content[: len(content) // 2],
        content[:-30],
        content[:middle] + b"\xff" * 40 + content[middle + 40 :],
        content.replace(b"</sheetData>", b"<sheetData/>"),
    ):
        assert refused(tmp_path, damaged) in {"workbook_broken", "archive_broken", "empty_file"}


def test_a_sheet_that_no_link_names_is_found_by_its_place(tmp_path: Path) -> None:
    content = book(sheet_xml(ROWS), compress=zipfile.ZIP_STORED)
    moved = content.replace(b"xl/worksheets/sheet1.xml", b"xl/worksheets/sheet9.xml")
    assert read_one(tmp_path, moved, "a.xlsx").records == 4


class PanicException(BaseException):
    """What a panic of the parser comes as."""


def test_a_panic_of_the_parser_is_a_refusal() -> None:
    def panic() -> None:
        raise PanicException

    with pytest.raises(fast.RefusedError, match="workbook_broken"):
        fast._tried(panic)
    with pytest.raises(KeyboardInterrupt):
        fast._tried(interrupted)


def interrupted() -> None:
    raise KeyboardInterrupt


def modes_of(monkeypatch: pytest.MonkeyPatch, *, kill: bool = False) -> list[str]:
    """The ways in which the child is asked to read, as they come; perhaps the fast one dies."""
    modes: list[str] = []
    run = process.run

    def watched(
        module: str, arguments: Sequence[str], folder: Path, shown: str, **given: str
    ) -> dict[str, object]:
        modes.append(arguments[-1])
        if kill and arguments[-1] == "fast":
            raise InputError("workbook_broken", file=shown)
        return run(module, arguments, folder, shown, **given)

    monkeypatch.setattr(process, "run", watched)
    return modes


def test_a_book_that_kills_the_fast_reader_is_read_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes = modes_of(monkeypatch, kill=True)
    table = read_one(tmp_path, book(sheet_xml(ROWS)), "a.xlsx")
    assert modes == ["fast", "slowly"]
    assert rows_of(table) == [[f"n{n}", str(n)] for n in range(2, 6)]
