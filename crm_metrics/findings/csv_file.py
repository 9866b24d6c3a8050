"""CSV that opens in Excel by a double click: byte order mark, the language's delimiter and mark."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from crm_metrics.findings.number_sheets import data_sheet
from crm_metrics.findings.report import Report
from crm_metrics.findings.safe_text import safe_text
from crm_metrics.findings.sheet import Cell

_DELIMITER = {"ru": ";", "en": ","}
_DECIMAL = {"ru": ",", "en": "."}


def csv_bytes(report: Report) -> bytes:
    """The report's tidy data as CSV: what the workbook's last tab holds."""
    data = data_sheet(report)
    return table_csv([heading.title for heading in data.headings], data.rows, report.lang)


def table_csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]], lang: str) -> bytes:
    """A table as CSV bytes in UTF-8 with a byte order mark and CRLF line ends.

    Russian: ";" and a decimal comma; English: "," and a point. Texts are quoted and defused,
    numbers and ISO dates are bare, an undefined value is empty.
    """
    return (csv_lines([columns], lang) + csv_lines(rows, lang)).encode("utf-8-sig")


def csv_lines(rows: Iterable[Sequence[Cell]], lang: str) -> str:
    """Rows as lines of such a file, each with its end."""
    delimiter = _DELIMITER[lang]
    return "".join(delimiter.join(_cell(cell, lang) for cell in row) + "\r\n" for row in rows)


def _cell(cell: Cell, lang: str) -> str:
    plain = getattr(cell, "item", lambda: cell)()  # numpy's scalars come from frames
    if plain is None or plain != plain:  # noqa: PLR0124 - not a number, not a time
        return ""
    match plain:
        case bool() | str():
            return '"' + safe_text(str(plain)).replace('"', '""') + '"'
        case datetime():
            return plain.isoformat(sep=" ", timespec="seconds")
        case date():
            return plain.isoformat()
        case _ if math.isfinite(plain):
            return _number(plain).replace(".", _DECIMAL[lang])
        case _:
            return ""


def _number(number: float) -> str:
    """All digits of the number, never with an exponent."""
    return format(Decimal(repr(number)), "f").removesuffix(".0")
