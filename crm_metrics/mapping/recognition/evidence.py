"""What a table shows for an export: known headers by their rarity, and what stands around them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from collections.abc import Mapping as Lookup
from dataclasses import dataclass
from functools import cache

from crm_metrics.intake.table import Table
from crm_metrics.mapping.headers.header import HeaderName
from crm_metrics.mapping.look import Seen
from crm_metrics.mapping.recognition.exports import Export

SIGN = 3.0
"""What a sign says, where a header of one system says 1 and one that n share 1 / sqrt(n)."""

_WORD = 0.5
_LINE = 8.0
_HINT = 3.0
_FILE_NAME = 3.0
_TITLE = 3.0
_BESIDE = 3.0
_LAYOUT = 6.0
_FITTING = 0.9
_QUESTION_WORDS = 4


@dataclass(frozen=True, slots=True)
class Evidence:
    """How much speaks for an export.

    `points` sum what the known headers and their surroundings say. `columns` are positions of
    known headers, the most telling first; `signs` counts those that are signs or whose cells have
    the stated shape; `share` is the part of all named columns that is known. `line`, `named` and
    `titled` are what in the lines above the table, the file's name and the sheet's name no other
    system writes, "" without it; `beside` tells that tables in the same file speak for it.
    """

    export: Export
    points: float
    columns: tuple[int, ...]
    signs: int
    share: float
    line: str = ""
    named: str = ""
    titled: str = ""
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Headers:
    """All headers that are known: how many systems have each, and which are signs of a system.

    A sign of one export is one for the system's others as well: what two of them share does not
    tell which of the two it is.
    """

    systems: Counter[str]
    signs: Lookup[str, frozenset[str]]

    def worth(self, name: HeaderName, system: str) -> float:
        """What it says for a system that a table has this header."""
        worth = SIGN if name.key in self.signs[system] else 1.0
        # A single word ("Status", "Клики") may stand in any table.
        return worth * (1.0 if len(name.words) > 1 else _WORD) / self.systems[name.key] ** 0.5


@cache
def headers_of(exports: tuple[Export, ...]) -> Headers:
    """The headers of these exports."""
    keys: dict[str, frozenset[str]] = {}
    signs: dict[str, frozenset[str]] = {}
    for export in exports:
        keys[export.system] = keys.get(export.system, frozenset()).union(export.columns)
        signs[export.system] = signs.get(export.system, frozenset()) | export.signs
    return Headers(Counter(key for known in keys.values() for key in known), signs)


def evidence(
    export: Export, seen: Seen, headers: Headers, beside: Collection[str] = ()
) -> Evidence | None:
    """What the table shows for the export; None where it can't be one.

    `beside` are the systems that the other tables of the same file come from.
    """
    table = seen.table
    if not _layout_allows(export, table):
        return None
    above = "\n".join(table.preamble)
    line = _found(export.preamble, above)
    hinted = _found(export.hint, above)
    if export.hint and not line and not hinted:
        return None
    if export.asks and not any(_asks(name) for name in seen.names):
        return None
    if any(name.key in export.never for name in seen.names):
        return None
    worth, signs = _worths(export, seen, headers)
    blocks = export.layout == table.layout != "table"
    if not worth and not (line and blocks):
        # A block of a report can have names of its own: cities, pages.
        return None
    named, titled = _found(export.file_name, name_of(table)), _found(export.sheet, table.name)
    near = export.system in beside
    points = sum(worth.values()) + (_LINE if line else _HINT * bool(hinted))
    points += _FILE_NAME * bool(named) + _TITLE * bool(titled) + _BESIDE * near
    points += _LAYOUT * blocks
    return Evidence(
        export,
        points,
        tuple(sorted(worth, key=lambda at: (-worth[at], at))),
        signs,
        len(worth) / max(sum(bool(name.key) for name in seen.names), 1),
        line,
        named,
        titled,
        near,
    )


def _layout_allows(export: Export, table: Table) -> bool:
    # A single table can be exported beside others, but a report of blocks or a log is that alone.
    if export.layout == "table":
        return table.layout in {"table", "stacked"}
    return export.layout == table.layout


def _worths(export: Export, seen: Seen, headers: Headers) -> tuple[dict[int, float], int]:
    """What each known header says, by position, and how many of them are signs.

    One whose cells have another shape than the stated one says nothing.
    """
    found: dict[int, float] = {}
    signs = set()
    for at, name in enumerate(seen.names):
        if name.key not in export.columns:
            continue
        worth = headers.worth(name, export.system)
        shape = export.shapes.get(name.key)
        if shape and (words := seen.profiles[at].words):
            if not _fit(words, shape):
                continue
            worth += SIGN
        found[at] = worth
        if shape or name.key in export.signs:
            signs.add(name.key)
    return found, len(signs)


def _fit(words: Sequence[str], shape: re.Pattern[str]) -> bool:
    return sum(bool(shape.fullmatch(word)) for word in words) >= _FITTING * len(words)


def _found(pattern: re.Pattern[str] | None, text: str) -> str:
    """What of the text the pattern finds, of several lines the first; "" if nothing."""
    found = pattern.search(text) if pattern else None
    return found[0].strip().splitlines()[0] if found and found[0].strip() else ""


def name_of(table: Table) -> str:
    """What a file is called: its own name after that of the archive's member or the sheet."""
    return f"{table.part} {table.file_name}".strip()


def _asks(name: HeaderName) -> bool:
    """Whether a header reads as a question that was put to a person."""
    return name.text.endswith("?") or len(name.words) > _QUESTION_WORDS
