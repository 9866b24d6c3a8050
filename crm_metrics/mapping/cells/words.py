"""What words in cells mean: stages, channels, statuses."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from collections.abc import Mapping as Lookup
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from crm_metrics.intake.table import Table
from crm_metrics.mapping.cells.blanks import MISSING, bare

_MOST_WORDS = 400
# A deal is won, lost or open whether its stage or its status says so.
_SAME = {"deals.status": "stage"}


def words_of(table: Table, column: int) -> tuple[str, ...]:
    """The distinct cells of a column over the whole table, folded; at most 400."""
    # Each edit of a mapping asks for them again.
    return _words_of(table.path, table.path.stat().st_mtime_ns, column)


@lru_cache(maxsize=512)
def _words_of(path: Path, read_at: int, column: int) -> tuple[str, ...]:  # noqa: ARG001 - the key
    cells = pq.ParquetFile(path).read(columns=[f"c{column}"]).column(0)
    distinct = pc.unique(cells).slice(0, _MOST_WORDS).to_pylist()
    folded = dict.fromkeys(text.strip().lower() for text in distinct if text)
    return tuple(text for text in folded if text not in MISSING)


def choices(field: str, grain: str | None = None) -> tuple[str, ...]:
    """The canonical words of a field on rows of this grain, as offered; none where it is free."""
    return tuple(_words(field, grain))


def meanings(field: str, words: Iterable[str], grain: str | None = None) -> dict[str, str]:
    """The canonical word of each cell text that is known.

    Where the column names a final stage, every other stage is open; where it names none, the
    words may be anything, and only those known for open stages are.
    """
    known = _lookup(field, grain)
    words = tuple(words)
    found = {word: known[key] for word in words if (key := bare(word)) in known}
    return with_open_stages(found, words) if field == "stage" else found


def with_open_stages(known: Lookup[str, str], words: Iterable[str]) -> dict[str, str]:
    """The meanings of stages with every other word open, where one of them ends a deal."""
    if not {"won", "lost"} & set(known.values()):
        return dict(known)
    return {word: known.get(word, "open") for word in words}


def known_meaning(field: str, word: str, grain: str | None = None) -> str | None:
    """The canonical word of one cell text, whatever stands in the other cells; None if unknown."""
    return _lookup(field, grain).get(bare(word))


def asks(field: str, grain: str | None) -> bool:
    """Whether a word of the field that is not known would make a number wrong."""
    asked = content()["asked"]
    return field in asked or f"{grain}.{field}" in asked


@cache
def content() -> dict[str, Any]:
    """`words.toml`, read once."""
    return tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))


def _words(field: str, grain: str | None) -> dict[str, list[str]]:
    """The texts by canonical word: the grain's own, else the field's on any grain."""
    own = f"{grain}.{field}"
    known = content()
    found: dict[str, list[str]] = known.get(_SAME.get(own, own)) or known.get(field, {})
    return found


@cache
def _lookup(field: str, grain: str | None) -> dict[str, str]:
    return {bare(text): word for word, texts in _words(field, grain).items() for text in texts}
