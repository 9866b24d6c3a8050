"""Numbers as each language writes them."""

from __future__ import annotations

from datetime import date

import pytest

from crm_metrics.texts import (
    date_text,
    duration_text,
    integer_text,
    money_text,
    percent_text,
    period_text,
    points_text,
    value_text,
)

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("made", "shown"),
    [
        (integer_text(1204, "ru"), f"1{NBSP}204"),
        (integer_text(1204, "en"), "1,204"),
        (percent_text(0.0213, "ru"), f"2,13{NBSP}%"),
        (percent_text(0.2134, "en"), "21.3%"),
        (percent_text(0.0000677, "en"), "0.007%"),
        (points_text(0.006, "en"), f"+0.6{NBSP}pp"),
        (points_text(-0.006, "ru"), f"−0,6{NBSP}п.п."),
        (points_text(0.00001, "en"), f"0.0{NBSP}pp"),
        (money_text(123456, "ru", "RUB"), f"123{NBSP}456{NBSP}₽"),
        (money_text(12.5, "en", "USD"), "$12.50"),
        (money_text(-1200, "en", "RUB"), f"−RUB{NBSP}1,200"),
        (money_text(12.5, "ru"), "12,50"),
        (money_text(-1200, "en", "USD"), "−$1,200"),
        (integer_text(-3, "en"), "−3"),
        (percent_text(-0.5, "ru"), f"−50,0{NBSP}%"),
        (duration_text(8130, "en"), f"2{NBSP}h{NBSP}15{NBSP}min"),
        (duration_text(0.4, "ru"), f"0{NBSP}с"),
        (duration_text(90061, "ru"), f"1{NBSP}д{NBSP}1{NBSP}ч"),
        (date_text(date(2026, 8, 31), "ru"), "31.08.2026"),
        (date_text(date(2026, 8, 31), "en"), "Aug 31, 2026"),
        (period_text((date(2026, 8, 1), date(2026, 8, 31)), "ru"), "01.08.2026 – 31.08.2026"),
        (value_text(None, "share", "en"), "—"),
        (value_text(float("nan"), "money", "ru"), "—"),
        (value_text(41.96, "points", "en"), "42.0"),
        (money_text(1e30, "en", "USD")[:6], "$1,000"),
        (integer_text(1e300, "ru")[:2], f"1{NBSP}"),
        (percent_text(1e30, "en")[:6], "100,00"),
        (percent_text(0.9911, "en"), "99.11%"),
        (percent_text(0.99996, "en"), "99.996%"),
        (percent_text(0.985, "en"), "98.5%"),
        (percent_text(1.0, "en"), "100.0%"),
        (percent_text(1.42, "en"), "142.0%"),
        (value_text(0.99962, "share", "en", like=1.0), "99.962%"),
        (value_text(0.00022, "share", "en", like=0.0), "0.022%"),
        (value_text(0.0267, "times", "en"), "0.027"),
        (value_text(0.0251, "times", "ru", like=0.0267), "0,025"),
        (value_text(0.0043, "money", "en", "USD"), "$0.0043"),
        (value_text(0.0, "money", "en", "USD"), "$0.00"),
    ],
)
def test_as_written(made: str, shown: str):
    assert made == shown
