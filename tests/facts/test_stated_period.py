"""A period that only the lines above the header state."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from crm_metrics.facts import build
from crm_metrics.facts.stated import stated_period
from tests.facts.made import made_mapping, made_table

MARCH = (date(2024, 3, 1), date(2024, 3, 31))


@pytest.mark.parametrize(
    "lines",
    [
        ["# Account: Shop 7", "# Start date: 20240301", "# End date: 20240331"],
        ["# Дата начала: 20240301", "# Дата окончания: 20240331"],
        ["# Free form", "# 20240301-20240331"],
        ["Campaign report", "March 1, 2024 - March 31, 2024"],
        ["Mar 1, 2024 - Mar 31, 2024"],
        ["Отчёт по кампаниям", "Период: 01.03.2024 - 31.03.2024"],
        ["за период с 1 марта 2024 по 31 марта 2024 г."],
        ["Reporting period 2024-03-01 to 2024-03-31"],
        ["03/01/2024 - 03/31/2024"],
        ["01/03/2024 - 31/03/2024"],
        ["# Start date: 20240301", "# End date: 20240331"] * 2,
    ],
)
def test_a_period_is_found_as_vendors_write_it(lines: list[str]) -> None:
    assert stated_period(lines) == MARCH


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["Report 20240301"],
        ["Generated on 2024-03-31"],
        ["# End date: 20240331"],
        ["All time"],
        ["01/03/2024 - 02/03/2024"],
        ["2024-03-31 - 2024-03-01"],
        ["2024-02-30 - 2024-03-01"],
        ["2024-03-01 - 2024-03-31", "compared to 2024-02-01 - 2024-02-29"],
        ["Order 1202403012 of 2024-03-01"],
    ],
)
def test_no_period_is_made_up(lines: list[str]) -> None:
    assert stated_period(lines) is None


def test_dates_of_rows_go_before_what_is_stated(tmp_path: Path) -> None:
    dated = {"Day": ["2024-03-05", "2024-03-07"], "Sessions": ["1", "2"]}
    stated = ("# 20240301-20240331",)
    table = replace(made_table(tmp_path, dated), preamble=stated)
    facts = build(table, made_mapping(table, "traffic", {"Day": "date", "Sessions": "sessions"}))
    assert facts.period == (date(2024, 3, 5), date(2024, 3, 7))
    undated = replace(made_table(tmp_path, {"Sessions": ["1"]}, name="undated"), preamble=stated)
    facts = build(undated, made_mapping(undated, "traffic", {"Sessions": "sessions"}))
    assert facts.period == MARCH
