"""The columns of a table under a template: kept, asked with a reason, renamed, or new."""

from __future__ import annotations

from collections.abc import Mapping as Lookup
from collections.abc import Sequence
from dataclasses import dataclass, replace

from crm_metrics.mapping.cells.value_choices import usual_meaning
from crm_metrics.mapping.cells.words import words_of
from crm_metrics.mapping.look import Seen, kind_on
from crm_metrics.mapping.matching.grain import assign
from crm_metrics.mapping.model import ColumnMapping, Why
from crm_metrics.mapping.recognition.by_system import by_export
from crm_metrics.mapping.recognition.recognising import Recognition
from crm_metrics.mapping.templates.drift import Drift
from crm_metrics.mapping.templates.template import (
    Template,
    TemplateColumn,
    currency_shown,
    words_asked,
)

_MOST_WORDS = 5


@dataclass(frozen=True, slots=True)
class Placed:
    """The columns in their order, and which place of the template each renamed one has."""

    columns: tuple[ColumnMapping, ...]
    renamed: dict[int, int]


def placed(template: Template, drift: Drift, seen: Seen, recognition: Recognition | None) -> Placed:
    """Every column of the table as the template has it, or as suggested without it."""
    known = {at: _kept(template, place, at, seen) for place, at in drift.same}
    renamed: dict[int, int] = {}
    for place, at in drift.renamed:
        if template.columns[place].field and _fits(template, template.columns[place], at, seen):
            before = template.columns[place]
            item = replace(
                _kept(template, place, at, seen), unit=seen.names[at].unit or before.unit
            )
            known[at] = _renamed(item, before.header)
            renamed[place] = at
    fields = {item.field for item in known.values() if item.field}
    gone = {
        column.field: place
        for place, column in enumerate(template.columns)
        if column.field and column.field not in fields
    }
    suggested = _suggested(template, seen, recognition, known, frozenset(fields))
    for at, item in enumerate(suggested):
        if at in known:
            continue
        trusted = item.level in {"sure", "likely"} and item.field not in fields
        place_before = gone.get(item.field) if trusted and item.field else None
        if place_before is not None:
            renamed[place_before] = at
            known[at] = _renamed(item, template.columns[place_before].header)
        else:
            field = item.field if trusted else None
            known[at] = replace(item, field=field, level="ask", why=Why("template_new"))
    return Placed(tuple(known[at] for at in range(len(seen.names))), renamed)


def foreign_currencies(template: Template, drift: Drift, seen: Seen) -> frozenset[str]:
    """Currencies that columns of money show now and did not when the template was saved."""
    return frozenset(
        now
        for place, at in (*drift.same, *drift.renamed)
        if (now := _currency_now(template, template.columns[place], at, seen))
    )


def _suggested(
    template: Template,
    seen: Seen,
    recognition: Recognition | None,
    known: Lookup[int, ColumnMapping],
    fields: frozenset[str],
) -> Sequence[ColumnMapping]:
    """The columns as without the template: by the same system, else by their words."""
    own = (template.system, template.export, template.grain)
    for export in recognition.exports if recognition else ():
        if (export.system, export.name, export.grain) == own:
            return by_export(seen, export, "sure", Why("template_new")).columns
    guesses = [() if at in known else found for at, found in enumerate(seen.guesses)]
    taken = assign(guesses, seen.profiles, seen.rates, template.grain, taken_fields=fields)
    return [seen.column(at, taken.get(at)) for at in range(len(seen.names))]


def _kept(template: Template, place: int, at: int, seen: Seen) -> ColumnMapping:
    """A column of the template, on the table's column at this position."""
    before, now = template.columns[place], seen.profiles[at]
    item = ColumnMapping(
        column=at,
        name=seen.table.headers[at],
        field=before.field,
        level="sure",
        why=Why("template_column", {"name": template.name}) if template.name else Why("confirmed"),
        kind=now.kind,
        values=dict(before.values),
        unit=before.unit,
        date_order=before.date_order,
        decimal=before.decimal,
        question=before.question,
    )
    if before.field is None:
        return item
    if not _fits(template, before, at, seen):
        return _asked(item, "template_differs", kind=now.kind)
    item = _as_written(item, seen)
    if currency := _currency_now(template, before, at, seen):
        was = before.currency or template.constants["currency"]
        item = _asked(item, "template_currency", before=was, now=currency)
    item = _with_new_words(item, before, template.grain, seen)
    if item.level == "ask":
        return item
    if before.doubt:
        return replace(item, level=before.doubt, why=Why("template_unconfirmed"))
    if template.nameless_columns:
        return replace(item, level="likely", why=Why("template_place"))
    return item


def _fits(template: Template, before: TemplateColumn, at: int, seen: Seen) -> bool:
    """Whether the values can be the field's, or look as they did when it was confirmed."""
    now, kind = seen.profiles[at], kind_on(before.field, template.grain)
    if now.kind in {before.kind, "empty"} or before.field is None or kind is None:
        return True
    return bool(before.values and now.kind in {"text", "flag"}) or now.fits(before.field, kind)


def _as_written(item: ColumnMapping, seen: Seen) -> ColumnMapping:
    """The column in the form that its values show now, asked where that is another than before."""
    now = seen.profiles[item.column]
    if now.kind in {"date", "timestamp"} and item.date_order:
        if now.date_order == "ymd":
            return replace(item, date_order="ymd")
        if now.date_order not in {None, item.date_order} or (
            item.date_order == "ymd" and now.date_unclear
        ):
            return _asked(replace(item, date_order=now.date_order), "template_date_order")
    if item.unit == "fraction" and now.kind == "number" and (now.high or 0) > 1:
        # No share is above one: rather percentages now, 25 for a quarter.
        return _asked(replace(item, unit=None), "template_unit")
    if (
        now.kind in {"number", "percent"}
        and item.decimal
        and now.decimal not in {None, item.decimal}
    ):
        return _asked(replace(item, decimal=now.decimal), "template_decimal")
    return item


def _with_new_words(
    item: ColumnMapping, before: TemplateColumn, grain: str, seen: Seen
) -> ColumnMapping:
    """The column with the words that are new in it, asked where one has no meaning."""
    field = str(item.field)
    if not words_asked(field, grain, given=bool(before.values)):
        return item
    known = {*before.values, *before.unknown}
    new = [word for word in words_of(seen.table, item.column) if word not in known]
    told = {word: said for word in new if (said := usual_meaning(field, word, grain))}
    unsaid = [word for word in new if word not in told]
    stage = field == "stage"
    item = replace(
        item, values={**item.values, **(dict.fromkeys(unsaid, "open") if stage else {}), **told}
    )
    if not unsaid:
        return item
    return _asked(
        item,
        "template_stages" if stage else "template_words",
        words=", ".join(unsaid[:_MOST_WORDS]),
    )


def _currency_now(template: Template, before: TemplateColumn, at: int, seen: Seen) -> str | None:
    """The currency that the column shows, where it is another than it was."""
    if before.field is None or kind_on(before.field, template.grain) != "money":
        return None
    was = before.currency or template.constants.get("currency")
    now = currency_shown(seen, at)
    return now if was and now not in {None, was} else None


def _renamed(item: ColumnMapping, before: str) -> ColumnMapping:
    return _asked(item, "template_renamed", before=before)


def _asked(item: ColumnMapping, code: str, **params: str) -> ColumnMapping:
    return replace(item, level="ask", why=Why(code, params))
