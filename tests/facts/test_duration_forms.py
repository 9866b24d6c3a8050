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


@pytest.mark.parametrize("cell", ["fast", "1:75:00", "5 bananas", "12:3"])
def test_what_is_no_duration_is_kept_as_a_reject(tmp_path: Path, cell: str):
    values, facts = parsed(tmp_path, ["00:00:01", cell], "talk_time", "calls")
    assert values == [1.0, None]
    assert facts.failed == 1
