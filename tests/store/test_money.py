"""Amounts in several currencies: told apart, and converted at the rates that were typed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from crm_metrics.metrics import compute
from crm_metrics.metrics.model import Value
from crm_metrics.store import Money, Rate, Workspace


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    made = Workspace(tmp_path / "space")
    files = {
        "rub.csv": "Order ID,Date,Amount,Currency\n1,2026-03-01,100,RUB\n2,2026-03-02,300,RUB\n",
        "usd.csv": "Order No,Order date,Total (USD)\nA-1,2026-03-01,5\nA-2,2026-03-03,7\n",
        "own.csv": "Order,Order created,Order sum\nx1,2026-03-04,1000\nx2,2026-03-04,0\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
        (item,) = made.add(tmp_path / name, name)
        assert item.mapping.grain == "orders", item.mapping
    return made


def revenue(space: Workspace) -> Value:
    with space.engine() as engine:
        (value,) = compute(engine, ["revenue"]).values
        return value


def test_currencies_are_told_by_data_set(space: Workspace):
    found = {
        space.dataset(one.dataset).table.file_name: (one.currencies, one.unknown)
        for one in space.together.amounts()
    }
    assert found == {
        "rub.csv": (("RUB",), False),
        "usd.csv": (("USD",), False),
        "own.csv": ((), True),
    }


def test_amounts_are_summed_only_in_one_currency(space: Workspace):
    assert (revenue(space).value, "mixed_currency" in revenue(space).flags) == (None, True)
    own = next(item for item in space.datasets() if item.table.file_name == "own.csv")
    space.remove(own.id)
    money = Money("RUB").with_rate(Rate("USD", 90.0, date(2026, 3, 5)), "USD")
    before = space.version
    space.together.set_money(money)
    assert space.version != before
    value = revenue(space)
    assert (value.value, value.currency, value.flags) == (400 + 90 * 12, "RUB", ())
    assert Workspace(space.folder).together.choices.money == money
    space.together.set_money(money.with_rate(None, "USD"))
    assert revenue(space).value is None
    space.together.set_money(Money("USD", (Rate("RUB", 0.01, date(2026, 3, 5)),)))
    assert (revenue(space).value, revenue(space).currency) == (pytest.approx(16), "USD")
