"""One to three header rows, units, rules, names: which rows name the columns, and how."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.intake.made import issues_of, read_one, rows_of

DAYS = "2024-03-01;107;11;3,50\n2024-03-02;114;12;6,50\n2024-03-03;121;13;9,50\n"


@pytest.mark.parametrize(
    "units", [";шт.;%;руб.", "дд.мм.гггг;шт.;%;руб.", ";(шт.);(%);(руб.)", "-;шт.;%;руб."]
)
def test_a_row_of_units_goes_to_the_names(tmp_path: Path, units: str) -> None:
    table = read_one(tmp_path, f"Дата;Показы;CTR;Расход\n{units}\n{DAYS}")
    assert table.headers == ("Дата", "Показы (шт.)", "CTR (%)", "Расход (руб.)")
    assert table.account.set_aside == {"header": 2}
    assert table.records == 3


def test_units_in_a_table_of_names_and_numbers(tmp_path: Path) -> None:
    text = "Campaign,Sent,Open rate,Cost, USD\n,pcs,%,\nSpring,100,1.5,500,\nSummer,200,2.5,700,\n"
    table = read_one(tmp_path, text)
    assert table.headers[:3] == ("Campaign", "Sent (pcs)", "Open rate (%)")
    assert table.records == 2


def test_a_unit_that_the_name_has_already_is_not_said_twice(tmp_path: Path) -> None:
    text = f"Дата;Показы;CTR, %;Расход, руб.\n;шт.;%;руб.\n{DAYS}"
    assert read_one(tmp_path, text).headers == ("Дата", "Показы (шт.)", "CTR, %", "Расход, руб.")


def test_a_record_without_values_is_no_row_of_units(tmp_path: Path) -> None:
    table = read_one(tmp_path, f"Дата;Показы;CTR;Расход\n2024-02-29;-;-;-\n{DAYS}")
    assert table.records == 4


def test_three_rows_name_groups_in_groups(tmp_path: Path) -> None:
    text = (
        "Дата,Email,,,SMS,,\n,Март,,Апрель,Март,,Апрель\n"
        ",Отправлено,Открыто,Клики,Отправлено,Доставлено,Клики\n"
        "2024-03-01,10,2,1,5,4,1\n2024-03-02,20,3,1,6,5,1\n"
    )
    table = read_one(tmp_path, text)
    assert table.headers == (
        *("Дата", "Email / Март / Отправлено", "Email / Март / Открыто"),
        *("Email / Апрель / Клики", "SMS / Март / Отправлено", "SMS / Март / Доставлено"),
        "SMS / Апрель / Клики",
    )
    assert table.account.set_aside == {"header": 3}
    assert issues_of(table) == {}


def test_a_name_merged_over_both_rows_is_said_once(tmp_path: Path) -> None:
    text = (
        "Дата,Email,,SMS,\nДата,Отправлено,Открыто,Доставлено,Клики\n"
        "2024-03-01,10,2,5,1\n2024-03-02,20,3,6,1\n"
    )
    assert read_one(tmp_path, text).headers == (
        *("Дата", "Email / Отправлено", "Email / Открыто", "SMS / Доставлено", "SMS / Клики"),
    )


def test_groups_over_names_over_units(tmp_path: Path) -> None:
    text = (
        "Дата,Email,,SMS,\n,Отправлено,Открыто,Отправлено,Клики\n,шт.,%,шт.,%\n"
        "2024-03-01,10,2,5,1\n2024-03-02,20,3,6,1\n"
    )
    table = read_one(tmp_path, text)
    assert table.headers[1:3] == ("Email / Отправлено (шт.)", "Email / Открыто (%)")
    assert table.account.set_aside == {"header": 3}


def test_a_line_as_wide_as_the_header_with_a_number_in_it_is_preamble(tmp_path: Path) -> None:
    text = (
        "Report,March,2024,Anna,EUR\nDate,Sent,Opened,Clicks,Cost\n"
        "2024-03-01,10,2,1,5.5\n2024-03-02,20,5,1,6.5\n2024-03-03,20,5,1,7.5\n"
    )
    table = read_one(tmp_path, text)
    assert table.headers == ("Date", "Sent", "Opened", "Clicks", "Cost")
    assert table.preamble == ("Report March 2024 Anna EUR",)


def test_a_preamble_of_names_and_values_that_a_spreadsheet_padded(tmp_path: Path) -> None:
    text = (
        "Report:,Emails,,,\nPeriod:,2024-03-01 - 2024-03-31,,,\nRows:,3,,,\n"
        "Date,Sent,Opened,Clicks,Cost\n"
        "2024-03-01,10,2,1,5.5\n2024-03-02,20,5,1,6.5\n2024-03-03,20,5,1,7.5\n"
    )
    table = read_one(tmp_path, text)
    assert table.headers == ("Date", "Sent", "Opened", "Clicks", "Cost")
    assert table.preamble == ("Report: Emails", "Period: 2024-03-01 - 2024-03-31", "Rows: 3")


def test_a_ruled_line_belongs_to_the_header(tmp_path: Path) -> None:
    text = "Name,Created,Sum\n----,----------,---\nAnn,2024-01-01,5\nBob,2024-01-02,6\n"
    table = read_one(tmp_path, text)
    assert rows_of(table) == [["Ann", "2024-01-01", "5"], ["Bob", "2024-01-02", "6"]]
    assert table.account.set_aside == {"header": 2}
    psql = " name | created    | sum\n------+------------+-----\n Ann  | 2024-01-01 |   5\n"
    table = read_one(tmp_path, psql + " Bob  | 2024-01-02 |   6\n(2 rows)\n")
    assert table.headers == ("name", "created", "sum")
    assert table.account.set_aside == {"header": 2, "footer": 1}
    assert table.issues == ()


def test_two_header_rows_that_are_repeated_are_set_aside_both(tmp_path: Path) -> None:
    head = "Дата;Email;;SMS\n;Отправлено;Клики;Отправлено\n"
    text = f"{head}2024-03-01;10;1;5\n2024-03-02;20;2;6\n{head}2024-03-03;10;1;5\n"
    table = read_one(tmp_path, text)
    assert table.headers == ("Дата", "Email / Отправлено", "Email / Клики", "SMS / Отправлено")
    assert [row[0] for row in rows_of(table)] == ["2024-03-01", "2024-03-02", "2024-03-03"]
    assert table.account.set_aside == {"header": 4}


def test_a_repeated_header_is_known_in_any_case(tmp_path: Path) -> None:
    body = "2024-03-01,10,2\n2024-03-02,20,5\n"
    table = read_one(tmp_path, f"Date,Sent,Opened\n{body}DATE,sent ,Opened\n{body}")
    assert table.records == 4
    assert table.account.set_aside == {"header": 2}


@pytest.mark.parametrize(
    "text",
    [
        "Ann,Paris,won\nBob,Rome,lost\nCat,Oslo,won\nDan,Paris,won\n",
        "Ann,Paris,won\nBob,Rome,lost\nCat,Oslo,won\nDan,Paris,won\n" * 6,
    ],
)
def test_words_whose_first_row_repeats_below_have_no_header(tmp_path: Path, text: str) -> None:
    table = read_one(tmp_path, text)
    assert table.headers == ("1", "2", "3")
    assert table.records == text.count("\n")


def test_a_choice_that_its_column_repeats_is_a_header(tmp_path: Path) -> None:
    text = "Name,Lenovo,HP,Other\nAnn,Lenovo,,\nBob,,HP,\nCat,Lenovo,,Other\n"
    assert read_one(tmp_path, text).headers == ("Name", "Lenovo", "HP", "Other")


def test_two_years_name_columns_but_two_numbers_do_not(tmp_path: Path) -> None:
    table = read_one(tmp_path, "Channel,2023,2024\nEmail,10,20\nAds,40,50\n")
    assert table.headers == ("Channel", "2023", "2024")
    table = read_one(tmp_path, "Email,2023,2024\nAds,2022,2023\nSMS,2021,2024\n")
    assert table.records == 3


def test_names_lose_tags_but_no_comparison(tmp_path: Path) -> None:
    text = (
        '"<b>Score</b>","<p>Name &amp; surname</p>","Cost, €","Share <10%>"\n9,Ann,5,6\n8,Bob,6,7\n'
    )
    table = read_one(tmp_path, text)
    assert table.headers == ("Score", "Name & surname", "Cost, €", "Share <10%>")


def test_a_row_that_numbers_the_columns_is_no_record(tmp_path: Path) -> None:
    text = "Дата;Показы;Клики\n1;2;3\n01.03.2024;10;2\n02.03.2024;20;5\n"
    table = read_one(tmp_path, text)
    assert table.headers == ("Дата", "Показы", "Клики")
    assert table.account.set_aside == {"header": 2}
    kept = read_one(tmp_path, "a;b;c\n1;2;3\n4;5;6\n7;8;9\n")
    assert kept.records == 3


@pytest.mark.parametrize("steps", [("01.03.2024", "02.03.2024"), ("2023", "2024")])
def test_dates_may_divide_groups_of_columns(tmp_path: Path, steps: tuple[str, str]) -> None:
    one, two = steps
    text = f"Кампания;Показы;;Клики;\n;{one};{two};{one};{two}\nВесна;10;20;1;2\nЛето;30;40;3;4\n"
    table = read_one(tmp_path, text)
    assert table.headers == (
        *("Кампания", f"Показы / {one}", f"Показы / {two}"),
        *(f"Клики / {one}", f"Клики / {two}"),
    )
    assert table.records == 2


def test_a_column_may_hold_its_own_name_among_others(tmp_path: Path) -> None:
    text = "Name,Channel,Plan,Other\nAnn,Email,pro,Other\nBob,SMS,free,no\nCat,Email,pro,Other\n"
    table = read_one(tmp_path, text)
    assert table.headers == ("Name", "Channel", "Plan", "Other")
