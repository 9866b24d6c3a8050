"""Money in every form that exports use, and its currency."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_metrics.facts import Facts, build
from tests.facts.made import made_mapping, made_table, parsed, values_of

NBSP, NARROW = "\u00a0", "\u202f"


def doubts_of(facts: Facts) -> set[str]:
    return {issue.code for issue in facts.issues}


@pytest.mark.parametrize(
    ("cells", "expected", "currencies"),
    [
        (["12 тыс. руб.", "3,5 млн руб.", "1,2 млн"], [12e3, 3.5e6, 1.2e6], ["RUB", "RUB", None]),
        (["2 млрд ₽", "3 миллиона рублей", "2 тысячи"], [2e9, 3e6, 2e3], ["RUB", "RUB", None]),
        (["1 234,50 руб.", "5,00 руб", "100 РУБ", "5,5р", "1 500р."],
         [1234.5, 5, 100, 5.5, 1500], ["RUB"] * 5),
        (["р. 5,50", "р.7,25", "Руб. 1 000,00"], [5.5, 7.25, 1000], ["RUB"] * 3),
        (["10 ГРН", "5,5 Грн."], [10, 5.5], ["UAH"] * 2),
        (["USD 5", "5 USD", "usd 1,234.50"], [5, 5, 1234.5], ["USD"] * 3),
        ([f"1{NBSP}234,50{NBSP}RUB", "RUB 5,25"], [1234.5, 5.25], ["RUB"] * 2),
        (["12.50 AED", "AED 5.00"], [12.5, 5], ["AED"] * 2),
        (["-$5", "$-5", "−$5.25", "- $7.50"], [-5, -5, -5.25, -7.5], ["USD"] * 4),
        (["(123)", "($1,234.50)", "$(5.00)", "(5 USD)"],
         [-123, -1234.5, -5, -5], [None, "USD", "USD", "USD"]),
        (["$1.2M", "$3.5k", "1.5B"], [1.2e6, 3500, 1.5e9], ["USD", "USD", None]),
        (["-1,5 тыс. ₽", "−2 млн"], [-1500, -2e6], ["RUB", None]),
        (["1'234.50", "2’345.75 CHF"], [1234.5, 2345.75], [None, "CHF"]),
        (["₹1,23,456.50", "₹12,34,567", "₹99.00"], [123456.5, 1234567, 99], ["INR"] * 3),
        (["R$ 1.234,56", "R$ 2,50"], [1234.56, 2.5], ["BRL"] * 2),
        (["MX$5.50", "NZ$1.25", "CA$2.75"], [5.5, 1.25, 2.75], ["MXN", "NZD", "CAD"]),
        (["$5.00 CAD", "$6.00 CAD"], [5, 6], ["CAD"] * 2),
        (["1 234 сум", "5 000 UZS"], [1234, 5000], ["UZS"] * 2),
        ([f"12{NARROW}500,5 ₸", "10 тенге", "7,5 тг"], [12500.5, 10, 7.5], ["KZT"] * 3),
        (["£1,012.40", "₽31,96"], [1012.4, None], ["GBP", "RUB"]),
        (["- 5,5", "+ 7,5", "+1,25"], [-5.5, 7.5, 1.25], [None] * 3),
    ],
)  # fmt: skip
def test_signs_words_and_scales(
    tmp_path: Path, cells: list[str], expected: list[float | None], currencies: list[str | None]
):
    values, facts = parsed(tmp_path, cells, "amount", "orders")
    assert values == pytest.approx(expected)
    assert values_of(facts, "currency") == currencies
    assert facts.failed == expected.count(None)


@pytest.mark.parametrize(
    "cell",
    ["5€50", "1р5", "5 руб. 50 коп.", "10 000 ₽/мес", "from $5", "≈5", "> 100", "Free", "5-",
     "12%", "-$-5", "$", "руб.", "5 (refunded)", "5 apples", "12 (3)", "1 23 456"],
)  # fmt: skip
def test_what_is_no_sum_is_kept_as_a_reject(tmp_path: Path, cell: str):
    values, facts = parsed(tmp_path, ["1.5", cell, "2.5"], "amount", "orders")
    assert values == [1.5, None, 2.5]
    assert facts.recipes[0].failed_forms == ((cell, 1),)


@pytest.mark.parametrize(
    ("header", "code"),
    [("Расход (руб.)", "RUB"), ("Amount spent (USD)", "USD"), ("Бюджет ₸", "KZT"),
     ("Расход без НДС, RUB", "RUB"), ("Cost", None)],
)  # fmt: skip
def test_columns_in_two_currencies_are_told(tmp_path: Path, header: str, code: str | None):
    _, facts = parsed(
        tmp_path,
        ["5.00", "6.50"],
        "amount",
        "orders",
        header=header,
        beside={"Margin": ["€1.00", "€2.50"]},
        fields={"Margin": "margin"},
    )
    found = [issue.examples for issue in facts.issues if issue.code == "currencies_differ"]
    assert found == ([(f"{header}: {code}", "Margin: EUR")] if code else [])


def test_a_sign_in_a_cell_goes_before_the_constant(tmp_path: Path):
    table = made_table(tmp_path, {"Id": ["1", "2"], "Sum": ["€5", "7"]})
    fields = {"Id": "order_id", "Sum": "amount"}
    facts = build(table, made_mapping(table, "orders", fields, constants={"currency": "USD"}))
    assert values_of(facts, "currency") == ["EUR", "USD"]


def test_a_form_beyond_the_sample_joins_the_recipe(tmp_path: Path):
    cells = ["1,5"] * 9_000
    cells[8_000:8_003] = ["12 тыс. руб.", "($7,50)", "5 RUB"]
    values, facts = parsed(tmp_path, cells, "amount", "orders")
    assert values[8_000:8_003] == [12_000, -7.5, 5]
    assert facts.failed == 0


def test_only_ambiguous_sums_are_asked_about_whatever_stands_around(tmp_path: Path):
    _, facts = parsed(tmp_path, ["$1,234", "5,678 USD", "(1,234)"], "amount", "orders")
    assert "decimal_ask" in doubts_of(facts)
    values, facts = parsed(tmp_path / "b", ["$1,234", "€0,50"], "amount", "orders")
    assert values == [1.234, 0.5]
    assert "decimal_ask" not in doubts_of(facts)


def test_a_mark_that_contradicts_the_mapping_is_told(tmp_path: Path):
    values, facts = parsed(tmp_path, ["1.5", "2.75", "3"], "amount", "orders", decimal=",")
    assert values == [None, None, 3]
    assert doubts_of(facts) == {"decimal_mixed", "cells_failed", "columns_unread"}


@pytest.mark.parametrize(
    ("header", "cells", "expected"),
    [
        ("Выручка, тыс. руб.", ["12,5", "1 000"], [12_500, 1_000_000]),
        ("Выручка (млн ₽)", ["1,25"], [1_250_000]),
        ("Revenue (USD millions)", ["1.25"], [1_250_000]),
        ("Revenue, in thousands", ["0.5"], [500]),
        ("Бюджет, млрд", ["0,1"], [1e8]),
    ],
)
def test_a_header_in_thousands_multiplies_and_says_so(
    tmp_path: Path, header: str, cells: list[str], expected: list[float]
):
    values, facts = parsed(tmp_path, cells, "amount", "orders", header=header)
    assert values == pytest.approx(expected)
    assert doubts_of(facts) == {"header_scale"}


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("Цена за тыс. показов", "12,5"),
        ("Цена, тыс. показов", "12,5"),
        ("CPM, тыс. показов (руб.)", "12,5"),
        ("Thousands of hits", "12.5"),
        ("Выручка, руб.", "12,5"),
    ],
)
def test_thousands_of_something_else_multiply_nothing(tmp_path: Path, header: str, cell: str):
    values, facts = parsed(tmp_path, [cell], "amount", "orders", header=header)
    assert values == [12.5]
    assert doubts_of(facts) == set()


def test_a_cell_that_says_thousands_is_not_multiplied_twice(tmp_path: Path):
    values, _ = parsed(tmp_path, ["12 тыс.", "5"], "amount", "orders", header="Сумма, тыс. руб.")
    assert values == [12_000, 5]
