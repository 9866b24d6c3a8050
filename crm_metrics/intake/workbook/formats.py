"""What a cell's number format says of its value: a share, an amount of money, a code, a time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

Kind = Literal["number", "percent", "percent_written", "money", "padded", "stamp", "elapsed"]

# As facts reads them in a cell. A currency that is not here stays out of the cell and is named.
_CURRENCIES: dict[str, str] = {
    **dict.fromkeys(("₽", "руб.", "руб", "р.", "р", "RUB", "RUR"), "₽"),
    **dict.fromkeys(("$", "US$", "USD"), "$"),
    **dict.fromkeys(("€", "EUR"), "€"),
    **dict.fromkeys(("£", "GBP"), "£"),
    **dict.fromkeys(("₸", "KZT", "тенге"), "₸"),
    **dict.fromkeys(("₴", "UAH", "грн.", "грн"), "₴"),
    **dict.fromkeys(("₺", "TRY"), "₺"),
    **dict.fromkeys(("¥", "JPY"), "¥"),
}
_CODE = re.compile(r"^[A-Z]{3}$")
# The formats that every workbook has without saying so (ECMA-376, part 1, 18.8.30).
_BUILT_IN: dict[int, str] = {
    9: "0%",
    10: "0.00%",
    **dict.fromkeys(range(14, 23), "yyyy-mm-dd hh:mm"),
    **dict.fromkeys((*range(27, 37), *range(50, 59)), "yyyy-mm-dd"),
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
}
_SECTION = re.compile(r"""(?:"[^"]*"|\\.|\[[^\]]*\]|[^;"\\\[])*""")
_TOKEN = re.compile(r"""("[^"]*")|(\\.|_.|\*.)|(\[[^\]]*\])|(General)|(.)""", re.DOTALL | re.I)
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_MONEY = re.compile(r"\[\$([^\]-]+)(?:-[^\]]*)?\]")
_EPOCH = datetime(1899, 12, 30)
_EPOCH_1904 = datetime(1904, 1, 1)
_LEAP_BUG = 60
_SIGNIFICANT = 15
_EXACT = 2.0**53
_WHOLE = re.compile(r"-?[1-9][0-9]{0,40}")
_MOST_DAYS = 2_958_466


@dataclass(frozen=True, slots=True)
class Format:
    """The kind of a number format; its currency sign or unknown currency, its count of zeros."""

    kind: Kind = "number"
    sign: str = ""
    unknown: str = ""
    digits: int = 0

    @property
    def changes(self) -> bool:
        """Whether the value alone would not say what the cell shows."""
        return self.kind not in {"number", "stamp"}


def built_in(number: int) -> str:
    """The code of a format that a workbook need not declare."""
    return _BUILT_IN.get(number, "General")


def format_of(code: str) -> Format:
    """Read a format code, by its section for positive numbers."""
    shape, literal, marks = _taken_apart(code)
    kind: Kind = "number"
    if any(map(_ELAPSED.fullmatch, marks)):
        kind = "elapsed"
    elif "%" in shape:
        kind = "percent"
    elif set(shape.lower().replace("e+", "").replace("e-", "")) & set("ymdhs"):
        kind = "stamp"
    elif literal == "%":
        kind = "percent_written"
    elif len(shape) > 1 and set(shape) == {"0"} and not literal and not marks:
        return Format("padded", digits=len(shape))
    else:
        return _currency(shape, literal, marks)
    return Format(kind)


def _taken_apart(code: str) -> tuple[str, str, list[str]]:
    """The digits and letters of a format, the words in it, and its marks in brackets."""
    section = _SECTION.match(code)
    words, marks, skeleton = [], [], []
    for quoted, escaped, bracket, _, letter in _TOKEN.findall(section[0] if section else ""):
        if quoted:
            words.append(quoted[1:-1])
        elif escaped:
            words.append(escaped[1] if escaped[0] == "\\" else " ")
        elif bracket:
            marks.append(bracket)
        else:
            skeleton.append(letter)
    return "".join(skeleton), "".join(words).strip(), marks


def _currency(shape: str, literal: str, marks: Sequence[str]) -> Format:
    """The currency that a format writes beside the number, in brackets, quotes or as it is."""
    coined = [found[1].strip() for found in map(_MONEY.fullmatch, marks) if found]
    for word in [*coined, literal, shape.strip("0#?.,- ()")]:
        if word in _CURRENCIES:
            return Format("money", sign=_CURRENCIES[word])
    unknown = [*coined, *(_CODE.findall(literal))]
    return Format(unknown=unknown[0] if unknown else "")


def money_sign(currency: str) -> str:
    """The sign of a currency as facts read it in a cell; "" for one that they do not know."""
    return _CURRENCIES.get(currency.strip(), "")


def number_text(value: float) -> str:
    """A number as the fast reader writes it: at most nine digits after the point.

    Beyond what a double holds exactly as Excel shows it: the other digits would be made up.
    """
    if abs(value) > _EXACT:
        digits, exponent = f"{value:.{_SIGNIFICANT - 1}E}".split("E")
        return f"{digits.rstrip('0').rstrip('.')}E{exponent}"
    if value.is_integer():
        return str(int(value))
    text = f"{value:.9f}".rstrip("0").rstrip(".") or "0"
    return text if sum(map(str.isdigit, text)) <= _SIGNIFICANT else repr(value)


def formatted(raw: str, form: Format, *, date_1904: bool = False) -> str:
    """The text of a number in the file (`raw`) that keeps what its format says.

    Percents and amounts keep the 15 digits that Excel keeps. Raises ValueError for no number.
    """
    value = float(raw)
    if form.kind in {"percent", "percent_written"}:
        # A hundred times the double is off by less than half of the 15th digit.
        return f"{_plain(value * 100 if form.kind == 'percent' else value)}%"
    if form.kind == "money":
        return f"{_plain(value)} {form.sign}"
    if form.kind == "padded" and value.is_integer() and value >= 0:
        return str(int(value)).zfill(min(form.digits, 30))
    if form.kind == "elapsed":
        return elapsed_text(value)
    if form.kind == "stamp" and abs(value) < _MOST_DAYS:
        return stamp_text(value, date_1904=date_1904)
    return raw if _WHOLE.fullmatch(raw) else number_text(value)


def stamp_text(days: float, *, date_1904: bool = False) -> str:
    """A count of days as `2024-03-01 10:05:12`; Excel knows a 29th of February in 1900."""
    epoch = _EPOCH_1904 if date_1904 else _EPOCH
    if not date_1904 and days < _LEAP_BUG:
        days += 1
    moment = epoch + timedelta(milliseconds=round(days * 86_400_000))
    text = moment.isoformat(sep=" ", timespec="milliseconds")
    return text.removesuffix(".000")


def elapsed_text(days: float) -> str:
    """A count of days as hours, minutes and seconds: 1.25 is `30:00:00`."""
    milliseconds = round(abs(days) * 86_400_000)
    seconds, rest = divmod(milliseconds, 1000)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    text = f"{'-' if days < 0 and milliseconds else ''}{hours:02}:{minute:02}:{second:02}"
    return f"{text}.{rest:03}" if rest else text


def _plain(value: float) -> str:
    """The 15 digits of a number, without an exponent."""
    text = f"{value:.{_SIGNIFICANT}g}"
    if "e" not in text:
        return text
    text = f"{Decimal(text):f}"
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text
