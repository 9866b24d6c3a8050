"""The columns of a recognised export: as its file says, the rest by their words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Lookup
from dataclasses import replace
from typing import Final, TypeVar

from crm_metrics.intake.table import Table
from crm_metrics.mapping.cells.profile import Profile
from crm_metrics.mapping.cells.words import known_meaning, with_open_stages, words_of
from crm_metrics.mapping.fingerprint import fingerprint
from crm_metrics.mapping.headers.header import HeaderName
from crm_metrics.mapping.headers.synonyms import Guess
from crm_metrics.mapping.look import Seen, kind_on
from crm_metrics.mapping.matching.grain import assign
from crm_metrics.mapping.model import ColumnMapping, Level, Mapping, Why
from crm_metrics.mapping.recognition.evidence import name_of
from crm_metrics.mapping.recognition.exports import Export, KnownColumn

_T = TypeVar("_T")
_WITHOUT: Final = KnownColumn(None)
_DISPUTED: Final = KnownColumn(None)


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
    constants = {**export.constants, **said_by_name(export, seen.table)}
    return Mapping(
        fingerprint=fingerprint(seen.table.headers),
        grain=export.grain,
        columns=columns,
        system=export.system,
        export=export.name,
        level=level,
        why=why,
        constants={key: text for key, text in constants.items() if key not in mapped},
        left_out=export.grain is None and level == "sure",
    )


def by_rivals(seen: Seen, rivals: Sequence[Export], why: Why) -> Mapping:
    """The mapping of a table that is one of several exports of one grain: where all agree."""
    common = _common(rivals)
    mapping = by_export(seen, common, "likely", why)
    known = {key for export in rivals for key in export.columns}
    columns = tuple(
        replace(item, field=None, level="ask", why=Why("rivals_differ"))
        if name.key in known and common.columns[name.key] is _DISPUTED
        else item
        for item, name in zip(mapping.columns, seen.names, strict=True)
    )
    one = len({export.system for export in rivals}) == 1
    return replace(
        mapping, columns=columns, system=common.system if one else None, export=None, level="ask"
    )


def _common(rivals: Sequence[Export]) -> Export:
    """What all say alike, as one export; a column that they do not agree on is known for no field.

    A column that only some of them have is disputed too.
    """
    first = rivals[0]
    meant = {
        key: {
            (known.field, known.unit) if (known := export.columns.get(key)) else (None, None)
            for export in rivals
        }
        for key in {key for export in rivals for key in export.columns}
    }
    columns = {
        key: first.columns.get(key, _WITHOUT) if len(meanings) == 1 else _DISPUTED
        for key, meanings in meant.items()
    }
    same = replace(first, columns=columns, system=" / ".join(_distinct(rivals)))
    for other in rivals[1:]:
        same = replace(
            same,
            constants=_shared(same.constants, other.constants),
            values=_shared(same.values, other.values),
            date_order=same.date_order if same.date_order == other.date_order else None,
            decimal=same.decimal if same.decimal == other.decimal else None,
        )
    return same


def _distinct(exports: Sequence[Export]) -> Iterable[str]:
    return dict.fromkeys(export.system for export in exports)


def _shared(one: Lookup[str, _T], other: Lookup[str, _T]) -> dict[str, _T]:
    return {key: item for key, item in one.items() if other.get(key) == item}


def said_by_name(export: Export, table: Table) -> dict[str, str]:
    """The fields that the file's name gives a value for all rows."""
    found = export.file_name.search(name_of(table)) if export.file_name else None
    said = {key: text.lower() for key, text in found.groupdict().items() if text} if found else {}
    return {key: known_meaning(key, word, export.grain) or word for key, word in said.items()}


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
    unit = _unit(seen.names[position], values, known)
    item = replace(item, field=known.field, why=Why("system_column", params), unit=unit)
    if known.field in export.values:
        item = replace(item, values=_meanings(export, known.field, words_of(seen.table, position)))
        if item.values:
            return item
    kind = kind_on(known.field, export.grain)
    fits = kind is None or values.fits(known.field, kind)
    return item if fits else replace(item, level="ask", why=Why("values_differ"))


def _unit(name: HeaderName, values: Profile, known: KnownColumn) -> str | None:
    """The unit of the cells: the header's own, else as the export states it."""
    if known.unit == "fraction" and (name.percent or (values.high or 0) > 1):
        return None  # the same report saved in another way has percentages
    return name.unit or known.unit


def _meanings(export: Export, field: str, words: Sequence[str]) -> dict[str, str]:
    stated = export.values[field]
    found = {word: stated[word] for word in words if word in stated}
    return with_open_stages(found, words) if field == "stage" else found
