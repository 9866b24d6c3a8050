"""Numbers that a spreadsheet spoilt: an exponent, a tail ".0", digits and leading zeros lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from math import sqrt
from operator import itemgetter
from typing import Any

import ibis
import ibis.expr.types as ir

from crm_metrics.audit.ground import FILE, Ground, places
from crm_metrics.audit.model import Check, Violations
from crm_metrics.metrics.expressions import NO, any_true

# 7.9E+10 and 79161234567.0.
_SPOILT = r"^\d+([.,]\d+)?[eE]\+?\d+$|^\d{9,}[.,]0$"
# A double keeps fifteen digits; those after them become zeros.
_KEPT = 15
_ROUNDED = rf"^[1-9]\d{{{_KEPT - 1}}}0+$"
# Of numbers that end so by chance there may be so many times less, and so many deviations.
_TIMES, _DEVIATIONS = 5, 4
# So many rows have the column's width, so few are longer, so many values have zeros before them.
_OF_ONE_WIDTH, _LONGER, _LEAST_LED = 0.8, 0.01, 5
_IDS = {
    "contacts": ("contact_id", "customer_id", "phone"),
    "deals": ("deal_id", "customer_id", "phone"),
    "orders": ("order_id", "customer_id", "phone"),
    "activities": ("object_id",),
}
# Phones have no one width, and are written with and without the zero of their country.
_OF_NO_WIDTH = ("phone",)


@dataclass(frozen=True, slots=True)
class _Shape:
    """Values of digits alone in a column of a data set, by their length and leading zeros.

    `rows` have them; `led` counts the values with zeros in front, `long` those of more digits than
    a double keeps, and `rounded` those of them with nothing but zeros after these.
    """

    length: int | None
    zeros: int | None
    rows: int
    led: int
    long: int
    rounded: int


def _damaged(ground: Ground, *, grain: str, names: tuple[str, ...]) -> Violations:
    """Rows with a spoilt number in any of these columns, of all that have one filled."""
    table = ground.rows_with(grain, "|".join(names))
    own = [name for name in names if name in ground.known(grain)]
    texts = {name: table[name].cast("string") for name in own}
    rows = table.filter(any_true(text.notnull() for text in texts.values()))
    bad = [text.re_search(_SPOILT) for text in texts.values()]
    for name, text in texts.items():
        for file, shapes in _shapes(table, text):
            lost = [*_digits_lost(text, shapes)]
            if name not in _OF_NO_WIDTH:
                lost += _zeros_lost(text, shapes)
            bad += [(table[FILE].cast("string") == file) & one for one in lost]
    found = rows.filter(any_true(one.fill_null(NO) for one in bad))
    return Violations(rows=found.select(**places(found), date=found.date), base=rows.select("date"))


def _shapes(table: ir.Table, text: ir.StringValue) -> Iterator[tuple[str, list[_Shape]]]:
    """The shapes of a column's values by data set; values with anything but digits have none."""
    digits = text.re_search(r"^\d+$")
    rows = table.filter(text.notnull()).select(
        file=table[FILE].cast("string"),
        text=text,
        length=ibis.ifelse(digits, text.length(), ibis.null("int32")),
        zeros=ibis.ifelse(digits, text.re_extract(r"^(0*)[1-9]", 1).length(), ibis.null("int32")),
    )
    long = (rows.length > _KEPT) & (rows.zeros == 0)
    told = rows.group_by("file", "length", "zeros").aggregate(
        rows=rows.count(),
        led=rows.text.nunique(where=rows.zeros > 0),
        long=rows.text.nunique(where=long),
        rounded=rows.text.nunique(where=long & rows.text.re_search(_ROUNDED)),
    )
    lines: list[dict[str, Any]] = told.order_by("file").to_pyarrow().to_pylist()
    for file, group in groupby(lines, itemgetter("file")):
        yield file, [_Shape(**{k: v for k, v in one.items() if k != "file"}) for one in group]


def _digits_lost(text: ir.StringValue, shapes: list[_Shape]) -> Iterator[ir.BooleanValue]:
    """Numbers of one length of which more end in zeros after the fifteenth digit than may."""
    for one in shapes:
        if one.length is None or not one.rounded:
            continue
        usual = one.long * 10.0 ** (_KEPT - one.length)
        if one.rounded > max(_TIMES * usual, usual + _DEVIATIONS * sqrt(usual)):
            yield (text.length() == one.length) & text.re_search(_ROUNDED)


def _zeros_lost(text: ir.StringValue, shapes: list[_Shape]) -> Iterator[ir.BooleanValue]:
    """Shorter numbers in a column of one width that zeros fill up, by as many zeros as some have.

    Without a zero in front of others they may be the first numbers of a count.
    """
    filled = sum(one.rows for one in shapes)
    lengths: dict[int, int] = {}
    for one in shapes:
        if one.length is not None:
            lengths[one.length] = lengths.get(one.length, 0) + one.rows
    if not lengths:
        return
    width = max(lengths, key=lambda length: lengths[length])
    longer = sum(rows for length, rows in lengths.items() if length > width)
    full = [one for one in shapes if one.length == width and one.zeros]
    if (
        lengths[width] >= _OF_ONE_WIDTH * filled
        and longer <= _LONGER * filled
        and sum(one.led for one in full) >= _LEAST_LED
    ):
        most = max(one.zeros or 0 for one in full)
        yield (
            (text.length() < width)
            & (text.length() >= width - most)
            & text.re_search(r"^[1-9]\d*$")
        )


CHECKS = tuple(
    Check(
        key="id_damaged",
        grain=grain,
        needs=("|".join(names),),
        severity=1,
        effort="S",
        rule=partial(_damaged, grain=grain, names=names),
        shows=names,
    )
    for grain, names in _IDS.items()
)
