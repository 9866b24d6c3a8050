"""Numbers, dates and durations as a language writes them; an undefined value is a dash."""

from __future__ import annotations

import math
from datetime import date, datetime

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_symbol

from crm_metrics.texts.catalog import in_full, locale_of, t

UNDEFINED = "—"
MINUS = "\u2212"  # as wide as a plus; the locales write a hyphen


def integer_text(value: float | None, lang: str) -> str:
    """1204 -> "1,204" or "1 204" (with a no-break space)."""
    return (
        UNDEFINED
        if value is None or math.isnan(value)
        else _signed(in_full(format_decimal, round(value), "#,##0", locale=locale_of(lang)))
    )


def decimal_text(value: float | None, lang: str, digits: int = 2) -> str:
    """2.345 -> "2.35" or "2,35"."""
    if value is None or math.isnan(value):
        return UNDEFINED
    pattern = "#,##0." + "0" * digits if digits else "#,##0"
    return _signed(in_full(format_decimal, value, pattern, locale=locale_of(lang)))


def percent_text(value: float | None, lang: str, digits: int | None = None) -> str:
    """A fraction as a percentage: 0.0213 -> "2.13%" or "2,13 %"; more digits for small shares."""
    if value is None or math.isnan(value):
        return UNDEFINED
    if digits is None:
        digits = share_digits(value)
    space = "\u00a0" if lang == "ru" else ""
    return _signed(
        in_full(
            format_percent, value, "#,##0." + "0" * digits + space + "%", locale=locale_of(lang)
        )
    )


def share_digits(value: float | None) -> int:
    """How many decimals a share's percentage needs: 24.2 %, 2.13 %, 0.007 %, 99.13 %."""
    size = abs(value or 0)
    if size == 0 or size >= 0.0995:
        # What lacks to the whole is read too, where hardly anything does.
        lack = 1 - size
        return 1 if lack <= 0 or lack >= 0.00995 else 2 if lack >= 0.000995 else 3
    return 2 if size >= 0.000995 else 3


def small_digits(value: float | None) -> int:
    """How many decimals an amount or a number of times needs: 2.35, 0.027, 0.0043."""
    size = abs(value or 0)
    return 2 if size == 0 or size >= 0.0995 else 3 if size >= 0.00995 else 4


def points_text(value: float | None, lang: str, digits: int = 1) -> str:
    """A difference of fractions in percentage points, signed: 0.006 -> "+0.6 pp" or "+0,6 п.п."."""
    if value is None or math.isnan(value):
        return UNDEFINED
    return t("unit.points", lang, value=signed_text(100 * value, lang, digits))


def signed_text(value: float | None, lang: str, digits: int = 2) -> str:
    """A difference with its sign, none where it rounds to zero: 2.345 -> "+2.35" or "+2,35"."""
    if value is None or math.isnan(value):
        return UNDEFINED
    sign = "" if round(abs(value), digits) == 0 else "+" if value > 0 else MINUS
    return sign + decimal_text(abs(value), lang, digits)


def money_text(
    value: float | None, lang: str, currency: str | None = None, digits: int | None = None
) -> str:
    """An amount, with its currency's sign where the currency is known; more digits for small ones.

    `digits` are those of cents, for amounts under a thousand.
    """
    if value is None or math.isnan(value):
        return UNDEFINED
    digits = 0 if abs(value) >= 1000 else small_digits(value) if digits is None else digits
    if not currency or len(currency) != 3:
        return decimal_text(value, lang, digits)
    number = "#,##0" + ("." + "0" * digits if digits else "")
    # A code of letters stands apart from the number, a sign does not.
    apart = "\u00a0" if get_currency_symbol(currency, locale_of(lang))[-1:].isalpha() else ""
    pattern = f"{number}\u00a0¤" if lang == "ru" else f"¤{apart}{number}"
    return _signed(
        in_full(
            format_currency, value, currency, pattern, locale=locale_of(lang), currency_digits=False
        )
    )


def duration_text(seconds: float | None, lang: str) -> str:
    """Seconds in the two largest fitting units: 8130 -> "2 h 16 min" or "2 ч 16 мин"."""
    if seconds is None or math.isnan(seconds):
        return UNDEFINED
    total = round(abs(seconds))
    units = (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1))
    for place, (name, size) in enumerate(units):
        if total >= size:
            parts = [t(f"unit.{name}", lang, value=str(total // size))]
            if place + 1 < len(units) and place != 2:
                smaller, smaller_size = units[place + 1]
                rest = (total % size) // smaller_size
                if rest:
                    parts.append(t(f"unit.{smaller}", lang, value=str(rest)))
            elif place == 2 and total % 60:
                parts.append(t("unit.second", lang, value=str(total % 60)))
            return (MINUS if seconds < 0 else "") + "\u00a0".join(parts)
    return t("unit.second", lang, value=decimal_text(seconds, lang, 0))


def day_count(days: float | None, lang: str) -> str:
    """A number of days with its word: 14 -> "14 days" or "14 дней"."""
    if days is None or math.isnan(days):
        return UNDEFINED
    digits = 0 if float(days).is_integer() else 1
    if digits:
        return t("unit.days_decimal", lang, value=decimal_text(days, lang, 1))
    return t("unit.days", lang, count=int(days))


def date_text(day: date | None, lang: str) -> str:
    """A day: 31.08.2026 in Russian, Aug 31, 2026 in English."""
    if day is None:
        return UNDEFINED
    if isinstance(day, datetime):
        return format_datetime(
            day, "dd.MM.y HH:mm" if lang == "ru" else "MMM d, y HH:mm", locale=locale_of(lang)
        )
    return format_date(day, "dd.MM.y" if lang == "ru" else "MMM d, y", locale=locale_of(lang))


def period_text(period: tuple[date, date] | None, lang: str) -> str:
    """Both ends of a period, or a dash."""
    if period is None:
        return UNDEFINED
    first, last = period
    return (
        date_text(first, lang)
        if first == last
        else f"{date_text(first, lang)} – {date_text(last, lang)}"
    )


def value_text(  # noqa: PLR0911 - a case a unit
    value: float | None,
    unit: str,
    lang: str,
    currency: str | None = None,
    *,
    like: float | None = None,
) -> str:
    """A metric's value by its unit: the one of a share, points, money, a count, and so on.

    With as many decimals as `like` needs, where it is given (none and all of a share need few).
    """
    if value is None or math.isnan(value):
        return UNDEFINED
    whole = unit == "share" and like == 1
    model = value if not like or whole else like
    match unit:
        case "share":
            return percent_text(value, lang, share_digits(model))
        case "money":
            return money_text(value, lang, currency, small_digits(model))
        case "count":
            return integer_text(value, lang)
        case "seconds":
            return duration_text(value, lang)
        case "days":
            return day_count(round(value, 1), lang)
        case "points":
            return decimal_text(value, lang, 1)
        case "correlation":
            return decimal_text(value, lang, 2)
        case _:
            return decimal_text(value, lang, small_digits(model))


def _signed(number: str) -> str:
    return number.replace("-", MINUS)
