"""What words in cells mean: stages, channels, statuses, and the scale of a survey's score."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from crm_metrics.intake.table import Table
from crm_metrics.mapping.blanks import MISSING, bare
from crm_metrics.mapping.header import HeaderName
from crm_metrics.mapping.profile import Profile

_MOST_WORDS = 400
# A deal is won, lost or open whether its stage or its status says so.
_SAME = {"deals.status": "stage"}
_RECOMMEND = ("recommend", "порекоменд", "рекоменд")
_EFFORT = ("effort", "усили", "easy", "легко", "просто")
_SMALL_SAMPLE = 30


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
    if field == "stage":
        if not {"won", "lost"} & set(found.values()):
            return found
        return {word: found.get(word, "open") for word in words}
    return found


def known_meaning(field: str, word: str, grain: str | None = None) -> str | None:
    """The canonical word of one cell text, whatever stands in the other cells; None if unknown."""
    return _lookup(field, grain).get(bare(word))


def asks(field: str, grain: str | None) -> bool:
    """Whether a word of the field that is not known would make a number wrong."""
    asked = _content()["asked"]
    return field in asked or f"{grain}.{field}" in asked


def speaks_of_calls(
    names: Iterable[HeaderName], profiles: Iterable[Profile], file_name: str
) -> bool:
    """Whether headers, cells or the file's name tell of phone calls."""
    cues = _cues()["calls"]
    if any(cues & set(name.words) for name in names):
        return True
    if any(cues & set(values.words) for values in profiles if values.kind == "text"):
        return True
    return bool(cues & set(file_name.lower().replace("-", "_").replace(".", "_").split("_")))


def survey_scale(name: HeaderName, values: Profile) -> dict[str, str]:
    """Constants survey_type, scale_min and scale_max that a score column shows, or none.

    Only a question of recommending on 0-10 is NPS; five-point ratings are CSAT.
    """
    low, high = values.low, values.high
    if values.kind != "number" or low is None or high is None or low < 0 or high > 100:
        return {}
    recommends = any(word.startswith(_RECOMMEND) for word in name.words) or "nps" in name.words
    five = high <= 5
    if recommends and high <= 10 and not (five and low >= 1 and values.filled >= _SMALL_SAMPLE):
        return {"survey_type": "nps", "scale_min": "0", "scale_max": "10"}
    if five:
        kind = "other" if recommends else "csat"
        return {"survey_type": kind, "scale_min": "0" if low < 1 else "1", "scale_max": "5"}
    if high <= 7 and any(word.startswith(_EFFORT) for word in name.words):
        return {"survey_type": "ces", "scale_min": "1", "scale_max": "7"}
    if high <= 10:
        return {"survey_type": "other", "scale_min": "0" if low < 1 else "1", "scale_max": "10"}
    return {"survey_type": "other", "scale_min": "0", "scale_max": "100"}


@cache
def _content() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))


def _words(field: str, grain: str | None) -> dict[str, list[str]]:
    """The texts by canonical word: the grain's own, else the field's on any grain."""
    own = f"{grain}.{field}"
    content = _content()
    found: dict[str, list[str]] = content.get(_SAME.get(own, own)) or content.get(field, {})
    return found


@cache
def _lookup(field: str, grain: str | None) -> dict[str, str]:
    return {bare(text): word for word, texts in _words(field, grain).items() for text in texts}


@cache
def _cues() -> dict[str, frozenset[str]]:
    return {grain: frozenset(words) for grain, words in _content()["cues"].items()}
