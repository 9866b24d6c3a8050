"""A damaged header is put right where that is certain, and doubted aloud where it is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_metrics.errors import InputError
from tests.intake.made import issues_of, read_one, rows_of

NAMES = ("Дата", "Канал", "Показы", "Клики")
BODY = "01.03.2024,email,100,10\n02.03.2024,sms,200,20\n03.03.2024,push,300,30\n"
ROWS = [line.split(",") for line in BODY.splitlines()]


@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_a_header_in_another_delimiter_still_names_the_columns(tmp_path: Path, mark: str) -> None:
    table = read_one(tmp_path, mark.join(NAMES) + "\n" + BODY)
    assert table.headers == NAMES
    assert rows_of(table) == ROWS
    assert table.how.header_lines == (1,)
    assert table.account.set_aside == {"header": 1}
    assert issues_of(table) == {"lines_repaired": 1}
    assert table.account.repaired == 1


def test_a_title_above_a_table_without_a_header_is_no_header(tmp_path: Path) -> None:
    table = read_one(tmp_path, "Отчёт по всем каналам\n" + BODY)
    assert table.headers != ("Отчёт", "по", "всем", "каналам")
    table = read_one(tmp_path, "За 01.03.2024; по; 03.03.2024; все\n" + BODY)
    assert table.headers == ("1", "2", "3", "4")


@pytest.mark.parametrize("at", [1, 2, 3, 4])
def test_a_name_too_many_shifts_no_column(tmp_path: Path, at: int) -> None:
    names = [*NAMES[:at], "", *NAMES[at:]]
    table = read_one(tmp_path, ",".join(names) + "\n" + BODY)
    assert table.headers == NAMES
    assert rows_of(table) == ROWS
    assert table.account.repaired == 1


def test_a_name_too_few_is_doubted(tmp_path: Path) -> None:
    table = read_one(tmp_path, "Дата,КаналПоказы,Клики\n" + BODY)
    assert rows_of(table) == ROWS
    assert issues_of(table) == {"header_short": 1}


def test_delimiters_at_the_end_of_every_record_lack_no_name(tmp_path: Path) -> None:
    text = ",".join(NAMES) + "\n" + BODY.replace("\n", ",\n")
    table = read_one(tmp_path, text)
    assert table.headers[:4] == NAMES
    assert "header_short" not in issues_of(table)


def test_commas_with_a_space_divide_quoted_cells(tmp_path: Path) -> None:
    lines = [", ".join(f'"{name}"' for name in ("Date", "Goods", "Sum"))]
    lines += [f'"2024-03-0{i}", "shirt, ""L"",blue", "{i},5"' for i in range(1, 9)]
    table = read_one(tmp_path, "\n".join(lines) + "\n")
    assert table.headers == ("Date", "Goods", "Sum")
    assert rows_of(table)[0] == ["2024-03-01", 'shirt, "L",blue', "1,5"]
    assert table.records == 8


def test_spaces_divide_a_table_that_begins_with_a_date_and_a_time(tmp_path: Path) -> None:
    lines = ["Date Time Qty Goods"]
    lines += [f'0{i}/03/2024 10:0{i} {i} "red shirt"' for i in range(1, 9)]
    table = read_one(tmp_path, "\n".join(lines) + "\n")
    assert table.headers == ("Date", "Time", "Qty", "Goods")
    assert rows_of(table)[1] == ["02/03/2024", "10:02", "2", "red shirt"]


def test_a_time_with_its_zone_begins_a_record_of_a_table(tmp_path: Path) -> None:
    body = "".join(f"2024-03-15 18:4{i} +0000,open\n" for i in range(8))
    assert read_one(tmp_path, f"ts,event\n{body}").records == 8


def test_the_log_of_a_program_is_no_table(tmp_path: Path) -> None:
    text = "2024-01-01 10:00:01 INFO started\n2024-01-01 10:00:02 WARN the disk is full\n" * 5
    with pytest.raises(InputError, match="text_not_table"):
        read_one(tmp_path, text)
