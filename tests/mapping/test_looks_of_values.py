"""Whatever facts can read passes the gate of a field of that kind."""

from __future__ import annotations

import pytest

from crm_metrics.mapping.cells.profile import profile
from crm_metrics.schema import field_named


@pytest.mark.parametrize(
    ("field", "cells"),
    [
        ("revenue", ["12 тыс. руб.", "1,2 млн"]),
        ("revenue", ["USD 5", "5 USD", "12.50 AED"]),
        ("revenue", ["($1,234.50)", "-$5", "−₽5,25"]),
        ("revenue", ["₹1,23,456.50"]),
        ("sent", ["350 (35.18%)", "1.204"]),
        ("open_rate", ["350 (35.18%)", "12,5 %"]),
        ("open_rate", ["%12,5"]),
        ("sent_at", ["мар. 25", "Январь 2025"]),
        ("sent_at", ["Mar-25"]),
        ("sent_at", ["5 февр. 2024 г., 14:03"]),
        ("sent_at", ["Q1 2025", "IV квартал 2025"]),
        ("sent_at", ["Fri Mar 01 2024 10:15:30 GMT+0300 (Moscow Standard Time)"]),
        ("sent_at", ["2024-03-01 10:15:30.123456 +0000 UTC"]),
        ("sent_at", ["1–7 сентября 2025"]),
        ("sent_at", ["Lifetime", "2024-03-05"]),
        ("duration", ["P1DT2H", "PT5M"]),
        ("duration", ["1d 4h", "3m 20s"]),
        ("duration", ["2 дня 01:00:00", "1 час и 5 минут"]),
        ("duration", ["12:03:45 AM"]),
        ("duration", ["5m", "12m"]),
        ("opened", ["Opened", "not opened"]),
        ("opened", ["✅", "❌"]),
        ("consent", ["Подписан", "Отписан", "нет"]),
        ("is_missed", ["Пропущен", "Отвечен"]),
        ("line", ["74951234567", "74951234568"]),
    ],
)
def test_fits(field: str, cells: list[str]):
    # "Lifetime" is one of two cells: what a column mostly is decides.
    cells = cells if "Lifetime" not in cells else [*cells[1:] * 9, cells[0]]
    assert profile(cells).fits(field, field_named(field).kind), profile(cells).kind


@pytest.mark.parametrize(
    ("field", "cells"),
    [
        ("opened", ["Clicked", "not clicked"]),
        ("opened", ["Иванов", "Петров"]),
        ("revenue", ["500-1000", "0-500"]),
        ("sent_at", ["12.2025", "11.2025"]),
        ("sent_at", ["may be", "march on"]),
        ("duration", ["about 2 hours"]),
        ("sent", ["27.78%"]),
    ],
)
def test_other_things_do_not(field: str, cells: list[str]):
    assert not profile(cells).fits(field, field_named(field).kind), profile(cells).kind


def test_a_file_that_counts_in_thousands_settles_no_mark_for_its_counts():
    """Beside rates with a point, 2.345 posts are still two thousand."""
    found = profile(["2.345", "987", "12.020"])
    assert (found.decimal, found.decimal_unclear, found.high) == (None, True, 12_020)


@pytest.mark.parametrize(
    ("cells", "currency"),
    [(["$5", "$6"], "USD"), (["5 руб.", "6 ₽"], "RUB"), (["$5", "€6"], None), (["5"], None)],
)
def test_the_currency_of_a_column(cells: list[str], currency: str | None):
    assert profile(cells).currency == currency
