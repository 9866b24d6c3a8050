"""A preview says of a file's head what reading says of the whole."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path

import openpyxl
import pytest

from crm_metrics import mapping
from crm_metrics.errors import InputError
from crm_metrics.intake import Table, preview, read
from crm_metrics.intake.limits import PREVIEW_BYTES
from tests.conftest import DATA, SAMPLES

TEXTS = sorted([*SAMPLES.glob("*.csv"), *DATA.glob("*.csv"), *DATA.glob("*.txt")])
ROWS = 20_000
LONG = "Отчёт за 2025 год\r\n\r\nДата;Кампания;Расход, ₽;Клики\r\n" + "".join(
    f"{1 + i % 28:02}.03.2025;Весна {i};{i},50;{i % 90}\r\n" for i in range(ROWS)
)


def previewed(folder: Path, content: bytes, name: str = "file.csv") -> list[Table]:
    path = folder / "upload"
    path.write_bytes(content)
    return preview(path, name=name, workdir=folder / "work")


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_a_preview_agrees_with_the_whole(path: Path, tmp_path: Path) -> None:
    shown, whole = preview(path, workdir=tmp_path / "some"), read(path, workdir=tmp_path / "all")
    assert len(shown) == len(whole)
    for some, every in zip(shown, whole, strict=True):
        assert some.headers == every.headers
        assert some.how == every.how
        assert some.layout == every.layout
        assert some.preamble == every.preamble
        assert some.name == every.name
        assert some.partial == (path.stat().st_size > PREVIEW_BYTES)
        first = some.frame()
        assert first.equals(every.frame(limit=len(first)))
        found = [column.field for column in mapping.suggest(some).columns]
        assert found == [column.field for column in mapping.suggest(every).columns]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251", "utf-16"])
def test_a_preview_takes_the_first_lines_alone(encoding: str, tmp_path: Path) -> None:
    (table,) = previewed(tmp_path, LONG.encode(encoding, "replace"))
    assert table.partial
    assert 1_000 < table.records < ROWS
    assert table.headers[:2] == ("Дата", "Кампания")
    assert table.preamble == ("Отчёт за 2025 год",)
    frame = table.frame()
    assert frame["Кампания"].tolist() == [f"Весна {i}" for i in range(table.records)]
    account = table.account
    assert account.lines == account.records + sum(account.set_aside.values())
    assert table.sha256 == ""


def test_a_small_file_is_whole_in_its_preview(tmp_path: Path) -> None:
    (table,) = previewed(tmp_path, "Дата;Клики\n01.03.2025;5\nИтого;5\n".encode())
    assert (table.partial, table.records, table.account.set_aside["total"]) == (False, 1, 1)


def test_the_rows_at_the_cut_are_no_totals(tmp_path: Path) -> None:
    rows = "".join(f"Всего;{i % 7};{i % 5}\n" for i in range(40_000))
    (table,) = previewed(tmp_path, f"Магазин;Показы;Клики\n{rows}".encode())
    assert table.partial
    assert table.account.set_aside == {"header": 1}


def test_packed_files_are_unpacked_no_further_than_needed(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("весна.csv", LONG)
        archive.writestr("лето.csv", LONG.replace("Весна", "Лето"))
    for content, count in ((gzip.compress(LONG.encode()), 1), (out.getvalue(), 2)):
        tables = previewed(tmp_path, content)
        assert [(t.partial, t.headers[0]) for t in tables] == [(True, "Дата")] * count


def test_a_table_that_begins_below_is_left_to_the_whole(tmp_path: Path) -> None:
    second = "\n\nМенеджер;Сделки\n" + "".join(f"М{i};{i}\n" for i in range(50))
    tables = previewed(tmp_path, (LONG + second).encode())
    assert [table.headers[0] for table in tables] == ["Дата"]


def test_json_is_previewed_by_its_first_items(tmp_path: Path) -> None:
    items = [{"id": i, "channel": "email", "clicks": i % 9} for i in range(30_000)]
    lines = "\n".join(map(json.dumps, items)).encode()
    for content in (lines, json.dumps(items).encode()):
        (table,) = previewed(tmp_path, content, "file.json")
        assert table.partial
        assert 900 < table.records < 30_000
        assert table.headers == ("id", "channel", "clicks")


def test_what_cannot_be_used_is_refused_by_the_preview_too(tmp_path: Path) -> None:
    for content in (b"", b"\x89PNG\r\n\x1a\n" + bytes(100)):
        with pytest.raises(InputError):
            previewed(tmp_path, content)


def test_a_preview_leaves_its_tables_alone_in_the_folder(tmp_path: Path) -> None:
    (table,) = previewed(tmp_path, LONG.encode())
    assert list((tmp_path / "work").iterdir()) == [table.path]


def test_a_workbook_shows_the_first_rows_of_its_sheets(tmp_path: Path) -> None:
    book = openpyxl.Workbook(write_only=True)
    long = book.create_sheet("Кампании")
    long.append(["Отчёт"])
    long.append(["Дата", "Кампания", "Клики"])
    for i in range(3_000):
        long.append([f"2025-03-{1 + i % 28:02}", f"Весна {i}", i % 90])
    short = book.create_sheet("Итоги")
    for row in (["Канал", "Клики"], ["email", 5], ["sms", 6], ["Итого", 11]):
        short.append(row)
    book.create_sheet("Пусто")
    out = io.BytesIO()
    book.save(out)
    some, other = previewed(tmp_path, out.getvalue(), "book.xlsx")
    whole = read(tmp_path / "upload", name="book.xlsx", workdir=tmp_path / "all")
    assert (some.partial, other.partial) == (True, False)
    assert some.headers == whole[0].headers == ("Дата", "Кампания", "Клики")
    assert some.preamble == ("Отчёт",)
    assert 400 < some.records < 500
    first = some.frame()
    assert first.equals(whole[0].frame(limit=len(first)))
    assert (other.name, other.part, other.account) == ("Итоги", "Итоги", whole[1].account)
