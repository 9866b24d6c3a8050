"""Options that settle how a file is read: what a line is, the encoding, the delimiter."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

REPORT = (
    "Дата;Канал;Кампания;Отправлено;Доставлено\n"
    "01.03.2024;email;Весна;100;90\n02.03.2024;email;Лето;200;180\nИтого;;;300;270\n"
)


def table(run, path: Path, *options: object) -> dict:
    (found,) = run("inspect", path, *options, "--json").document["tables"]
    assert found["lines"] == found["records"] + sum(found["set_aside"].values())
    return found


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.csv"
    path.write_text(REPORT, encoding="utf-8")
    return path


def test_a_line_is_what_the_option_says(run, report):
    assert table(run, report)["set_aside"]["total"] == 1
    kept = table(run, report, "--line", "4=record")
    assert (kept["records"], kept["set_aside"]["total"]) == (3, 0)
    moved = table(run, report, "--line", "2=header", "--line", "4=footer")
    assert moved["header_lines"] == [2]
    assert (moved["records"], moved["set_aside"]["footer"]) == (1, 1)


def test_numbers_follow_the_option(run, report):
    asked = ("metrics", report, "--metric", "delivery_rate", "--json")
    assert run(*asked).document["rows"][0]["n"] == 300
    assert run(*asked, "--line", "3=footer").document["rows"][0]["n"] == 100


def test_encoding_and_delimiter(run, tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("имя|a;b\nж|1;2\nя|3;4\n".encode("koi8-r"))
    found = table(run, path, "--encoding", "KOI8-R", "--delimiter", "|")
    assert [column["name"] for column in found["columns"]] == ["имя", "a;b"]
    tab = tmp_path / "b.tsv"
    tab.write_text("a,x\tb\n1,5\t2\n3,5\t4\n", encoding="utf-8")
    assert table(run, tab, "--delimiter", "\\t")["delimiter"] == "\t"


def test_a_row_of_a_sheet_is_named_with_the_sheet_where_there_are_several(run, tmp_path):
    book = openpyxl.Workbook()
    for name in ("Март", "Апрель"):
        sheet = book.create_sheet(name)
        for row in (["Дата", "Клики"], ["2024-03-01", 1], ["2024-03-02", 2]):
            sheet.append(row)
    path = tmp_path / "book.xlsx"
    book.save(path)
    done = run("inspect", path, "--line", "Апрель:3=total", "--json").document
    assert [item["records"] for item in done["tables"]] == [2, 1]
    asked = run("inspect", path, "--line", "3=total", "--lang", "ru")
    assert asked.code == 2
    assert "Апрель, Март" in asked.err
    del book["Апрель"]
    book.save(path)
    assert table(run, path, "--line", "3=total")["records"] == 1


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (("--line", "four=header"), "--line four=header"),
        (("--line", "0=header"), "--line 0=header"),
        (("--line", "4=headline"), "--line 4=headline"),
        (("--line", "Sheet9:4=header"), "Sheet9:4"),
        (("--encoding", "cp1215"), "cp1215"),
        (("--delimiter", ";;"), ";;"),
    ],
)
@pytest.mark.parametrize("lang", ["ru", "en"])
def test_a_wrong_option_is_said_in_words(run, report, options, word, lang):
    done = run("inspect", report, *options, "--lang", lang)
    assert (done.code, done.out) == (2, "")
    assert word in done.err or word.split(":")[-1] in done.err
    assert "Traceback" not in done.err


def test_doubts_are_said_in_words(run, tmp_path):
    path = tmp_path / "damaged.csv"
    path.write_text(REPORT.replace(";Лето;200", ';"Лето;200'), encoding="utf-8")
    done = run("inspect", path, "--lang", "ru")
    assert "исправлена" in done.out.lower()
    assert '3: 02.03.2024;email;"Лето;200;180' in done.out


def test_a_report_without_dates_covers_the_days_that_are_said(run, tmp_path):
    path = tmp_path / "march.csv"
    path.write_text("Campaign,Channel,Sent,Delivered\nA,email,100,90\nB,email,200,180\n")
    march = ("--covers", "2026-03-01", "2026-03-31")
    assert table(run, path)["period"] is None
    assert table(run, path, *march)["period"] == ["2026-03-01", "2026-03-31"]
    asked = ("metrics", path, "--metric", "delivery_rate", "--json")
    for month, n in (("03", 300), ("04", 0)):
        within = ("--from", f"2026-{month}-01", "--to", f"2026-{month}-30")
        assert run(*asked, *march, *within).document["rows"][0]["n"] == n


def test_dated_files_need_no_days(run, report):
    refused = run("inspect", report, "--covers", "2024-03-01", "2024-03-31", "--lang", "en")
    assert refused.code == 2
    assert "already have dates" in refused.err


def test_rows_that_stand_there_twice_are_said(run, tmp_path):
    path = tmp_path / "sent.csv"
    path.write_text("Email,Sent at,Opened\n" + "a@x.ru,2026-03-01,yes\n" * 3)
    found = run("metrics", path, "--grain", "recipients", "--lang", "en")
    assert "2 rows repeat other rows of this file in every cell" in found.err
