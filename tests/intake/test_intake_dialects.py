"""Delimiters, quotes and escapes are found without options."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.intake.made import issues_of, read_one, rows_of

ROWS = [[f"2024-01-0{i}", f"имя {i}", f"{i}0"] for i in range(1, 8)]


@pytest.mark.parametrize(
    "delimiter",
    [
        *(",", ";", "\t", "|", "^", "~", ":", "*", "!", "#", "&", "\x01", "\x1e", "\x1f"),
        *("||", "::", ";;", "~~", "^|^", "~|~"),
    ],
)
@pytest.mark.parametrize("rows", [1, 2, 7])
def test_delimiters(tmp_path: Path, delimiter: str, rows: int) -> None:
    lines = [["дата", "имя", "сумма"], *ROWS[:rows]]
    table = read_one(tmp_path, "".join(delimiter.join(line) + "\n" for line in lines))
    assert table.headers == ("дата", "имя", "сумма")
    assert rows_of(table) == ROWS[:rows]
    assert table.how.delimiter == delimiter


@pytest.mark.parametrize("delimiter", [", ", " ; ", " | ", " , "])
def test_spaces_around_delimiters_are_no_part_of_cells(tmp_path: Path, delimiter: str) -> None:
    lines = [["дата", "имя", "сумма"], *ROWS[:3], ["2024-01-09", f'"а{delimiter}б"', "90"]]
    table = read_one(tmp_path, "".join(delimiter.join(line) + "\n" for line in lines))
    assert table.headers == ("дата", "имя", "сумма")
    assert rows_of(table) == [*ROWS[:3], ["2024-01-09", f"а{delimiter}б", "90"]]
    assert table.how.delimiter == delimiter.strip()


HEAD = "date,name,sum\n"


@pytest.mark.parametrize(
    ("body", "names"),
    [
        # Doubled, escaped, both; a backslash that escapes nothing; a path that ends with one.
        ('2024-01-01,"say ""hi"", bob",10\n2024-01-02,"c",20\n', ['say "hi", bob', "c"]),
        ('2024-01-01,"say \\"hi\\", bob",10\n2024-01-02,"c",20\n', ['say "hi", bob', "c"]),
        (
            '2024-01-01,"say \\"hi\\", a",1\n2024-01-02,"b ""c"", d",2\n',
            ['say "hi", a', 'b "c", d'],
        ),
        ('2024-01-01,"a \\ b",1\n2024-01-02,"\\"c\\"\\\\d",2\n', ["a \\ b", '"c"\\d']),
        ('2024-01-01,"C:\\dir\\",1\n2024-01-02,"C:\\x\\",2\n', ["C:\\dir\\", "C:\\x\\"]),
        # The other quote, and each quote inside the other.
        ("2024-01-01,'a, b',1\n2024-01-02,'it''s, c',2\n", ["a, b", "it's, c"]),
        ("2024-01-01,'it\\'s, b',1\n2024-01-02,'a, b',2\n", ["it's, b", "a, b"]),
        ("2024-01-01,'a \"b\" c, d',1\n2024-01-02,'e, f',2\n", ['a "b" c, d', "e, f"]),
        ('2024-01-01,"it\'s, b",1\n2024-01-02,"c, \'d\'",2\n', ["it's, b", "c, 'd'"]),
        ("2024-01-01,it's,1\n2024-01-02,don't,2\n", ["it's", "don't"]),
        # Quotes that are letters of an unquoted text.
        ('2024-01-01,size 5",1\n2024-01-02,the "big" one,2\n', ['size 5"', 'the "big" one']),
    ],
)
def test_quotes_and_escapes(tmp_path: Path, body: str, names: list[str]) -> None:
    table = read_one(tmp_path, HEAD + body + "2024-01-03,z,3\n")
    assert table.headers == ("date", "name", "sum")
    assert [row[1] for row in rows_of(table)] == [*names, "z"]


def test_delimiters_inside_quoted_names(tmp_path: Path) -> None:
    table = read_one(tmp_path, '"Дата, день";"Имя; клиент"\n2024-01-01;"а, б"\n2024-01-02;"в; г"\n')
    assert table.headers == ("Дата, день", "Имя; клиент")
    assert rows_of(table) == [["2024-01-01", "а, б"], ["2024-01-02", "в; г"]]


@pytest.mark.parametrize(
    ("text", "header", "rows"),
    [
        ("email\na@example.com\nb@example.com\n", "email", ["a@example.com", "b@example.com"]),
        ("id\n12\n13\n14\n", "id", ["12", "13", "14"]),
        ("12:30:05\n12:31:05\n12:32:05\n", "1", ["12:30:05", "12:31:05", "12:32:05"]),
        ("https://a.ru/x\nhttps://b.ru/y\n", "1", ["https://a.ru/x", "https://b.ru/y"]),
        ('"Анна, мл."\n"Пётр"\n"Ольга, ст."\n', "1", ["Анна, мл.", "Пётр", "Ольга, ст."]),
    ],
)
def test_a_single_column_is_not_divided(
    tmp_path: Path, text: str, header: str, rows: list[str]
) -> None:
    table = read_one(tmp_path, text)
    assert table.headers == (header,)
    assert [row[0] for row in rows_of(table)] == rows
    assert table.how.delimiter is None


@pytest.mark.parametrize("odd", ["a\tb", "a\x0cb", "a\x0bb", "a\u2028b", "a\u2029b", "a\u00a0b"])
def test_what_only_looks_like_a_line_end_or_a_delimiter_stays_in_its_cell(
    tmp_path: Path, odd: str
) -> None:
    table = read_one(tmp_path, f"date;name;sum\n2024-01-01;{odd};1\n2024-01-02;c;2\n")
    assert rows_of(table) == [["2024-01-01", odd, "1"], ["2024-01-02", "c", "2"]]
    assert table.account.lines == 3


def test_a_return_alone_stays_in_its_cell_among_other_line_ends(tmp_path: Path) -> None:
    text = 'date;name;sum\r\n2024-01-01;"a\rb";1\r\n2024-01-02;c;2\r\n2024-01-03;d;3\r\n'
    table = read_one(tmp_path, text)
    assert [row[1] for row in rows_of(table)] == ["a\rb", "c", "d"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
@pytest.mark.parametrize("other", ["\n", "\r\n", "\r"])
def test_line_ends_of_two_kinds(tmp_path: Path, end: str, other: str) -> None:
    lines = [";".join(row) for row in [["дата", "имя", "сумма"], *ROWS]]
    text = "".join(line + (other if i in {2, 5} else end) for i, line in enumerate(lines))
    table = read_one(tmp_path, text)
    assert rows_of(table) == ROWS
    assert table.account.lines == 8


@pytest.mark.parametrize(
    ("content", "records", "issue"),
    [
        ('a;b;c\n2024-01-01;x;1\n2024-01-02;y;2\n2024-01-03;z;"3\n', 3, "lines_repaired"),
        ('a;b;c\n2024-01-01;x;1\n2024-01-02;y;2\n2024-01-03;z;"', 3, "lines_repaired"),
        ('a;b;c\n2024-01-01;"x;1\n2024-01-02;y;2\n2024-01-03;"z;3\n', 3, "lines_repaired"),
        ('a;b;c\n2024-01-01;x;1\n2024-01-02;"y;2\n2024-01-03;"z;3\n', 3, "lines_repaired"),
    ],
)
def test_quotes_that_never_close_swallow_nothing(
    tmp_path: Path, content: str, records: int, issue: str
) -> None:
    table = read_one(tmp_path, content)
    assert [row[0] for row in rows_of(table)] == [f"2024-01-0{i + 1}" for i in range(records)]
    assert "".join(row[1] for row in rows_of(table)) == "xyz"
    assert issue in issues_of(table)


def test_a_quote_that_opens_early_in_a_long_file_swallows_nothing(tmp_path: Path) -> None:
    rows = [f"2024-01-{i % 28 + 1:02d};имя {i};{i}" for i in range(120_000)]
    rows[3] = '2024-01-04;"имя 3;3'
    rows[90_000] = '2024-01-04;имя "90000;90000'
    table = read_one(tmp_path, "дата;имя;сумма\n" + "\n".join(rows) + "\n")
    assert [row[2] for row in rows_of(table)] == [str(i) for i in range(120_000)]
    assert issues_of(table) == {"lines_repaired": 2}


def test_ragged_rows_are_padded_and_never_cut(tmp_path: Path) -> None:
    text = "date;name;sum\n2024-01-01;a\n2024-01-02;b;20;x\n2024-01-03;c;30\n2024-01-04;d;40;\n"
    table = read_one(tmp_path, text)
    rows = rows_of(table)
    assert [row[:2] for row in rows] == [["2024-01-0" + str(i), "abcd"[i - 1]] for i in range(1, 5)]
    assert "x" in "".join(rows[1])
    assert table.account.lines == 5
