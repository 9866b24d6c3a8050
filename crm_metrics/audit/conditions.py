"""Pieces that several declarations share: what a blank cell, a known word and a past day are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from functools import reduce
from operator import and_

import ibis
import ibis.expr.types as ir

from crm_metrics.audit.model import Condition, Settings, Threshold
from crm_metrics.mapping.cells.blanks import UNSAID
from crm_metrics.metrics.expressions import NO, folded
from crm_metrics.metrics.model import Limits

LIMITS = Limits()
# The standard deviation of a normal distribution is so many of its median absolute deviations.
MAD_OF_NORMAL = 1.4826
OTHER_WORDS = ("other", "others", "misc", "прочее", "прочие", "другое", "другая", "другие", "иное")


def _only(words: Iterable[str]) -> str:
    """A pattern of cells with one of these words alone, in any case.

    A cell that begins otherwise is done with at its first letter, where to strip, to fold and to
    look up takes five times as long.
    """
    return rf"(?i)^[ \t\n\r\v\f]*(?:{'|'.join(map(re.escape, words))})[ \t\n\r\v\f]*$"


_NOTHING, _VAGUE = _only(UNSAID), _only((*UNSAID, *OTHER_WORDS))


def blank(column: ir.Value) -> ir.BooleanValue:
    """Whether nothing is written, or only a word that says so; never null."""
    if not column.type().is_string():
        return column.isnull()
    return column.isnull() | column.re_search(_NOTHING)


def vague(column: ir.StringValue) -> ir.BooleanValue:
    """Whether nothing is written, or "other": a category that tells nothing."""
    return column.isnull() | column.re_search(_VAGUE)


def missing(*fields: str) -> Condition:
    """Whether all of these fields are blank."""
    return _all(blank, fields)


def tells_nothing(*fields: str) -> Condition:
    """Whether all of these categories are blank or "other"."""
    return _all(vague, fields)


def within(base: ir.BooleanValue, broken: ir.BooleanValue) -> ir.BooleanValue:
    """Whether a row of the base is broken; null outside of the base."""
    return ibis.ifelse(base.fill_null(NO), broken.fill_null(NO), ibis.null("boolean"))


def same_name(column: ir.StringValue) -> ir.StringValue:
    """A name as names are compared: without case, without "ё", one space between its words."""
    return folded(column).replace("ё", "е").re_replace(r"\s+", " ")


def day_before(settings: Settings, threshold: Threshold) -> date:
    """The day that lies so many days before today."""
    return settings.day - timedelta(days=round(settings.of(threshold)))


def _all(test: Callable[..., ir.BooleanValue], fields: Sequence[str]) -> Condition:
    return lambda table, _: reduce(and_, (test(table[name]) for name in fields))
