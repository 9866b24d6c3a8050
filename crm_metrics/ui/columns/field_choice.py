"""The list of fields that a column can be given: named, found by their usual words, marked."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Final

from crm_metrics.mapping.headers.header import read_name
from crm_metrics.mapping.headers.lexicon import lexicon
from crm_metrics.mapping.model import ColumnMapping, Mapping
from crm_metrics.schema import FIELDS, fields_of, grain_named
from crm_metrics.texts import LANGUAGES, t
from crm_metrics.ui.words import field_word

# An option of its own: a choice that is None reads as "nothing chosen" with English words.
NO_FIELD: Final = ""
_BETWEEN: Final = " · "
_MOST_WORDS: Final = 8
_LONGEST_WORD: Final = 26
_SHORTEST_NAME: Final = 4
_COMMON: Final = 8


def field_options(mapping: Mapping, item: ColumnMapping, language: str) -> list[str]:
    """No field first, then the fields that such rows have of their own, then those of all rows.

    In the order of the schema, but a name that holds another comes after it: of the options that
    contain what was typed, the plainest is taken by Enter.
    """
    grain = str(mapping.grain)
    own = grain_named(grain).own
    fields = list(fields_of(grain))
    if item.field and item.field not in fields:
        fields.append(item.field)
    names = [field_word(field, language).casefold() for field in fields]

    def place(at: int) -> tuple[bool, int, int]:
        last = max(other for other, name in enumerate(names) if name in names[at])
        return fields[at] not in own, last, at

    return [NO_FIELD, *(fields[at] for at in sorted(range(len(fields)), key=place))]


def field_label(mapping: Mapping, item: ColumnMapping, language: str) -> Callable[[str], str]:
    """How an option reads: its name, the column that gives it now, words it is searched by.

    The field that the column has now goes by its name alone.
    """
    holders = {other.field: other for other in mapping.columns if other.field}

    def label(field: str) -> str:
        name = field_word(field or None, language)
        if field == (item.field or NO_FIELD):
            return name
        if not field:
            return _BETWEEN.join((name, t("columns.extra_words", language)))
        parts = [name]
        if field in holders:
            parts.append(t("columns.used_by", language, name=_cut(holders[field].name)))
        words = search_words(field, str(mapping.grain), language)
        return _BETWEEN.join((*parts, ", ".join(words)) if words else parts)

    return label


def field_chosen(option: str | None) -> str | None:
    """The field of an option; None where the column stays a dimension.

    A choice made while the page is being drawn can arrive as the label that was shown.
    """
    if not option or option in FIELDS:
        return option or None
    name = option.split(_BETWEEN)[0]
    return _by_name().get(name)


@cache
def search_words(field: str, grain: str, language: str) -> tuple[str, ...]:
    """Words in both languages by which people look for the field, the shortest of its synonyms.

    None holds the name of another field that such rows can have: who types that means the other.
    """
    name = field_word(field, language)
    others = [field_word(field, other) for other in LANGUAGES if other != language]
    usual = sorted(_headers().get(field, ()), key=lambda words: (len(words), words))
    folded = read_name(name).key
    # The name as it is typed without dots over letters.
    plainer = [folded] if len(folded) == len(name) and folded != name.casefold() else []
    names = _names_of(grain)
    shown = f"{name.casefold()} {'' if plainer else folded}"
    found: list[str] = []
    for words in (*plainer, *others, *usual):
        told = words.casefold()
        if len(words) > _LONGEST_WORD or any(
            other != field and known in told for other, known in names
        ):
            continue
        # What is typed must stand there; but nobody looks for a field by "total" or "number".
        common = frozenset() if words in (*plainer, *others) else _common_words()
        if any(part not in shown and part not in common for part in told.split()):
            found.append(words)
            shown = f"{shown} {told}"
    return tuple(found[:_MOST_WORDS])


@cache
def _headers() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for header, fields in lexicon().written["exact"].items():
        for field in fields:
            found.setdefault(field, []).append(header)
    return found


@cache
def _common_words() -> frozenset[str]:
    """The words that the headers of many fields have."""
    fields: dict[str, set[str]] = {}
    for field, headers in _headers().items():
        for part in {part for header in headers for part in header.split()}:
            fields.setdefault(part, set()).add(field)
    return frozenset(part for part, having in fields.items() if len(having) >= _COMMON)


@cache
def _names_of(grain: str) -> tuple[tuple[str, str], ...]:
    """The names of fields that such rows can have, in every language, long enough to tell."""
    named = (
        (field, field_word(field, language).casefold())
        for field in fields_of(grain)
        for language in LANGUAGES
    )
    return tuple((field, name) for field, name in named if len(name) >= _SHORTEST_NAME)


@cache
def _by_name() -> dict[str, str]:
    return {field_word(field, language): field for language in LANGUAGES for field in FIELDS}


def _cut(name: str) -> str:
    return name if len(name) <= _LONGEST_WORD else f"{name[: _LONGEST_WORD - 1].rstrip()}…"
