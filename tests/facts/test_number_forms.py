"""Numbers in every form that exports use."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.facts.made import parsed, values_of

NBSP, NARROW = "\u00a0", "\u202f"


def recipe_of(facts, field):
    return next(recipe for recipe in facts.recipes if recipe.field == field)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["12", "0", "-3", "+7"], [12, 0, -3, 7]),
        (["12000.0", "424.0"], [12000, 424]),
        (["1 204", f"1{NBSP}204", f"12{NARROW}345{NARROW}678"], [1204, 1204, 12345678]),
        (["1,751", "12", "1,234,567"], [1751, 12, 1234567]),
        (["1.751", "12"], [1751, 12]),
        (["2'345", "2’345"], [2345, 2345]),
        (["−5", "–12"], [-5, -12]),
        (["350 (35.18%)", "12 (1.2%)", "1,204 (5%)"], [350, 12, 1204]),
        (["(123)", "5"], [-123, 5]),
        (["1,2K", "3 тыс.", "1 млн", "7"], [1200, 3000, 1000000, 7]),
        ([" 15 ", "\t7", f"{NBSP}8"], [15, 7, 8]),
    ],
)
def test_counts(tmp_path: Path, cells: list[str], expected: list[int]):
    values, facts = parsed(tmp_path, cells, "opens_unique", "campaigns")
    assert values == expected
    assert all(type(value) is int for value in values)
    assert facts.failed == 0
    assert recipe_of(facts, "opens_unique").parser == "integer"


def test_a_count_with_fractions_keeps_them(tmp_path: Path):
    values, facts = parsed(tmp_path, ["1.5", "12", "0.25"], "conversions", "campaigns")
    assert values == [1.5, 12.0, 0.25]
    assert recipe_of(facts, "conversions").parser == "number"


@pytest.mark.parametrize(
    ("cells", "decimal", "expected"),
    [
        (["111645,00", "3,5", "1 234,50"], ",", [111645.0, 3.5, 1234.5]),
        (["1,234.50", "13,361.11", "7"], ".", [1234.5, 13361.11, 7.0]),
        (["1.234,50", "12.345.678,9"], ",", [1234.5, 12345678.9]),
        (["1,234", "1,5"], ",", [1.234, 1.5]),
        (["1,234", "1.5"], ".", [1234.0, 1.5]),
        (["0,123", "1,234"], ",", [0.123, 1.234]),
        (["1.22158E+5", "3.5"], ".", [122158.0, 3.5]),
        ([".5", "2."], ".", [0.5, 2.0]),
    ],
)
def test_the_decimal_mark_is_read_from_cells_that_can_mean_one_thing(
    tmp_path: Path, cells: list[str], decimal: str, expected: list[float]
):
    values, facts = parsed(tmp_path, cells, "amount", "orders")
    assert values == pytest.approx(expected)
    assert recipe_of(facts, "amount").decimal == decimal
    assert facts.failed == 0


def test_only_ambiguous_numbers_follow_the_mapping(tmp_path: Path):
    cells = ["1,234", "5,678"]
    as_comma, _ = parsed(tmp_path / "a", cells, "amount", "orders", decimal=",")
    as_point, _ = parsed(tmp_path / "b", cells, "amount", "orders", decimal=".")
    assert as_comma == [1.234, 5.678]
    assert as_point == [1234.0, 5678.0]


def test_only_ambiguous_numbers_follow_the_rest_of_the_table(tmp_path: Path):
    values, facts = parsed(
        tmp_path,
        ["1,234", "5,678"],
        "amount",
        "orders",
        beside={"Margin": ["12,5", "7,25"]},
        fields={"Margin": "margin"},
    )
    assert values == [1.234, 5.678]
    assert [issue.code for issue in facts.issues] == []


def test_ambiguous_numbers_alone_are_asked_about(tmp_path: Path):
    values, facts = parsed(tmp_path, ["1,234", "5,678"], "amount", "orders")
    assert values == [1234.0, 5678.0]
    assert [(issue.code, issue.examples) for issue in facts.issues] == [
        ("decimal_ask", ("Header",))
    ]


def test_both_marks_in_one_column_are_told(tmp_path: Path):
    values, facts = parsed(tmp_path, ["1,5", "2,5", "3,75", "4.5", "6", "7"], "amount", "orders")
    assert values == [1.5, 2.5, 3.75, None, 6, 7]
    assert {issue.code for issue in facts.issues} == {"decimal_mixed", "cells_failed"}


@pytest.mark.parametrize(
    ("cells", "expected", "currency"),
    [
        ([f"1{NARROW}234,50{NBSP}₽", "₽31,96", "10 руб."], [1234.5, 31.96, 10.0], "RUB"),
        (["CA$0.00", "CA$13,361.11"], [0.0, 13361.11], "CAD"),
        (["$2,500.00", "-$3.50", "$ 4"], [2500.0, -3.5, 4.0], "USD"),
        (["1.012,40 €", "€7,5"], [1012.4, 7.5], "EUR"),
        (["£1,012.40", "£3.1"], [1012.4, 3.1], "GBP"),
        (["12 500 ₸", "100 тенге"], [12500.0, 100.0], "KZT"),
        (["150 грн.", "20 грн"], [150.0, 20.0], "UAH"),
        (["(1,500.25)", "12"], [-1500.25, 12.0], None),
    ],
)
def test_money(tmp_path: Path, cells: list[str], expected: list[float], currency: str | None):
    values, facts = parsed(tmp_path, cells, "amount", "orders")
    assert values == pytest.approx(expected)
    found = values_of(facts, "currency")
    assert found[0] == currency
    assert ("currency" in facts.derived) == (currency is not None)


def test_mixed_currencies_are_kept_apart_and_told(tmp_path: Path):
    values, facts = parsed(tmp_path, ["$5", "7 €", "9"], "amount", "orders")
    assert values == [5.0, 7.0, 9.0]
    assert values_of(facts, "currency") == ["USD", "EUR", None]
    assert "currency_mixed" in {issue.code for issue in facts.issues}


def test_a_currency_by_its_name_is_the_one_by_its_code(tmp_path: Path):
    names = ["Российский рубль", "RUB", "rub ", "Доллар США", "Тугрик", ""]
    _, facts = parsed(
        tmp_path,
        ["5"] * len(names),
        "amount",
        "orders",
        beside={"Валюта": names},
        fields={"Валюта": "currency"},
    )
    found = values_of(facts, "currency")
    assert found == ["RUB", "RUB", "RUB", "USD", "Тугрик", None]


def test_a_currency_column_beats_signs(tmp_path: Path):
    _, facts = parsed(
        tmp_path,
        ["$5"],
        "amount",
        "orders",
        beside={"Currency": ["AUD"]},
        fields={"Currency": "currency"},
    )
    assert values_of(facts, "currency") == ["AUD"]


@pytest.mark.parametrize(
    ("cells", "header", "expected", "parser"),
    [
        (["27.78%", "0%", "100%"], "Open Rate", [0.2778, 0.0, 1.0], "percent"),
        ([f"12,5{NBSP}%", "0,75%"], "OR", [0.125, 0.0075], "percent"),
        (["35.2", "7"], "Open rate (%)", [0.352, 0.07], "percent"),
        (["0.4209", "0.5"], "Open rate", [0.4209, 0.5], "fraction"),
        (["35.2", "0.4"], "Open rate", [0.352, 0.004], "percent"),
        (["0.8", "0.5"], "CTR, %", [0.008, 0.005], "percent"),
    ],
)
def test_rates(tmp_path: Path, cells: list[str], header: str, expected: list[float], parser: str):
    values, facts = parsed(tmp_path, cells, "open_rate", "campaigns", header=header)
    assert values == pytest.approx(expected)
    assert recipe_of(facts, "open_rate").parser == parser


@pytest.mark.parametrize(("scale", "parser"), [(1, "fraction"), (100, "percent")])
def test_the_counts_beside_a_rate_decide_its_scale(tmp_path: Path, scale: int, parser: str):
    opens, delivered = [3, 8, 5], [1000, 1000, 1000]
    cells = [str(opened / base * scale) for opened, base in zip(opens, delivered, strict=True)]
    values, facts = parsed(
        tmp_path,
        cells,
        "open_rate",
        "campaigns",
        header="OR",
        beside={"O": list(map(str, opens)), "D": list(map(str, delivered))},
        fields={"O": "opens_unique", "D": "delivered"},
    )
    assert values == pytest.approx([0.003, 0.008, 0.005])
    assert recipe_of(facts, "open_rate").parser == parser


def test_rates_that_contradict_the_counts_are_told(tmp_path: Path):
    _, facts = parsed(
        tmp_path,
        ["0.3%", "0.5%"],
        "open_rate",
        "campaigns",
        beside={"O": ["30", "50"], "D": ["100", "100"]},
        fields={"O": "opens_unique", "D": "delivered"},
    )
    assert "rate_disagrees" in {issue.code for issue in facts.issues}


@pytest.mark.parametrize(("unit", "expected"), [("points", 0.005), ("fraction", 0.5)])
def test_the_unit_of_the_mapping_decides_a_rate(tmp_path: Path, unit: str, expected: float):
    values, _ = parsed(tmp_path, ["0.5"], "open_rate", "campaigns", unit=unit)
    assert values == pytest.approx([expected])


@pytest.mark.parametrize(
    "mark",
    ["", "-", "--", " --", "—", "–", "n/a", "N/A", "undefined", "(not set)", "Не определено",
     "null", "NULL", NBSP],
)  # fmt: skip
def test_missing_marks_are_empty_and_not_failures(tmp_path: Path, mark: str):
    values, facts = parsed(tmp_path, ["1", mark, "0"], "opens_unique", "campaigns")
    assert values == [1, None, 0]
    assert facts.failed == 0
    assert facts.rejects is None


@pytest.mark.parametrize(
    "cell", ["abc", "12 5", "1,23,4", "1.2.3", "0x1f", "1_000", "nan5", "12-13", "infinity", "5 6%"]
)
def test_what_is_no_number_is_kept_as_a_reject(tmp_path: Path, cell: str):
    values, facts = parsed(tmp_path, ["1.5", cell, "2.5"], "amount", "orders")
    assert values == [1.5, None, 2.5]
    assert recipe_of(facts, "amount").failed_forms == ((cell, 1),)


def test_ids_stay_text(tmp_path: Path):
    cells = ["007", "1.22158E+17", "12345678901234567890"]
    values, _ = parsed(tmp_path, cells, "order_id", "orders")
    assert values == cells


def test_a_number_beyond_all_numbers_is_set_aside(tmp_path: Path):
    """As infinity it would make every sum infinite."""
    values, facts = parsed(tmp_path, ["1e999", "-1E400", "2.5", "1e12"], "amount", "orders")
    assert values == [None, None, 2.5, 1e12]
    assert facts.failed == 2
