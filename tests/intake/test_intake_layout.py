"""Headers, totals and columns: what is set aside, and what must never be."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest

from crm_metrics.errors import InputError
from crm_metrics.intake import read
from tests.intake.made import issues_of, read_one, rows_of

DATA = Path(__file__).parent.parent / "data"


@pytest.mark.parametrize(
    ("name", "records", "delimiter"),
    [
        ("facebook_posts.csv", 500, ";"),
        ("bank_calls.csv", 4119, ";"),
        ("carpentries_nps_survey_2017.csv", 476, ","),
        ("saas_deals.csv", 895, ","),
    ],
)
def test_public_files_equal_the_plain_reader(
    tmp_path: Path, name: str, records: int, delimiter: str
) -> None:
    (table,) = read(DATA / name, workdir=tmp_path)
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        head, *body = csv.reader(file, delimiter=delimiter)
    assert table.records == len(body) == records
    assert list(table.headers) == head
    assert rows_of(table) == body
    assert table.account.set_aside == {"header": 1}
    assert table.issues == ()


def test_orders_lined_up_with_spaces_have_no_header(tmp_path: Path) -> None:
    (table,) = read(DATA / "cdnow_orders_sample.txt", workdir=tmp_path)
    expected = pd.read_csv(DATA / "cdnow_orders_sample.txt", sep=r"\s+", header=None, dtype=str)
    assert table.headers == ("1", "2", "3", "4", "5")
    assert table.records == 6919
    assert rows_of(table) == expected.to_numpy().tolist()
    assert table.account.set_aside == {}
    assert table.how.header_lines == ()


def test_the_parquet_keeps_the_source_lines(tmp_path: Path) -> None:
    table = read_one(
        tmp_path, 'note\n\nname,sum,date\na,1,2024-01-01\n"b\nc",2,2024-01-02\nd,3,2024-01-03\n'
    )
    lines = pd.read_parquet(table.path)["__line"].tolist()
    assert lines == [4, 5, 7]
    assert list(pd.read_parquet(table.path).columns) == ["c0", "c1", "c2", "__line"]


@pytest.mark.parametrize(
    ("text", "delimiter", "quote"),
    [
        ("name|sum|date\na b|1|2024-01-01\nc d|2|2024-01-02\n", "|", '"'),
        ("name\tsum\tdate\na, b\t1,5\t2024-01-01\nc, d\t2,5\t2024-01-02\n", "\t", '"'),
        ("name;sum;date\na, b;1,5;2024-01-01\nc, d;2,5;2024-01-02\n", ";", '"'),
        ("'name','sum','date'\n'a, b','1','2024-01-01'\n'c, d','2','2024-01-02'\n", ",", "'"),
    ],
)
def test_dialects(tmp_path: Path, text: str, delimiter: str, quote: str) -> None:
    table = read_one(tmp_path, text)
    assert (table.how.delimiter, table.how.quote) == (delimiter, quote)
    assert table.headers == ("name", "sum", "date")
    assert table.records == 2


def test_columns_lined_up_by_runs_of_spaces_keep_inner_spaces(tmp_path: Path) -> None:
    text = (
        "Campaign name   Sent   Date\n"
        "Spring sale     1200   2024-03-01\n"
        "May news        40     2024-05-01\n"
    )
    table = read_one(tmp_path, text)
    assert table.headers == ("Campaign name", "Sent", "Date")
    assert rows_of(table)[1] == ["May news", "40", "2024-05-01"]


def test_a_single_column(tmp_path: Path) -> None:
    table = read_one(tmp_path, "email\na@example.com\nb@example.com\n")
    assert table.headers == ("email",)
    assert rows_of(table) == [["a@example.com"], ["b@example.com"]]


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "cp866", "utf-16-le", "utf-8-sig"])
def test_russian_encodings(tmp_path: Path, encoding: str) -> None:
    text = (
        "Дата;Канал;Комментарий\n"
        "2024-01-01;Рассылка;Подъём, щука и жёлтый цвет\n"
        "2024-01-02;Поиск;нет\n"
    )
    table = read_one(tmp_path, text, encoding=encoding)
    assert table.how.encoding == encoding
    assert table.headers == ("Дата", "Канал", "Комментарий")
    assert rows_of(table)[0][2] == "Подъём, щука и жёлтый цвет"
    assert issues_of(table).get("encoding_guessed", 0) == (encoding != "utf-8-sig")


def test_western_encoding(tmp_path: Path) -> None:
    text = "date;name;city\n2024-01-01;José Muñoz;Köln\n2024-01-02;Zoë – “Z”;Genève\n"
    table = read_one(tmp_path, text, encoding="cp1252")
    assert table.how.encoding == "cp1252"
    assert rows_of(table)[1] == ["2024-01-02", "Zoë – “Z”", "Genève"]


def test_old_mac_line_ends(tmp_path: Path) -> None:
    table = read_one(tmp_path, "name,sum\ra,1\rb,2\r")
    assert table.account.lines == 3
    assert rows_of(table) == [["a", "1"], ["b", "2"]]


def test_a_record_named_like_a_total_stays(tmp_path: Path) -> None:
    table = read_one(tmp_path, "Campaign,Sent\nTotal Wine,5\nSpring,10\nTotal,7\n")
    assert [row[0] for row in rows_of(table)] == ["Total Wine", "Spring", "Total"]
    assert issues_of(table) == {"total_kept": 1}


@pytest.mark.parametrize("word", ["Total", "TOTAL:", "Итого", "Всего", "Grand Total", "итого:"])
def test_a_total_that_adds_up_is_set_aside(tmp_path: Path, word: str) -> None:
    body = "Весна;10;1 500,50\nЛето;20;499,50\n"
    last = read_one(tmp_path, f"Кампания;Клики;Расход\n{body}{word};30;2 000,00\n")
    assert last.records == 2
    assert last.account.set_aside == {"header": 1, "total": 1}
    first = read_one(tmp_path, f"Кампания;Клики;Расход\n{word};30;2 000,00\n{body}")
    assert first.records == 2
    assert rows_of(first) == rows_of(last)


def test_a_total_in_the_column_of_dates_needs_no_sum(tmp_path: Path) -> None:
    text = "Дата;CTR\n01.02.2024;1,5\n02.02.2024;2,5\nИтого;2\n"
    table = read_one(tmp_path, text)
    assert table.account.set_aside == {"header": 1, "total": 1}


def test_years_and_scores_can_be_headers(tmp_path: Path) -> None:
    table = read_one(tmp_path, "Channel,2022,2023,2024\nEmail,10,20,30\nAds,40,50,60\n")
    assert table.headers == ("Channel", "2022", "2023", "2024")
    assert table.records == 2


def test_a_table_of_words_takes_its_first_row_for_the_header(tmp_path: Path) -> None:
    table = read_one(tmp_path, "Name;City;Status\nAnn;Paris;won\nBob;Rome;lost\n")
    assert table.headers == ("Name", "City", "Status")


def test_no_header_where_the_first_row_is_like_the_others(tmp_path: Path) -> None:
    table = read_one(tmp_path, "2024-01-01,ann,5\n2024-01-02,bob,6\n2024-01-03,cat,7\n")
    assert table.headers == ("1", "2", "3")
    assert table.records == 3


def test_empty_and_repeated_names(tmp_path: Path) -> None:
    table = read_one(tmp_path, "Name,,Sum,Sum,Sum (2)\na,x,1,2,3\nb,y,4,5,6\n")
    assert table.headers == ("Name", "Column 2", "Sum", "Sum (3)", "Sum (2)")
    assert issues_of(table) == {"duplicate_headers": 1, "empty_headers": 1}


def test_header_with_a_line_break(tmp_path: Path) -> None:
    table = read_one(tmp_path, '"Send\nDate",Name\n2024-01-01,a\n2024-01-02,b\n')
    assert table.headers == ("Send Date", "Name")
    assert table.how.header_lines == (1, 2)
    assert table.account.set_aside == {"header": 2}


def test_rows_shorter_than_the_header_are_whole(tmp_path: Path) -> None:
    table = read_one(tmp_path, "date,name,note\n2024-01-01,a\n2024-01-02,b\n2024-01-03,c,x\n")
    assert [row[2] for row in rows_of(table)] == ["", "", "x"]
    assert table.issues == ()


def test_a_total_is_found_where_the_header_is_wider_than_the_rows(tmp_path: Path) -> None:
    text = "date,sum,note,more\n" + "".join(f"2024-01-0{i},{i}\n" for i in range(1, 5))
    table = read_one(tmp_path, text + "Total,10\n")
    assert table.account.set_aside == {"header": 1, "total": 1}
    assert rows_of(table)[3] == ["2024-01-04", "4", "", ""]


def test_only_headers_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_one(tmp_path, "date,name,note\n")
    assert caught.value.params == {"file": "file.csv"}


def test_the_examples_are_bounded(tmp_path: Path) -> None:
    body = "".join(f"2024-01-01,{i}\n\n" for i in range(1_500))
    table = read_one(tmp_path, "date,sum\n" + body)
    assert table.account.set_aside == {"header": 1, "blank": 1_500}
    assert len(table.account.examples) == 101


def test_totals_between_records_are_set_aside(tmp_path: Path) -> None:
    """Of each region, then of all: every record would count three times."""
    text = (
        "Region,Campaign,Sent,Delivered\n"
        "North,a,10,9\nNorth,b,20,19\nTotal North,,30,28\nSouth,c,5,5\nTotal South,,5,5\n"
        "Total,,35,33\n"
    )
    table = read_one(tmp_path, text)
    assert [row[1] for row in rows_of(table)] == ["a", "b", "c"]
    assert table.account.set_aside == {"header": 1, "total": 3}
    assert [(item.line, item.text) for item in table.account.examples if item.line > 1] == [
        (4, "Total North | 30 | 28"),
        (6, "Total South | 5 | 5"),
        (7, "Total | 35 | 33"),
    ]


def test_a_total_of_an_earlier_report_in_a_column_of_dates_is_set_aside(tmp_path: Path) -> None:
    days = "".join(f"2024-02-{day:02d};{day};{day}\n" for day in range(1, 29))
    text = f"Дата;Отправлено;Доставлено\n2024-01-01;1;1\nИтого;1;1\n{days}Итого;406;406\n"
    table = read_one(tmp_path, text)
    assert table.records == 29
    assert table.account.set_aside == {"header": 1, "total": 2}


@pytest.mark.parametrize(
    "row", ["Total Wine,x,30,28", "Total Wine,,31,27", "Totally new,,30,28", "Wine,,30,28"]
)
def test_a_record_between_others_is_no_total(tmp_path: Path, row: str) -> None:
    """It fills what the others fill, is no sum, or is not called a total."""
    text = f"Brand,Note,Sent,Delivered\nA,x,10,9\nB,x,20,19\n{row}\n" + "C,x,7,5\n" * 20
    assert read_one(tmp_path, text).records == 23


def test_a_lone_sum_below_two_columns_is_a_total(tmp_path: Path) -> None:
    table = read_one(tmp_path, "Day Index,Sessions\n10/1/20,100\n10/2/20,101\n,201\n")
    assert table.account.set_aside == {"header": 1, "total": 1}
    table = read_one(tmp_path, "Day Index,Sessions\n10/1/20,100\n10/2/20,101\n,77\n")
    assert table.records == 3


def test_names_over_groups_of_columns_are_joined_to_those_below(tmp_path: Path) -> None:
    text = "Дата;Email;;SMS\n;Отправлено;Клики;Отправлено\n2024-03-01;10;1;5\n2024-03-02;20;2;6\n"
    table = read_one(tmp_path, text)
    assert table.headers == ("Дата", "Email / Отправлено", "Email / Клики", "SMS / Отправлено")
    assert table.how.header_lines == (1, 2)
    assert issues_of(table) == {}


def test_a_line_of_words_over_a_whole_header_is_no_part_of_it(tmp_path: Path) -> None:
    text = "Отчёт;Март;\nДата;Отправлено;Клики\n2024-03-01;10;1\n2024-03-02;20;2\n"
    table = read_one(tmp_path, text)
    assert table.headers == ("Дата", "Отправлено", "Клики")
    assert table.preamble == ("Отчёт Март",)


def test_a_header_without_the_delimiters_that_end_every_record(tmp_path: Path) -> None:
    text = "Date;Sent;Delivered\n2024-01-01;1;1;;\n2024-01-02;2;2;;\n2024-01-03;3;2;;\n"
    table = read_one(tmp_path, text)
    assert table.headers == ("Date", "Sent", "Delivered", "Column 4", "Column 5")
    assert rows_of(table)[2] == ["2024-01-03", "3", "2", "", ""]
    assert issues_of(table) == {"empty_headers": 2}
