"""What follows from a mapping's fields: formats, meanings of words in cells, constants."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from crm_metrics.intake.table import Table
from crm_metrics.mapping.cells.profile import Profile
from crm_metrics.mapping.cells.score_words import score_scale
from crm_metrics.mapping.cells.words import asks, choices, meanings, words_of
from crm_metrics.mapping.headers.header import HeaderName
from crm_metrics.mapping.look import Seen, kind_on, look
from crm_metrics.mapping.matching.cues import survey_scale
from crm_metrics.mapping.model import ColumnMapping, DateOrder, Decimal, Mapping, Why
from crm_metrics.mapping.questions import (
    begins_at_one,
    question_of,
    states_a_scale,
    with_what_was_asked,
)
from crm_metrics.mapping.recognition.exports import Export
from crm_metrics.schema import Kind

_T = TypeVar("_T")
_NUMERIC: frozenset[Kind] = frozenset({"count", "money", "rate", "number", "duration"})
_SETTLED = ("chosen", "confirmed", "template_")
"""Beginnings of reasons that say more than what follows here: of the user's own answers."""
_MOST_LISTED = 3
_LONGEST_WORD = 40


def completed(table: Table, mapping: Mapping) -> Mapping:
    """The mapping after the user changed a field, with what follows from it.

    A new stage column gets its won and lost words, a new score column its scale, a new date its
    order. What was settled before stays.
    """
    return complete(look(table), mapping)


def complete(seen: Seen, mapping: Mapping, export: Export | None = None) -> Mapping:
    """The mapping with formats, word meanings and constants filled in from what the table shows."""
    columns = tuple(_worded(item, seen, mapping.grain) for item in mapping.columns)
    columns = _formatted(columns, seen, mapping.grain, export)
    found = _constants(columns, seen, mapping.grain)
    chosen = any(item.field == "score" and item.why.code == "chosen" for item in columns)
    constants = {**mapping.constants, **found} if chosen else {**found, **mapping.constants}
    return with_what_was_asked(seen, replace(mapping, columns=columns, constants=constants))


def _worded(item: ColumnMapping, seen: Seen, grain: str | None) -> ColumnMapping:
    """The column with the meaning of the words in its cells; in doubt where some have none."""
    field = item.field
    if field == "score" and (scale := score_scale(words_of(seen.table, item.column))):
        told = {word: str(score) for word, score in scale.scores.items()}
        return replace(item, values={**told, **item.values})
    if field is None or not choices(field, grain):
        return item
    words = words_of(seen.table, item.column)
    item = replace(item, values={**meanings(field, words, grain), **item.values})
    left = [word for word in words if word not in item.values]
    if not left or not asks(field, grain) or item.why.code.startswith(_SETTLED):
        return item
    return replace(item, level="ask", why=Why("words_unknown", {"words": _listed(left)}))


def _listed(words: Sequence[str]) -> str:
    shown = ", ".join(f"«{word[:_LONGEST_WORD]}»" for word in words[:_MOST_LISTED])
    return f"{shown}, …" if len(words) > _MOST_LISTED else shown


def _formatted(
    columns: Sequence[ColumnMapping], seen: Seen, grain: str | None, export: Export | None
) -> tuple[ColumnMapping, ...]:
    """Formats per column: what its values show, else its file's other columns, else its system."""
    profiles = seen.profiles
    common_order = _only(p.date_order for p in profiles if p.date_order in {"dmy", "mdy"})
    common_decimal = _only(p.decimal for p in profiles if p.decimal)
    order = common_order or (export.date_order if export else None)
    decimal = common_decimal or (export.decimal if export else None)
    return tuple(
        _with_formats(item, profiles[item.column], grain, order, decimal) for item in columns
    )


def _with_formats(
    item: ColumnMapping,
    values: Profile,
    grain: str | None,
    order: DateOrder | None,
    decimal: Decimal | None,
) -> ColumnMapping:
    kind = kind_on(item.field, grain)
    if kind == "flag" and values.binary:
        item = replace(item, kind="flag")
    if values.kind in {"date", "timestamp"} and item.date_order is None:
        if not values.date_unclear:
            return replace(item, date_order=values.date_order)
        known = order if order != "ymd" else None
        known = known or ("dmy" if values.dotted else None)
        return _asking(replace(item, date_order=known), "date_order_unclear", doubt=known is None)
    if values.kind in {"number", "percent"} and item.decimal is None:
        if not values.decimal_unclear:
            return replace(item, decimal=values.decimal)
        if kind == "count":
            # Whatever mark the file's other numbers have, 1,234 messages are a thousand and more.
            return item
        doubt = decimal is None and kind in _NUMERIC
        return _asking(replace(item, decimal=decimal), "decimal_unclear", doubt=doubt)
    return item


def _asking(item: ColumnMapping, code: str, *, doubt: bool) -> ColumnMapping:
    if not doubt or not item.field or item.why.code.startswith(_SETTLED):
        return item
    return replace(item, level="ask", why=Why(code))


def _constants(columns: Iterable[ColumnMapping], seen: Seen, grain: str | None) -> dict[str, str]:
    by_field = {item.field: item for item in columns if item.field}
    found: dict[str, str] = {}
    money = [item.column for field, item in by_field.items() if kind_on(field, grain) == "money"]
    currency = _only(
        code for at in money if (code := seen.names[at].currency or seen.profiles[at].currency)
    )
    if currency and "currency" not in by_field:
        found["currency"] = currency
    scores = [item for item in columns if item.field == "score"]
    told = len(scores) != 1 or scores[0].question is not None
    if grain == "surveys" and not told and "survey_type" not in by_field:
        found |= _survey(scores[0], seen)
    return {key: text for key, text in found.items() if key not in by_field}


def _survey(item: ColumnMapping, seen: Seen) -> dict[str, str]:
    """The kind of survey and the ends of its scale, as the header, numbers or words show them."""
    values = seen.profiles[item.column]
    scale = score_scale(words_of(seen.table, item.column))
    if scale is None:
        return _numbered(seen.names[item.column], values)
    low = min(scale.scores.values()) if scale.low is None else scale.low
    high = scale.high or max(scale.scores.values())
    numbers = replace(values, kind="number", low=float(low), high=float(high))
    found = survey_scale(seen.names[item.column], numbers)
    if scale.kind:
        found |= {"survey_type": scale.kind}
    return found | ({"scale_max": str(scale.high)} if scale.high else {})


def _numbered(name: HeaderName, values: Profile) -> dict[str, str]:
    """What numbers show, unless the header names the ends itself: 1-10 is no NPS."""
    found = survey_scale(name, values)
    if found.get("survey_type") == "nps" and begins_at_one(name, values):
        # Which scale it is has to be asked: nobody chose 0.
        del found["scale_min"]
    if found and states_a_scale(name):
        asked = question_of(name, values, None)
        ends = {"scale_min": asked.scale_min, "scale_max": asked.scale_max}
        found |= {key: f"{end:g}" for key, end in ends.items() if end is not None}
        found |= {"survey_type": asked.survey_type} if asked.survey_type else {}
    return found


def _only(items: Iterable[_T]) -> _T | None:
    """The one value that all items share, or None."""
    distinct = set(items)
    return distinct.pop() if len(distinct) == 1 else None
