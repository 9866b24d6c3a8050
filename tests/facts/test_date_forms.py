"""Dates and timestamps in every form that exports use."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from tests.facts.made import parsed, values_of

D = datetime


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["2024-03-05 09:30:00", "2024-03-05"], [D(2024, 3, 5, 9, 30), D(2024, 3, 5)]),
        (["2025-08-01T00:00:00", "2025-08-01T09:30"], [D(2025, 8, 1), D(2025, 8, 1, 9, 30)]),
        (["2024-04-02T08:00:00Z", "2024-04-02T08:00:00.5Z"],
         [D(2024, 4, 2, 8), D(2024, 4, 2, 8, 0, 0, 500000)]),
        (["2024-03-15 18:42 +0000", "2024-03-15 18:42 +0300", "2024-03-15 00:12 -05:30"],
         [D(2024, 3, 15, 18, 42), D(2024, 3, 15, 15, 42), D(2024, 3, 15, 5, 42)]),
        (["2024-03-01 10:15:30.123456 +0000 UTC"], [D(2024, 3, 1, 10, 15, 30, 123456)]),
        (["2024/03/05", "2024/3/5 7:01"], [D(2024, 3, 5), D(2024, 3, 5, 7, 1)]),
        (["2024.03.05", "2024.03.05 10:00"], [D(2024, 3, 5), D(2024, 3, 5, 10)]),
        (["31.08.2026 23:50:30", "1.9.2026", "01.09.26", "05.09.2026 7:05"],
         [D(2026, 8, 31, 23, 50, 30), D(2026, 9, 1), D(2026, 9, 1), D(2026, 9, 5, 7, 5)]),
        (["31/08/2026", "01/09/2026 10:00"], [D(2026, 8, 31), D(2026, 9, 1, 10)]),
        (["12-04-2022 09:30", "25-04-2022 10:00"], [D(2022, 4, 12, 9, 30), D(2022, 4, 25, 10)]),
        (["4/30/21 6:04", "09/27/2026 18:30", "03/15/2024 10:05 am", "03/15/2024 10:05:06 PM"],
         [D(2021, 4, 30, 6, 4), D(2026, 9, 27, 18, 30), D(2024, 3, 15, 10, 5),
          D(2024, 3, 15, 22, 5, 6)]),
        (["Jun 09, 2018 09:30 pm", "Apr 3, 2024", "May 1, 2024 12:00 am"],
         [D(2018, 6, 9, 21, 30), D(2024, 4, 3), D(2024, 5, 1)]),
        (["Mon, Apr 26, 2021 12:25"], [D(2021, 4, 26, 12, 25)]),
        (["June 9, 2018", "September 30, 2018 at 9:05 p.m.", "Sept 3, 2018"],
         [D(2018, 6, 9), D(2018, 9, 30, 21, 5), D(2018, 9, 3)]),
        (["9 June 2018", "09-Jun-2018", "9 Jun 2018 14:05:00", "3rd March 2020"],
         [D(2018, 6, 9), D(2018, 6, 9), D(2018, 6, 9, 14, 5), D(2020, 3, 3)]),
        (["March 5, 2024 9:30 am EST"], [D(2024, 3, 5, 9, 30)]),
        (["12 марта 2025", "1 мая 2025 г.", "30 сентября 2025 г., 14:05", "2 янв. 2025 в 9:00",
          "7 фев 2025", "Вт, 8 апр 2025"],
         [D(2025, 3, 12), D(2025, 5, 1), D(2025, 9, 30, 14, 5), D(2025, 1, 2, 9),
          D(2025, 2, 7), D(2025, 4, 8)]),
        (["воскресенье, 9 марта 2025", "среда, 12 марта 2025"], [D(2025, 3, 9), D(2025, 3, 12)]),
        (["20260101", "20251231"], [D(2026, 1, 1), D(2025, 12, 31)]),
        (["2026010115", "2025123123"], [D(2026, 1, 1, 15), D(2025, 12, 31, 23)]),
        (["46289", "45352.5"], [D(2026, 9, 24), D(2024, 3, 1, 12)]),
        (["1709251200", "1709251201.5"], [D(2024, 3, 1), D(2024, 3, 1, 0, 0, 1, 500000)]),
        (["1709251200000"], [D(2024, 3, 1)]),
        (["2025-09-01 - 2025-09-30", "2025-10-01 – 2025-10-31"], [D(2025, 9, 1), D(2025, 10, 1)]),
        (["2009-12-28,2010-01-03"], [D(2009, 12, 28)]),
        (["01.09.2025 - 30.09.2025", "13.10.2025-31.10.2025"], [D(2025, 9, 1), D(2025, 10, 13)]),
        (["2025-09", "2025-10"], [D(2025, 9, 1), D(2025, 10, 1)]),
        (["09.2025", "Oct 2025", "ноябрь 2025"], [D(2025, 9, 1), D(2025, 10, 1), D(2025, 11, 1)]),
        (["мар. 25", "дек. 24", "Янв 25 г."], [D(2025, 3, 1), D(2024, 12, 1), D(2025, 1, 1)]),
        (["Mar-25", "Dec-24", "янв-25", "Jan '25"],
         [D(2025, 3, 1), D(2024, 12, 1), D(2025, 1, 1), D(2025, 1, 1)]),
        (["Январь 2025 г.", "Сентябрь 2025 года", "МАЙ 2025", "2025 Март"],
         [D(2025, 1, 1), D(2025, 9, 1), D(2025, 5, 1), D(2025, 3, 1)]),
        (["01/2025", "12/2025"], [D(2025, 1, 1), D(2025, 12, 1)]),
        (["2025/01", "2025.02", "202503"], [D(2025, 1, 1), D(2025, 2, 1), D(2025, 3, 1)]),
        (["Q1 2025", "2025-Q3", "Q2'25", "4Q 2025"],
         [D(2025, 1, 1), D(2025, 7, 1), D(2025, 4, 1), D(2025, 10, 1)]),
        (["1 кв. 2025", "IV квартал 2025 г.", "II кв. 2025", "3-й квартал 2025 года"],
         [D(2025, 1, 1), D(2025, 10, 1), D(2025, 4, 1), D(2025, 7, 1)]),
        (["2025-W05", "2025W06"], [D(2025, 1, 27), D(2025, 2, 3)]),
        (["5 февр. 2024 г., 14:03", "12 мар 2025 г.", "5 марта 2024 года в 14:03"],
         [D(2024, 2, 5, 14, 3), D(2025, 3, 12), D(2024, 3, 5, 14, 3)]),
        (["12-мар-2025", "05-янв-25", "12 мар. 25"],
         [D(2025, 3, 12), D(2025, 1, 5), D(2025, 3, 12)]),
        (["March 5, 2024 9:30 am UTC", "March 5, 2024 9:30 pm GMT"],
         [D(2024, 3, 5, 9, 30), D(2024, 3, 5, 21, 30)]),
        (["2024-03-05 9:30 AM", "2024-03-05 09:30:00 PM", "2024/03/05, 1:05 pm"],
         [D(2024, 3, 5, 9, 30), D(2024, 3, 5, 21, 30), D(2024, 3, 5, 13, 5)]),
        (["3/5/2024, 9:30:00 AM", "3/25/2024, 9:30:00 PM"],
         [D(2024, 3, 5, 9, 30), D(2024, 3, 25, 21, 30)]),
        (["2024-03-01 10:15:30.123456789 +0300 MSK m=+0.001"],
         [D(2024, 3, 1, 7, 15, 30, 123456)]),
        (["2024-03-01T10:15:30+03:00", "2024-03-01T10:15:30+03", "2024-03-01T10:15:30-0130"],
         [D(2024, 3, 1, 7, 15, 30), D(2024, 3, 1, 7, 15, 30), D(2024, 3, 1, 11, 45, 30)]),
        (["2024-03-05T10:15:30.5+00:00[UTC]"], [D(2024, 3, 5, 10, 15, 30, 500000)]),
        (["Fri, 01 Mar 2024 10:15:30 +0300", "Fri, 1 Mar 2024 10:15:30 GMT"],
         [D(2024, 3, 1, 7, 15, 30), D(2024, 3, 1, 10, 15, 30)]),
        (["Fri Mar 01 10:15:30 2024", "Fri Mar 01 10:15:30 +0300 2024"],
         [D(2024, 3, 1, 10, 15, 30), D(2024, 3, 1, 7, 15, 30)]),
        (["Fri Mar 01 2024 10:15:30 GMT+0300 (Moscow Standard Time)"],
         [D(2024, 3, 1, 7, 15, 30)]),
        (["01.03.2024 10:15:30 (UTC+3)", "25.03.2024 10:15 GMT-05:30"],
         [D(2024, 3, 1, 7, 15, 30), D(2024, 3, 25, 15, 45)]),
        (["1709251200000.0", "1709251200000"], [D(2024, 3, 1)] * 2),
        (["1709251200000000"], [D(2024, 3, 1)]),
        (["45352,5", "45352.0"], [D(2024, 3, 1, 12), D(2024, 3, 1)]),
        (["12/31/99", "01/25/24"], [D(1999, 12, 31), D(2024, 1, 25)]),
        ([f"24-03-{day:02d}" for day in range(1, 10)], [D(2024, 3, day) for day in range(1, 10)]),
    ],
)  # fmt: skip
def test_forms(tmp_path: Path, cells: list[str], expected: list[datetime]):
    values, facts = parsed(tmp_path, cells, "sent_at", "campaigns")
    assert values == expected
    assert facts.failed == 0
    assert values_of(facts, "date") == [stamp.date() for stamp in expected]
    assert facts.period == (min(expected).date(), max(expected).date())


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["2025-09-01 - 2025-09-30", "2025-10-01 – 2025-10-31"], [(9, 1), (10, 1)]),
        (["2025-09-01 to 2025-09-30", "2025-09-01/2025-09-30", "2025-10-01..2025-10-31"],
         [(9, 1), (9, 1), (10, 1)]),
        (["с 01.09.2025 по 30.09.2025"], [(9, 1)]),
        (["20250901-20250930"], [(9, 1)]),
        (["01.09.2025 00:00 - 30.09.2025 23:59"], [(9, 1)]),
        (["Sep 1, 2025 - Sep 30, 2025", "October 1, 2025 – October 31, 2025"], [(9, 1), (10, 1)]),
        (["Sep 1 - 30, 2025", "Sep 29 – Oct 5, 2025"], [(9, 1), (9, 29)]),
        (["1 сентября 2025 - 30 сентября 2025 г.", "1–7 сентября 2025", "29 авг. - 4 сен. 2025"],
         [(9, 1), (9, 1), (8, 29)]),
    ],
)  # fmt: skip
def test_of_a_range_the_first_day_is_taken_and_told(
    tmp_path: Path, cells: list[str], expected: list[tuple[int, int]]
):
    values, facts = parsed(tmp_path, cells, "date", "campaigns")
    assert values == [date(2025, month, day) for month, day in expected]
    assert [issue.code for issue in facts.issues] == ["date_ranges"]


@pytest.mark.parametrize(
    "mark",
    ["", "-", "—", "Lifetime", "lifetime ", "n/a", "(not set)", "Не определено", "Никогда", "Never",
     "0000-00-00", "0000-00-00 00:00:00", "00.00.0000"],
)  # fmt: skip
def test_what_says_that_there_is_no_date_is_missing(tmp_path: Path, mark: str):
    values, facts = parsed(tmp_path, ["01.03.2024", mark, "25.03.2024"], "date", "campaigns")
    assert values == [date(2024, 3, 1), None, date(2024, 3, 25)]
    assert facts.failed == 0


def test_an_order_that_contradicts_the_mapping_is_told(tmp_path: Path):
    cells = ["25/04/2024", "26/04/2024", "05/04/2024"]
    values, facts = parsed(tmp_path, cells, "date", "campaigns", date_order="mdy")
    assert values == [None, None, date(2024, 5, 4)]
    assert {"date_order_mixed", "columns_unread"} <= {issue.code for issue in facts.issues}


@pytest.mark.parametrize("cell", ["24-03-05", "24/03/05"])
def test_a_year_in_two_digits_that_could_be_a_day_is_asked_about(tmp_path: Path, cell: str):
    _, facts = parsed(tmp_path, [cell], "date", "campaigns")
    assert [issue.code for issue in facts.issues] == ["date_order_ask"]


@pytest.mark.parametrize(
    ("order", "expected"), [("dmy", date(2024, 4, 3)), ("mdy", date(2024, 3, 4))]
)
def test_the_mapping_settles_an_open_order(tmp_path: Path, order: str, expected: date):
    values, facts = parsed(tmp_path, ["03/04/2024"], "date", "campaigns", date_order=order)
    assert values == [expected]
    assert facts.recipes[0].date_order == order
    assert facts.issues == ()


def test_another_column_settles_an_open_order(tmp_path: Path):
    values, _ = parsed(
        tmp_path,
        ["03/04/2024"],
        "created_at",
        "conversations",
        beside={"R": ["25/04/2024"]},
        fields={"R": "resolved_at"},
    )
    assert values == [D(2024, 4, 3)]


@pytest.mark.parametrize(
    ("cell", "expected", "doubts"),
    [
        ("03.04.2024", date(2024, 4, 3), []),
        ("03/04/2024", date(2024, 3, 4), ["date_order_ask"]),
        ("03-04-2024", date(2024, 4, 3), ["date_order_ask"]),
    ],
)
def test_an_open_order_is_asked_about(tmp_path: Path, cell: str, expected: date, doubts: list[str]):
    values, facts = parsed(tmp_path, [cell], "date", "campaigns")
    assert values == [expected]
    assert [issue.code for issue in facts.issues] == doubts


def test_a_telling_cell_is_found_beyond_the_sample(tmp_path: Path):
    cells = [f"{i % 12 + 1:02d}/{i % 11 + 1:02d}/2024" for i in range(9_000)]
    cells[8_500] = "25/04/2024"
    values, facts = parsed(tmp_path, cells, "date", "campaigns")
    assert facts.recipes[0].date_order == "dmy"
    assert values[8_500] == date(2024, 4, 25)
    assert values[1] == date(2024, 2, 2)
    assert facts.failed == 0


def test_a_form_beyond_the_sample_joins_the_recipe(tmp_path: Path):
    cells = ["01.09.2025"] * 9_000
    cells[8_000] = "Oct 3, 2025"
    values, facts = parsed(tmp_path, cells, "date", "campaigns")
    assert values[8_000] == date(2025, 10, 3)
    assert facts.failed == 0


def test_orders_are_never_mixed_in_a_column(tmp_path: Path):
    cells = ["13/01/2024", "14/02/2024", "01/25/2024"]
    values, facts = parsed(tmp_path, cells, "date", "campaigns")
    assert values == [date(2024, 1, 13), date(2024, 2, 14), None]
    assert {issue.code for issue in facts.issues} == {
        "date_order_mixed",
        "cells_failed",
        "columns_unread",
    }


@pytest.mark.parametrize(
    "cell",
    ["30.02.2024", "31.12.9999", "December 31", "05.03.0024", "99999", "soon", "0023", "2024",
     "5 марта", "Mar 25", "Q5 2025", "2025-13", "2025-W54", "1.71E+12", "сегодня"],
)  # fmt: skip
def test_what_is_no_date_is_kept_as_a_reject(tmp_path: Path, cell: str):
    values, facts = parsed(tmp_path, ["01.03.2024", cell, "25.03.2024"], "date", "campaigns")
    assert values == [date(2024, 3, 1), None, date(2024, 3, 25)]
    assert facts.recipes[0].failed_forms == ((cell, 1),)


def test_date_and_time_in_two_columns_become_one_stamp(tmp_path: Path):
    values, facts = parsed(
        tmp_path,
        ["09:30", "18:05"],
        "time",
        "calls",
        beside={"D": ["05.03.2024", "25.03.2024"]},
        fields={"D": "date"},
    )
    assert values == [D(2024, 3, 5, 9, 30), D(2024, 3, 25, 18, 5)]
    assert facts.failed == 0


def test_the_first_dating_field_that_a_row_has_dates_it(tmp_path: Path):
    _, facts = parsed(
        tmp_path,
        ["05.03.2024", "", ""],
        "responded_at",
        "surveys",
        beside={"S": ["01.01.2024", "13.02.2024", ""]},
        fields={"S": "started_at"},
    )
    assert values_of(facts, "date") == [date(2024, 3, 5), date(2024, 2, 13), None]
