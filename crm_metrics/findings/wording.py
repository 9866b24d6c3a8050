"""Values and differences in words: a channel's name, an estimate with its base, a signed change."""

from __future__ import annotations

from crm_metrics.findings.report import Shift
from crm_metrics.metrics import metric_named
from crm_metrics.metrics.model import Unit, Value
from crm_metrics.texts import (
    day_count,
    decimal_text,
    duration_text,
    has,
    integer_text,
    money_text,
    percent_text,
    points_text,
    small_digits,
    t,
    value_text,
)
from crm_metrics.texts.formats import MINUS


def channel_name(channel: str | None, lang: str) -> str:
    """The channel as a person calls it; a channel of the user's own keeps its name, on one line."""
    key = f"channel.{channel or 'unknown'}"
    return t(key, lang) if has(key, lang) else " ".join(str(channel).split())


def metric_name(key: str, lang: str) -> str:
    """The metric's name as on the pages."""
    return _named(f"metric.{key}.name", key, lang)


def field_name(key: str | None, lang: str) -> str:
    """The field's name as on the Columns page; a dash for a column without a field."""
    return _named(f"field.{key}.name", key, lang) if key else "—"


def flag_text(code: str, lang: str, grain: str | None = None) -> str:
    """A flag in words, those of a kind of rows where it has its own."""
    own = f"flag.{code}_{grain}"
    return t(own, lang) if grain and has(own, lang) else _named(f"flag.{code}", code, lang)


def flags_text(value: Value, lang: str) -> list[str]:
    """What a value says of itself in words, with how much of it is still open."""
    return [
        " ".join([flag_text(flag, lang, value.grain), *young_text(value, lang, flag)])
        for flag in value.flags
    ]


def young_text(value: Value, lang: str, flag: str = "immature") -> list[str]:
    """How much of the denominator is too young, in a sentence; none for other flags."""
    if flag != "immature" or not value.young:
        return []
    return [t("sentence.young", lang, share=percent_text(value.young, lang))]


def inside(name: str) -> str:
    """A name as it stands inside a sentence: "Click rate" -> "click rate", "CTR" as it is."""
    return name if name[:2].isupper() or name[1:2] == "-" else name[:1].lower() + name[1:]


def n_text(value: Value, lang: str) -> str:
    """How many units a value stands on; a dash for a rate that a file states of one row.

    Of a ratio also what they add up to below its line (visits, clicks, spend), since its units are
    rows or buyers, and of people how many answers they gave; where grains have units of their own,
    how many of each.
    """
    if value.is_stated:
        return "—"
    of_ratio = "y" in value.components
    n = integer_text(value.n, lang)
    if value.answers is not None:
        return t("n.and_answers", lang, n=n, answers=integer_text(value.answers, lang))
    if len(value.units) > 1 and (of_ratio or value.base is None):
        n = " + ".join(
            t(
                "n.of_grain",
                lang,
                n=integer_text(number, lang),
                grain=t(f"grain.{grain}.name", lang),
            )
            for grain, number in value.units.items()
        )
    elif not of_ratio or value.base == value.n:
        return n
    base = _base_text(value, lang)
    return t("n.and_base", lang, n=n, base=base) if base else n


def _base_text(value: Value, lang: str) -> str:
    """The denominator: an amount where money is divided by money, else a count."""
    if value.base is None:
        return ""
    metric = metric_named(value.metric, value.grain)
    if metric.money and metric.unit != "money":
        return money_text(value.base, lang, value.currency)
    return sum_text(value.base, lang)


def sum_text(number: float, lang: str) -> str:
    """A sum of counts without decimals, one of amounts with two."""
    return decimal_text(number, lang, 0 if float(number).is_integer() else 2)


def estimate(value: Value, unit: Unit, lang: str) -> str:
    """A value with its interval and n, or with n alone where it has no interval."""
    currency = value.currency
    shown = value_text(value.value, unit, lang, currency)
    n = n_text(value, lang)
    if value.low is None or value.high is None:
        return t("sentence.value_n", lang, value=shown, n=n)
    return t(
        "sentence.value_interval_n",
        lang,
        value=shown,
        low=bound_text(value.low, value.value, unit, lang, currency),
        high=bound_text(value.high, value.value, unit, lang, currency),
        n=n,
    )


def bound_text(
    bound: float, value: float | None, unit: Unit, lang: str, currency: str | None = None
) -> str:
    """An end of an interval, with as many digits as the value it belongs to."""
    if unit == "days" and round(float(bound), 1).is_integer():
        return t("unit.days_bound", lang, count=round(bound))
    # Of none in thousands the upper end is small, and is no zero.
    return value_text(bound, unit, lang, currency, like=value)


def shift_texts(shift: Shift, unit: Unit, lang: str, currency: str | None = None) -> dict[str, str]:
    """The difference and its interval's ends, signed: `change`, `change_low`, `change_high`.

    A difference of shares is in points, never in per cent.
    """
    ends = (shift.value, shift.low, shift.high)
    digits = _digits(max(abs(end or 0) for end in ends), unit)
    texts = [_signed(end, unit, lang, currency, digits) for end in ends]
    return dict(zip(("change", "change_low", "change_high"), texts, strict=True))


def size_text(size: float, unit: Unit, lang: str, currency: str | None = None) -> str:
    """A difference without its sign, as "smaller than ..." needs it."""
    return _signed(abs(size), unit, lang, currency, _digits(abs(size), unit)).lstrip("+")


def _digits(size: float, unit: Unit) -> int:
    if unit in ("share", "points"):
        return 2 if unit == "share" and size < 0.00995 else 1
    return small_digits(size)


def _signed(value: float | None, unit: Unit, lang: str, currency: str | None, digits: int) -> str:
    if value is None or unit == "share":
        return points_text(value, lang, digits)
    match unit:
        case "money":
            text = money_text(abs(value), lang, currency, digits)
        case "seconds":
            text = duration_text(abs(value), lang)
        case "days":
            text = day_count(round(abs(value), 1), lang)
        case "count":
            text = integer_text(abs(value), lang)
        case _:
            text = decimal_text(abs(value), lang, digits)
    if not any(digit in text for digit in "123456789"):
        return text
    return ("+" if value > 0 else MINUS) + text


def _named(key: str, fallback: str, lang: str) -> str:
    return t(key, lang) if has(key, lang) else fallback
