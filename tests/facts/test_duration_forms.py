"""Durations in every form that exports use; all become seconds."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.facts.made import parsed


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["00:03:45", "0:00:20", "123:00:01"], [225.0, 20.0, 442801.0]),
        (["00:00:20.5"], [20.5]),
        (["2:15", "0:01"], [8100.0, 60.0]),
        (["2 days, 03:04:05", "1 day 00:00:01", "00:00:02"], [183845.0, 86401.0, 2.0]),
        (["2 hours 15 minutes", "1 minute", "3 days 1 hour", "45 seconds"],
         [8100.0, 60.0, 262800.0, 45.0]),
        (["2 часа 15 минут", "1 минута 5 секунд", "2 часов 15 минут", "3 дня", "1 день 2 часа"],
         [8100.0, 65.0, 8100.0, 259200.0, 93600.0]),
        (["1h 2m 3s", "5m", "1.5h"], [3723.0, 300.0, 5400.0]),
        (["1 ч 5 мин", "30 сек.", "2 дн. 3 ч"], [3900.0, 30.0, 183600.0]),
        (["139.45 s", "5 s", "1 234.5 s"], [139.45, 5.0, 1234.5]),
        (["1 234,5 сек", "5 сек"], [1234.5, 5.0]),
        (["1d 4h", "3m 20s", "15m30s"], [100800.0, 200.0, 930.0]),
        (["1 мин 5 сек", "1ч 5м", "45с", "1 ч. 5 мин. 3 сек."], [65.0, 3900.0, 45.0, 3903.0]),
        (["12 min. 5 sec.", "2 hrs, 15 mins", "2 hours and 5 minutes"], [725.0, 8100.0, 7500.0]),
        (["1 час и 5 минут", "1 неделя 2 дня", "1,5 часа"], [3900.0, 777600.0, 5400.0]),
        (["350 ms", "1.5 s", "250 мс"], [0.35, 1.5, 0.25]),
        (["P1DT2H", "PT5M", "PT1.5S", "PT1H30M", "P2D", "P1W", "PT0S"],
         [93600.0, 300.0, 1.5, 5400.0, 172800.0, 604800.0, 0.0]),
        (["25:30:00", "100:00:05"], [91800.0, 360005.0]),
        (["1 day, 2:03:04", "1.02:03:04", "2 дня 01:00:00"], [93784.0, 93784.0, 176400.0]),
        (["-00:00:05", "00:00:05"], [-5.0, 5.0]),
        (["12:03:45 AM", "1:00:00 PM", "02:00:00 am"], [225.0, 46800.0, 7200.0]),
        (["3'20\"", "1′05″", "0’59”"], [200.0, 65.0, 59.0]),
    ],
)  # fmt: skip
def test_clocks_and_words(tmp_path: Path, cells: list[str], expected: list[float]):
    values, facts = parsed(tmp_path, cells, "first_reply_time", "conversations")
    assert values == pytest.approx(expected)
    assert facts.failed == 0


@pytest.mark.parametrize(
    ("cells", "unit", "expected"),
    [
        (["139.45", "20"], "s", [139.45, 20.0]),
        (["15", "1 440"], "min", [900.0, 86400.0]),
        (["1,5", "2"], "h", [5400.0, 7200.0]),
        (["0.5", "0.25"], "d", [43200.0, 21600.0]),
        (["1500"], "ms", [1.5]),
        (["3:45"], "min", [225.0]),
    ],
)
def test_the_unit_of_the_mapping(
    tmp_path: Path, cells: list[str], unit: str, expected: list[float]
):
    values, facts = parsed(tmp_path, cells, "first_reply_time", "conversations", unit=unit)
    assert values == pytest.approx(expected)
    assert facts.issues == ()


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("First response time (seconds)", 7.0),
        ("Первый ответ, мин", 420.0),
        ("Requester wait time in minutes", 420.0),
        ("First response time (in hrs)", 25200.0),
        ("Время решения, ч", 25200.0),
        ("Time to resolve (days)", 604800.0),
    ],
)
def test_the_unit_of_the_header(tmp_path: Path, header: str, expected: float):
    values, facts = parsed(tmp_path, ["7"], "resolution_time", "conversations", header=header)
    assert values == [expected]
    assert facts.issues == ()


def test_a_number_without_a_unit_is_asked_about(tmp_path: Path):
    values, facts = parsed(tmp_path, ["139"], "talk_time", "calls", header="duration")
    assert values == [139.0]
    assert [issue.code for issue in facts.issues] == ["duration_ask"]


@pytest.mark.parametrize(
    ("field", "header", "cells", "expected", "doubts"),
    [
        ("first_reply_time", "Reply", ["1:30"], [5400], ["clock_hours"]),
        ("wait_time", "Wait", ["1:30", "90:15"], [90, 5415], ["clock_minutes"]),
        ("first_reply_time", "Reply", ["59:59", "1:00:05"], [3599, 3605], ["clock_minutes"]),
        ("first_reply_time", "Reply, h", ["1:30"], [5400], []),
        ("first_reply_time", "Reply (min)", ["1:30"], [90], []),
    ],
)
def test_a_clock_of_two_parts(  # noqa: PLR0917 - one parameter for each part of a case
    tmp_path: Path,
    field: str,
    header: str,
    cells: list[str],
    expected: list[float],
    doubts: list[str],
):
    values, facts = parsed(tmp_path, cells, field, "conversations", header=header)
    assert values == expected
    assert [issue.code for issue in facts.issues] == doubts


@pytest.mark.parametrize("header", ["Reply", "Reply time (in hrs)"])
def test_parts_of_a_day_are_known_by_their_whole_seconds(tmp_path: Path, header: str):
    """A workbook keeps 00:03:45 as 0.0026041666666667."""
    seconds = [225, 20, 5_000, 90_061]
    cells = [f"{second / 86_400:.10f}" for second in seconds]
    values, facts = parsed(tmp_path, cells, "first_reply_time", "conversations", header=header)
    assert values == pytest.approx(seconds, abs=1e-4)
    assert facts.issues == ()
    assert facts.recipes[0].unit == "d"


@pytest.mark.parametrize("cells", [["48.2263", "22.9103", "0.31"], ["0.5", "0.25"], ["12", "3"]])
def test_other_fractions_stay_seconds_and_are_asked_about(tmp_path: Path, cells: list[str]):
    values, facts = parsed(tmp_path, cells, "first_reply_time", "conversations")
    assert values == [float(cell) for cell in cells]
    assert [issue.code for issue in facts.issues] == ["duration_ask"]


@pytest.mark.parametrize(
    "cell",
    ["about 2 hours", "less than a minute", "P1M", "P", "PT", "1 месяц", "12:60:00", "1:2:3:4",
     "ч", "5 яблок", "½ hour", "fast", "1:75:00", "5 bananas", "12:3", "одна минута"],
)  # fmt: skip
def test_what_is_no_duration_is_kept_as_a_reject(tmp_path: Path, cell: str):
    cells = ["1 ч 5 мин", "PT5M", "00:00:05", cell]
    values, facts = parsed(tmp_path, cells, "first_reply_time", "conversations")
    assert values == [3900, 300, 5, None]
    assert facts.recipes[0].failed_forms == ((cell, 1),)
