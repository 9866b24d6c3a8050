"""The columns of a recognised export: as its TOML says, the rest by their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from crm_metrics.mapping.exports import Export, KnownColumn
from crm_metrics.mapping.fingerprint import fingerprint
from crm_metrics.mapping.grain import assign
from crm_metrics.mapping.look import Seen, kind_on
from crm_metrics.mapping.model import ColumnMapping, Level, Mapping, Why
from crm_metrics.mapping.profile import Profile
from crm_metrics.mapping.synonyms import Guess
from crm_metrics.mapping.words import words_of


def by_export(seen: Seen, export: Export, level: Level, why: Why) -> Mapping:
    """The mapping of a table that was recognised as this export."""
    known = {
        position: export.columns[name.key]
        for position, name in enumerate(seen.names)
        if name.key in export.columns
    }
    winners = _preferred(known, seen.profiles)
    fields = frozenset(known[position].field or "" for position in winners)
    unknown = [() if position in known else found for position, found in enumerate(seen.guesses)]
    rest: dict[int, Guess] = {}
    if export.grain:
        rest = assign(unknown, seen.profiles, seen.rates, export.grain, taken_fields=fields)
    columns = tuple(
        _stated(seen, position, known[position], export, level, wins=position in winners)
        if position in known
        else seen.column(position, rest.get(position))
        for position in range(len(seen.names))
    )
    mapped = {item.field for item in columns}
    return Mapping(
        fingerprint=fingerprint(seen.table.headers),
        grain=export.grain,
        columns=columns,
        system=export.system,
        export=export.name,
        level=level,
        why=why,
        constants={key: text for key, text in export.constants.items() if key not in mapped},
    )


def _preferred(known: dict[int, KnownColumn], profiles: Sequence[Profile]) -> frozenset[int]:
    """One column per field: a filled one before an empty one, then as the export states."""
    best: dict[str, int] = {}
    for position in sorted(
        known, key=lambda at: (profiles[at].kind == "empty", known[at].rank, at)
    ):
        if field := known[position].field:
            best.setdefault(field, position)
    return frozenset(best.values())


def _stated(
    seen: Seen, position: int, known: KnownColumn, export: Export, level: Level, *, wins: bool
) -> ColumnMapping:
    values = seen.profiles[position]
    params = {"system": export.system}
    item = ColumnMapping(
        column=position,
        name=seen.table.headers[position],
        field=None,
        level=level,
        why=Why("system_no_field", params),
        kind=values.kind,
    )
    if known.field is None:
        return item
    if not wins:
        return replace(item, why=Why("field_taken"))
    unit = seen.names[position].unit or known.unit
    if unit == "fraction" and (values.high or 0) > 1:
        unit = None  # the same report saved in another way has percentages
    item = replace(item, field=known.field, why=Why("system_column", params), unit=unit)
    if known.field in export.values:
        item = replace(item, values=_meanings(export, known.field, words_of(seen.table, position)))
        if item.values:
            return item
    kind = kind_on(known.field, export.grain)
    fits = kind is None or values.fits(known.field, kind)
    return item if fits else replace(item, level="ask", why=Why("values_differ"))


def _meanings(export: Export, field: str, words: Sequence[str]) -> dict[str, str]:
    stated = export.values[field]
    found = {word: stated[word] for word in words if word in stated}
    if field == "stage" and found:
        return {word: found.get(word, "open") for word in words}
    return found
