"""What a cell looks like, and what the cells of a column have in common."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

_FAILED = (
    *("#n/a", "#div/0!", "#ref!", "#value!", "#name?", "#num!", "#null!"),
    *("#н/д", "#дел/0!", "#ссылка!", "#знач!", "#имя?", "#число!", "#пусто!"),
)
"""What a spreadsheet writes where a formula failed."""
_MISSING = frozenset(
    {
        *("", "-", "--", "---", "—", "–", "−", "n/a", "na", "null", "none", "nan", "(not set)"),
        *_FAILED,
    }
)
_NUMBER = re.compile(
    r"[(+\-−<>≈~]*\s*(?:[A-Z]{0,3}[$€£¥₽₸₴₺])?\s*[+\-−]?"
    r"(?:\d{1,3}(?:[ ,.']\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?|[.,]\d+)(?:[eE][+\-]?\d+)?"
    r"\s*(?:%|[$€£¥₽₸₴₺]|руб\.?|р\.|RUB|USD|EUR|тыс\.?|[KkMmКкМ])?\)?"
)
_MONTH = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
    r"|янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек)[^\W\d]*\.?"
)
_DAY = (
    r"(?:(?:19|20)\d{2}(?:-\d{1,2}|[-/.]\d{1,2}[-/.]\d{1,2})"
    r"|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|(?:19|20)\d{6}"
    rf"|(?:[a-z]{{3,9}},?\s+)?{_MONTH}\s+\d{{1,2}}(?:,?\s+\d{{4}})?"
    rf"|\d{{1,2}}[\s-]{_MONTH}(?:[\s-]\d{{2,4}})?)"
)
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[ap]\.?m\.?)?"
_ZONE = r"\s*(?:z|utc|gmt|msk|[+\-]\d{2}:?\d{2}(?:\s*utc)?)?"
_DATE = re.compile(
    rf"{_DAY}(?:\s*г\.?)?(?:[t,\s]+{_CLOCK}{_ZONE})?(?:\s*[-—–]\s*{_DAY})?", re.IGNORECASE
)
_SHAPES = (
    ("email", re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")),
    ("date", _DATE),
    ("number", _NUMBER),
    ("time", re.compile(r"-?\d{1,4}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[ap]\.?m\.?)?", re.I)),
    ("phone", re.compile(r"(?=(?:\D*\d){9})\+?[\d\s()\-]{9,20}")),
)
_HINTS = frozenset("0123456789@")
_URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_MAX_TYPED = 64
"""No number, date or address that matters is longer; it also bounds the regular expressions."""

_SAMPLE_ROWS = 500

TYPED = frozenset({"number", "date", "time", "email", "url", "phone"})


def is_missing(cell: str) -> bool:
    """Whether the cell says that there is no value."""
    return cell.strip().lower() in _MISSING


def shape(cell: str) -> str:
    """One of: missing, number, date, time, email, url, phone, text."""
    return _shape(cell) if len(cell) > _MAX_TYPED else _shape_of_short(cell)


def _shape(cell: str) -> str:
    text = _spaced(cell).strip()
    if text.lower() in _MISSING:
        return "missing"
    if text[0] in "hHwW" and _URL.fullmatch(text[:2000]):
        return "url"
    if len(text) > _MAX_TYPED or _HINTS.isdisjoint(text):
        return "text"
    return next((kind for kind, pattern in _SHAPES if pattern.fullmatch(text)), "text")


# The first cells of a file are asked again for each delimiter, heading and kind of table.
_shape_of_short = lru_cache(maxsize=16_384)(_shape)


def _spaced(cell: str) -> str:
    """The cell with ordinary spaces for narrow and no-break ones."""
    # Ten times faster than `translate`, and most cells of the world are asked.
    if cell.isascii():
        return cell
    return cell.replace("\u00a0", " ").replace("\u202f", " ").replace("\u2009", " ")


@dataclass(frozen=True, slots=True)
class Column:
    """What a sample of a column's cells shows.

    `kind` is the shape of at least 90% of the non-missing cells (of five or more, of all but
    one), else "text", or "empty";
    `words` holds the distinct texts of a column of few repeated ones, else it is empty; `sample`
    the cells it was learnt from.
    """

    kind: str
    filled: float
    words: frozenset[str] = frozenset()
    sample: tuple[str, ...] = field(default=(), compare=False, repr=False)

    @property
    def strict(self) -> bool:
        """Whether a foreign cell can be told from one of this column."""
        return self.kind in TYPED or bool(self.words)

    def takes(self, cell: str) -> bool:
        """Whether the cell could stand in this column."""
        found = shape(cell)
        if found == "missing":
            return self.filled < 1.0
        if self.kind == "empty":
            return False
        if self.kind in TYPED:
            alike = {self.kind, "number"} if self.kind in {"date", "phone"} else {self.kind}
            if self.kind == "number":
                alike = {"number", "date", "phone"}  # 20240101 is a number here, a date there
            return found in alike
        if self.words:
            return cell.strip() in self.words
        return True


def column(cells: Iterable[str]) -> Column:
    """Describe a column by a sample of its cells."""
    texts = [cell.strip() for cell in cells]
    shapes = Counter(shape(text) for text in texts)
    missing = shapes.pop("missing", 0)
    known = sum(shapes.values())
    sample = tuple(texts)
    if not known:
        return Column("empty", 0.0, sample=sample)
    filled = known / (known + missing)
    kind, count = shapes.most_common(1)[0]
    if kind == "date" and shapes.get("number"):
        # 20240101 beside 20249999: digits that only sometimes look like a date are numbers.
        kind, count = "number", count + shapes["number"]
    elif kind == "number":
        count += shapes.get("date", 0)
    if kind in TYPED and count >= min(0.9 * known, max(known - 1, 4)):
        return Column(kind, filled, sample=sample)
    words = {text for text in texts if text}
    if known >= 20 and len(words) <= min(12, known // 5) and max(map(len, words)) <= 40:
        return Column("text", filled, frozenset(words), sample)
    return Column("text", filled, sample=sample)


def columns(rows: Sequence[Sequence[str]], width: int) -> tuple[Column, ...]:
    """Describe each of `width` columns by the rows that have them, or a sample of these."""
    rows = rows[:: len(rows) // _SAMPLE_ROWS + 1]
    return tuple(column(row[i] for row in rows if i < len(row)) for i in range(width))


def fit(cells: Sequence[str], known: Sequence[Column]) -> float:
    """Share of the strict columns that take their cell; 1.0 where no column is strict."""
    strict = [(cell, col) for cell, col in zip(cells, known, strict=False) if col.strict]
    if not strict:
        return 1.0
    return sum(col.takes(cell) for cell, col in strict) / len(strict)


def as_number(cell: str, *, decimal: str) -> float | None:
    """The number a cell shows if `decimal` is its decimal mark; None for anything else."""
    text = _spaced(cell).strip().replace("−", "-")
    if len(text) > _MAX_TYPED or not _NUMBER.fullmatch(text) or text.endswith("%"):
        return None
    digits = re.sub(r"[^\d.,eE\-]", "", text)
    group = "," if decimal == "." else "."
    try:
        return float(digits.replace(group, "").replace(decimal, "."))
    except ValueError:
        return None
