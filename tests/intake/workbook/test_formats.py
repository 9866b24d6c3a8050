"""Number formats, beside what Excel shows and the dates of the standard library."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_metrics.intake.workbook import formats
from crm_metrics.intake.workbook.formats import (
    Format,
    elapsed_text,
    format_of,
    formatted,
    number_text,
    stamp_text,
)
from crm_metrics.mapping.cells.currencies import currency_code


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("General", Format()),
        ("", Format()),
        ("#,##0.00", Format()),
        ("0.00E+00", Format()),
        ("0%", Format("percent")),
        ('0.0%;[Red]-0.0%;"-"', Format("percent")),
        ('0.0"%"', Format("percent_written")),
        ("0.0\\%", Format("percent_written")),
        ('# ##0.00 "₽"', Format("money", sign="₽")),
        ("#,##0.00\\ [$₽-419];[Red]-#,##0.00\\ [$₽-419]", Format("money", sign="₽")),
        ('_-* #,##0.00\\ "₽"_-;\\-* #,##0.00\\ "₽"_-', Format("money", sign="₽")),
        ('#,##0" руб."', Format("money", sign="₽")),
        ("[$$-409]#,##0.00", Format("money", sign="$")),
        ('"$"#,##0', Format("money", sign="$")),
        ("$#,##0", Format("money", sign="$")),
        ("[$€-407] #,##0", Format("money", sign="€")),
        ("#,##0 [$KZT]", Format("money", sign="₸")),
        ("#,##0 [$CZK]", Format(unknown="CZK")),
        ('0" шт."', Format()),
        ('0.0,"K"', Format()),
        ("00000", Format("padded", digits=5)),
        ("000-000", Format()),
        ("dd.mm.yyyy", Format("stamp")),
        ("[$-419]D MMMM YYYY\\ \\г\\.;@", Format("stamp")),
        ("h:mm AM/PM", Format("stamp")),
        ("[h]:mm:ss", Format("elapsed")),
        ("[mm]:ss", Format("elapsed")),
        ('[Red]"plan" 0', Format()),
        ("@", Format()),
        ('"unclosed', Format()),
        ("[", Format()),
    ],
)
def test_what_a_format_says(code: str, expected: Format) -> None:
    assert format_of(code) == expected


@pytest.mark.parametrize(
    ("raw", "form", "text"),
    [
        ("0.21", Format("percent"), "21%"),
        ("0.123456", Format("percent"), "12.3456%"),
        ("0.07", Format("percent"), "7%"),
        ("0.30000000000000004", Format("percent"), "30%"),
        ("1", Format("percent"), "100%"),
        ("0", Format("percent"), "0%"),
        ("-1.5E-3", Format("percent"), "-0.15%"),
        ("21", Format("percent_written"), "21%"),
        ("1234.5", Format("money", sign="₽"), "1234.5 ₽"),
        ("-15.25", Format("money", sign="$"), "-15.25 $"),
        ("42", Format("padded", digits=5), "00042"),
        ("123456", Format("padded", digits=5), "123456"),
        ("4.5", Format("padded", digits=3), "4.5"),
        ("1.2534722222222221", Format("elapsed"), "30:05:00"),
        ("45352", Format("stamp"), "2024-03-01 00:00:00"),
        ("1.2345678901234567E+17", Format(), "1.23456789012346E+17"),
        ("271680.88", Format(), "271680.88"),
        ("5000", Format(), "5000"),
    ],
)
def test_the_text_keeps_what_the_format_says(raw: str, form: Format, text: str) -> None:
    assert formatted(raw, form) == text


def test_facts_read_every_sign() -> None:
    for written, sign in formats._CURRENCIES.items():
        assert currency_code(sign) == currency_code(written) is not None


@settings(max_examples=100, deadline=None)
@given(st.integers(-(10**12), 10**12), st.integers(0, 9))
def test_a_share_loses_no_digit(digits: int, scale: int) -> None:
    exact = Decimal(digits).scaleb(-scale)
    text = formatted(str(float(exact)), Format("percent"))
    assert Decimal(text.removesuffix("%")) == exact * 100


@settings(max_examples=100, deadline=None)
@given(st.datetimes(datetime(1900, 3, 1), datetime(2200, 1, 1)))
def test_days_are_those_of_the_calendar(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    days = (moment - datetime(1899, 12, 30)) / timedelta(days=1)
    assert stamp_text(days) == str(moment)
    assert stamp_text(days - 1462, date_1904=True) == str(moment)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**7))
def test_elapsed_seconds_come_back(seconds: int) -> None:
    hours, minutes, rest = map(int, elapsed_text(seconds / 86_400).split(":"))
    assert hours * 3600 + minutes * 60 + rest == seconds
    assert elapsed_text(-seconds / 86_400).lstrip("-") == elapsed_text(seconds / 86_400)


@given(st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_a_plain_number_is_near(value: float) -> None:
    assert float(number_text(value)) == pytest.approx(value, abs=1e-9, rel=1e-14)
