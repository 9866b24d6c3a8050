"""What values look like, and which fields they can be."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_metrics.mapping.cells.profile import KINDS, profile


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["", "-", "n/a"], "empty"),
        (["1", "2", ""], "number"),
        (["1 200", "1\u00a0200,50"], "number"),
        (["350 (35.18%)", "20 (1.1%)"], "number"),
        (["CA$0.00", "CA$12.50"], "number"),
        (["₽31,96", "₽5,00"], "number"),
        (["1980.10", "2024.12"], "number"),
        (["27.78%", "5%"], "percent"),
        (["12,5 %"], "percent"),
        (["yes", "no"], "flag"),
        (["Да", "Нет"], "flag"),
        (["0", "1"], "number"),
        (["2024-03-05", "2024-03-06"], "date"),
        (["20260101", "20261231"], "date"),
        (["2025-09-01 - 2025-09-30"], "date"),
        (["Apr 3, 2024", "Mar 29, 2024"], "date"),
        (["12 марта 2025", "3 мая 2025"], "date"),
        (["31.08.2026 23:50:30"], "timestamp"),
        (["Jun 09, 2018 09:30 pm"], "timestamp"),
        (["Mon, Apr 26, 2021 12:25"], "timestamp"),
        (["2024-04-02T08:00:00Z"], "timestamp"),
        (["2024-03-05 10:12:00 UTC"], "timestamp"),
        (["00:03:45"], "time"),
        (["2 hours 15 minutes", "12 minutes 30 seconds"], "duration"),
        (["2 часов 15 минут"], "duration"),
        (["p@example.com"], "email"),
        (["+7 999 123-45-67", "79991234567"], "phone"),
        (["https://example.com"], "url"),
        (["Photo", "Video"], "text"),
        (["0.0", "0-500", "500-1000"], "text"),
        (["0-6 months ago", "1"], "text"),
        (["0000", "0001"], "number"),
    ],
)
def test_kinds(cells, kind):
    assert profile(cells).kind == kind
    assert kind in KINDS


@pytest.mark.parametrize(
    ("cells", "order", "unclear"),
    [
        (["31.08.2026", "01.09.2026"], "dmy", False),
        (["3/15/2024 10:05:12", "1/2/2024 1:00"], "mdy", False),
        (["2024-03-05"], "ymd", False),
        (["20260101"], "ymd", False),
        (["01.02.2026", "03.04.2026"], None, True),
        (["13/02/2026", "02/13/2026"], None, True),
        (["Apr 3, 2024"], None, False),
    ],
)
def test_the_order_of_day_and_month_is_decided_by_the_column(cells, order, unclear):
    found = profile(cells)
    assert (found.date_order, found.date_unclear) == (order, unclear)


@pytest.mark.parametrize(
    ("texts", "mark", "unclear"),
    [
        (["1,234.50", "1,234"], ".", False),
        (["1.234,50"], ",", False),
        (["12,5", "3"], ",", False),
        (["0.64097"], ".", False),
        (["0.123"], ".", False),
        (["1,234"], None, True),
        (["1.234", "2.345"], None, True),
        (["1,234,567"], ".", False),
        (["12", "13"], None, False),
        (["1.5", "2,5"], None, True),
    ],
)
def test_the_decimal_mark_is_decided_by_the_column(texts, mark, unclear):
    found = profile(texts)
    assert (found.decimal, found.decimal_unclear) == (mark, unclear)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=1, max_size=20))
def test_written_both_ways_numbers_have_the_same_range(numbers):
    english = [f"{number:,.2f}" for number in numbers]
    german = [text.translate(str.maketrans(",.", ".,")) for text in english]
    one, other = profile(english), profile(german)
    assert (one.low, one.high) == (other.low, other.high)
    assert (one.decimal, other.decimal) == (".", ",")


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(max_size=12), max_size=8))
def test_any_cells_have_a_known_kind(cells):
    assert profile(cells).kind in KINDS


def test_the_gate():
    assert not profile(["yes", "no"]).fits("email", "id")
    assert not profile(["2024-01-02"]).fits("email", "id")
    assert not profile(["27.78%"]).fits("opens_unique", "count")
    assert not profile(["3", "7"]).fits("campaign_name", "text")
    assert profile(["0", "1"]).fits("is_paid", "flag")
    assert not profile(["0", "2"]).fits("is_paid", "flag")
    assert profile(["79991234567"]).fits("phone", "id")
    spoilt = ["123", "нет", *(f"8 916 582-13-{place}" for place in range(10, 16))]
    assert profile(spoilt).fits("phone", "id")
    assert profile(["123", *(f"+7916582137{place}" for place in range(6))]).fits("phone", "id")
    assert profile([f"'+7916582137{place}" for place in range(6)]).fits("phone", "id")
    assert not profile(["Nokia 3310", "iPhone 15", "79991234567"]).fits("phone", "id")
    assert not profile(["120", "340", "12500000"]).fits("phone", "id")
    assert profile([]).fits("email", "id")


@pytest.mark.parametrize(
    "cell", ["a@b" + ".b" * 20_000 + "@", "1" + "-" * 20_000 + " jan " + "-" * 20_000 + "x"]
)
def test_an_endless_cell_is_text_at_once(cell):
    assert profile([cell] * 400).kind == "text"
