"""Rates in four notations; all become fractions."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_metrics.facts import Facts
from tests.facts.made import parsed

NBSP, NARROW = "\u00a0", "\u202f"


def doubts_of(facts: Facts) -> set[str]:
    return {issue.code for issue in facts.issues}


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([f"12,5{NBSP}%", f"7{NARROW}%", "0,75%"], [0.125, 0.07, 0.0075]),
        (["350 (35.18%)", "12 (1.2%)"], [0.3518, 0.012]),
        (["35.18% (350)", "1.2% (12)"], [0.3518, 0.012]),
        (["%12.5", "% 5"], [0.125, 0.05]),
        (["-5%", "−3,5%"], [-0.05, -0.035]),
        (["1,250%", "5.5%"], [12.5, 0.055]),
        (["12.345%", "5.125%"], [0.12345, 0.05125]),
        (["12,345%"], [0.12345]),
        (["0,4209", "0,5"], [0.4209, 0.5]),
        (["0.075", "1"], [0.075, 1]),
    ],
)
def test_notations(tmp_path: Path, cells: list[str], expected: list[float]):
    values, facts = parsed(tmp_path, cells, "open_rate", "campaigns")
    assert values == pytest.approx(expected)
    assert doubts_of(facts) == set()


@pytest.mark.parametrize("cell", ["< 10%", ">90%", "10-20%", "12,5 проц.", "5 6%", "%"])
def test_a_bound_is_no_rate(tmp_path: Path, cell: str):
    values, facts = parsed(tmp_path, ["25%", cell, "10.5%"], "open_rate", "campaigns")
    assert values == pytest.approx([0.25, None, 0.105])
    assert facts.recipes[0].failed_forms == ((cell, 1),)


@pytest.mark.parametrize(
    ("header", "cells", "doubts"),
    [
        ("CTR", ["0.5", "0.8"], {"rate_ask"}),
        ("CTR", ["0.25", "0.3"], {"rate_ask"}),
        ("CTR, %", ["0.5", "0.8"], set()),
        ("CTR", ["0.5", "7.2"], set()),
        ("CTR", ["0.521", "0.8"], set()),
        ("CTR", ["0", "1", "0"], set()),
    ],
)
def test_small_numbers_that_nothing_settles_are_asked_about(
    tmp_path: Path, header: str, cells: list[str], doubts: set[str]
):
    _, facts = parsed(tmp_path, cells, "click_rate", "campaigns", header=header)
    assert doubts_of(facts) == doubts


def test_the_user_settles_the_scale(tmp_path: Path):
    values, facts = parsed(tmp_path, ["0.5", "0.8"], "click_rate", "campaigns", unit="points")
    assert values == pytest.approx([0.005, 0.008])
    assert doubts_of(facts) == set()


def test_the_counts_settle_small_numbers(tmp_path: Path):
    values, facts = parsed(
        tmp_path,
        ["0.5", "0.8", "0.1"],
        "click_rate",
        "campaigns",
        header="CTR",
        beside={"Clicks": ["5", "8", "1"], "Delivered": ["1000", "1000", "1000"]},
        fields={"Clicks": "clicks_unique", "Delivered": "delivered"},
    )
    assert values == pytest.approx([0.005, 0.008, 0.001])
    assert doubts_of(facts) == set()


def test_signed_and_bare_rates_in_one_column_are_told(tmp_path: Path):
    _, facts = parsed(tmp_path, ["35%", "0.5"], "open_rate", "campaigns")
    assert doubts_of(facts) == {"rate_mixed"}
    _, facts = parsed(tmp_path / "b", ["35%", "27.5", "0"], "open_rate", "campaigns")
    assert doubts_of(facts) == set()


@pytest.mark.parametrize(
    ("field", "cells", "expected"),
    [
        ("opens_unique", ["350 (35.18%)", "1,204 (5%)"], [350, 1204]),
        ("opens_unique", ["35.18% (350)", "5% (1,204)"], [350, 1204]),
        ("opens_unique", ["35%", "12"], [None, 12]),
        ("opens_unique", ["1,5 тыс.", "2 тыс", "7"], [1500, 2000, 7]),
        ("opens_unique", ["1.2345K", "7"], [1234.5, 7]),
        ("opens_unique", ["12,34,567", "1,23,456", "5"], [1234567, 123456, 5]),
        ("opens_unique", ["99999999999999999999", "5"], [None, 5]),
    ],
)
def test_a_count_is_the_number_without_the_sign(
    tmp_path: Path, field: str, cells: list[str], expected: list[float]
):
    values, _ = parsed(tmp_path, cells, field, "campaigns")
    assert values == expected


def test_a_rate_above_one_beyond_the_sample_makes_all_of_them_points(tmp_path: Path):
    cells = ["0.512"] * 9_000
    cells[8_500] = "35.2"
    values, facts = parsed(tmp_path, cells, "click_rate", "campaigns")
    assert (values[0], values[8_500]) == pytest.approx((0.00512, 0.352))
    assert facts.recipes[0].parser == "percent"
