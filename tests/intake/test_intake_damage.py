"""One damaged line: it is kept, and its neighbours come through untouched."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_metrics.intake import read
from crm_metrics.intake.text.blocks import TextFile
from tests.intake.made import issues_of, read_one, rows_of

DATA = Path(__file__).parent.parent / "data"
FILES = {"saas_deals.csv": ",", "bank_calls.csv": ";", "facebook_posts.csv": ";"}
QUICK = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@QUICK
@given(
    st.sampled_from(sorted(FILES)),
    st.integers(2, 58),
    st.floats(0, 0.999),
    st.sampled_from(["stray quote", "lost delimiter", "extra delimiter"]),
)
def test_neighbours_of_a_damaged_line_are_untouched(
    tmp_path: Path, name: str, at: int, place: float, damage: str
) -> None:
    delimiter = FILES[name]
    lines = (DATA / name).read_text().split("\n")[:60]
    before = list(csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter))[1:]
    line = lines[at]
    marks = [i for i, char in enumerate(line) if char == delimiter]
    mark = marks[int(place * len(marks))]
    spot = int(place * len(line))
    lines[at] = {
        "stray quote": line[:spot] + '"' + line[spot:],
        "lost delimiter": line[:mark] + line[mark + 1 :],
        "extra delimiter": line[:mark] + delimiter + line[mark:],
    }[damage]
    table = read_one(tmp_path, "\n".join(lines))
    after = rows_of(table)
    assert len(after) == len(before)
    del before[at - 1], after[at - 1]
    assert after == before
    assert table.account.lines == 60
    letters = "".join(char for char in lines[at] if char.isalnum())
    kept = "".join(char for char in "".join(rows_of(table)[at - 1]) if char.isalnum())
    assert kept == letters


TABLE = "date,name,sum\n2024-01-01,ann,10\n{}\n2024-01-03,cat,30\n2024-01-04,dan,40\n"


@pytest.mark.parametrize(
    ("line", "cells", "issue"),
    [
        ('2024-01-02,5" pipe,20', ["2024-01-02", '5" pipe', "20"], "lines_repaired"),
        ('2024-01-02,"bob,20', ["2024-01-02", "bob", "20"], "lines_repaired"),
        ('2024-01-02,bob",20', ["2024-01-02", "bob", "20"], "lines_repaired"),
        ("2024-01-02,bob, jr,20", ["2024-01-02", "bob, jr", "20"], "lines_repaired"),
        ("2024-01-02,bob,20,", ["2024-01-02", "bob", "20"], "lines_repaired"),
        ("2024-01-02,20", ["2024-01-02", "", "20"], "lines_repaired"),
        ("2024-01-02", ["2024-01-02", "", ""], "lines_unsplit"),
        ('2024-01-02,"say ""hi""",20', ["2024-01-02", 'say "hi"', "20"], None),
    ],
)
def test_a_damaged_line_is_put_right(
    tmp_path: Path, line: str, cells: list[str], issue: str | None
) -> None:
    table = read_one(tmp_path, TABLE.format(line))
    assert rows_of(table) == [
        ["2024-01-01", "ann", "10"],
        cells,
        ["2024-01-03", "cat", "30"],
        ["2024-01-04", "dan", "40"],
    ]
    assert issues_of(table) == ({issue: 1} if issue else {})
    assert table.account.repaired == (issue == "lines_repaired")


def test_a_line_broken_in_two_is_one_record(tmp_path: Path) -> None:
    table = read_one(tmp_path, TABLE.format("2024-01-02,two\nlines,20"))
    assert rows_of(table)[1] == ["2024-01-02", "two\nlines", "20"]
    assert table.account.set_aside == {"header": 1, "continuation": 1}
    assert table.account.repaired == 1


def test_quoted_line_breaks_are_no_damage(tmp_path: Path) -> None:
    table = read_one(tmp_path, TABLE.format('2024-01-02,"a\n\n2024-01-09,b\nc",20'))
    assert rows_of(table)[1] == ["2024-01-02", "a\n\n2024-01-09,b\nc", "20"]
    assert table.account.set_aside == {"header": 1, "continuation": 3}
    assert table.issues == ()


def test_two_stray_quotes_far_apart_swallow_nothing(tmp_path: Path) -> None:
    body = [f"2024-01-{i % 28 + 1:02d},name {i},{i}" for i in range(500)]
    body[10] = '2024-01-11,"name 10,10'
    body[300] = '2024-01-21,name 300",300'
    table = read_one(tmp_path, "date,name,sum\n" + "\n".join(body) + "\n")
    assert [row[2] for row in rows_of(table)] == [str(i) for i in range(500)]
    assert rows_of(table)[10][1] == "name 10"
    assert rows_of(table)[300][1] == 'name 300"'


def test_damage_beyond_the_first_block_is_found(tmp_path: Path) -> None:
    """The lines of later blocks get the same care, and keep their numbers."""
    body = [f'{i};клиент {i};"текст; {i}";{i % 97},5' for i in range(150_000)]
    body[140_000] = '140000;клиент 140000;текст; 140000;"8,5'
    body[140_001] = '140001;клиент 140001;"две\nстроки";9,5'
    text = "id;имя;комментарий;сумма\n" + "\n".join(body) + "\n"
    assert len(text.encode("cp1251")) > 5_000_000
    table = read_one(tmp_path, text, encoding="cp1251")
    rows = rows_of(table)
    assert table.how.encoding == "cp1251"
    assert [row[0] for row in rows] == [str(i) for i in range(150_000)]
    assert rows[140_000][2:] == ["текст; 140000", "8,5"]
    assert rows[140_001][2:] == ["две\nстроки", "9,5"]
    assert rows[149_999][2] == "текст; 149999"
    assert table.account.lines == 150_002
    assert table.account.set_aside == {"header": 1, "continuation": 1}


def test_a_byte_that_is_no_utf8_is_counted_even_late_in_the_file(tmp_path: Path) -> None:
    rows = "".join(f"2024-01-01,имя {i},{i}\n" for i in range(20_000))
    content = ("дата,имя,сумма\n" + rows).encode() + b"2024-01-02,\xff\xfe,1\n"
    path = tmp_path / "upload"
    path.write_bytes(content)
    (table,) = read(path, name="late.csv", workdir=tmp_path / "work")
    assert table.how.encoding == "utf-8"
    assert issues_of(table) == {"bad_bytes": 2}
    assert rows_of(table)[-1] == ["2024-01-02", "\ufffd\ufffd", "1"]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251", "utf-16-le"])
def test_a_line_end_on_the_border_of_a_read_is_one_line_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    """Every border in turn falls between the two characters of a line end, or elsewhere."""
    text = "дата;имя;канал\r\n" + "2024-01-01;имя;почта\r\n" * 40
    for size in range(24, 30):
        monkeypatch.setattr(TextFile.blocks, "__kwdefaults__", {"size": size, "preview": False})
        table = read_one(tmp_path, text, encoding=encoding)
        assert rows_of(table) == [["2024-01-01", "имя", "почта"]] * 40
        assert table.account.lines == 41


def test_a_last_value_that_a_line_end_cut_off_goes_back(tmp_path: Path) -> None:
    body = [f"2024-01-01,name {i},{i}" for i in range(40)]
    body[3] = "2024-01-01,name 3,\n3"
    body[39] = "2024-01-01,name 39,\n39"
    table = read_one(tmp_path, "date,name,sum\n" + "\n".join(body) + "\n")
    assert [row[2] for row in rows_of(table)] == [str(i) for i in range(40)]
    assert table.account.set_aside == {"header": 1, "continuation": 2}
    assert issues_of(table) == {"lines_repaired": 2}


def test_a_file_that_ends_in_a_record_keeps_what_is_left_of_it(tmp_path: Path) -> None:
    text = "id,name,date,sum\n1,ann,2024-01-01,10\n2,bob,2024-01-02,20\n\n3,ci"
    table = read_one(tmp_path, text)
    assert rows_of(table)[2] == ["3", "ci", "", ""]
    assert table.account.lines == 5


def test_one_damaged_record_among_its_like_does_not_take_the_next_along(tmp_path: Path) -> None:
    """The second line is written with another delimiter, right after one with a field too many."""
    body = [f"2024-01-{i:02d};имя {i};{i};{i}0" for i in range(1, 20)]
    body[7] = "2024-01-08;имя 8;;8;80"
    body[8] = "2024-01-09,имя 9,9,90"
    table = read_one(tmp_path, "дата;имя;число;сумма\n" + "\n".join(body) + "\n")
    assert rows_of(table)[7:9] == [
        ["2024-01-08", "имя 8", "8", "80"],
        ["2024-01-09", "имя 9", "9", "90"],
    ]
    assert table.records == 19
