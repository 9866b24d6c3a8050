"""How many real headers of exports that nobody described get their field: ours, and plain ways.

Right: an acceptable field. Wrong: another field, or a field where the column has none. Missed: no
field where there is one. Columns of which it can be argued whether they have a field count when
they are wrong only. `pytest -rP` prints the figures, and the columns of the development half.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest
from rapidfuzz import fuzz, process

from crm_metrics.mapping import suggest
from crm_metrics.mapping.headers.header import fold
from crm_metrics.mapping.headers.lexicon import lexicon
from crm_metrics.mapping.recognition import recognising as recognition
from crm_metrics.schema import fields_of
from crm_metrics.schema.fields import FIELDS
from crm_metrics.texts import LANGUAGES, t
from tests.mapping.made import EXPORTS, made_table

HALVES = ("dev", "held_out")
NO_FIELD = "-"


@dataclass(frozen=True)
class Column:
    header: str
    fields: frozenset[str]
    values: tuple[str, ...]

    @property
    def arguable(self) -> bool:
        return NO_FIELD in self.fields and len(self.fields) > 1

    @property
    def has_field(self) -> bool:
        return NO_FIELD not in self.fields


@dataclass(frozen=True)
class Spelled:
    vendor: str
    export: str
    grains: tuple[str, ...]
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Score:
    base: int
    right: int
    wrong: int
    missed: int
    # Not shown where an assertion fails: whoever tunes the matcher sees one half only.
    lines: tuple[str, ...] = field(repr=False)

    def __str__(self) -> str:
        return (
            f"{self.base} columns with a field: right {self.right / self.base:.1%},"
            f" missed {self.missed / self.base:.1%}; wrong {self.wrong} ({self.wrong_share:.1%})"
        )

    @property
    def right_share(self) -> float:
        return self.right / self.base

    @property
    def wrong_share(self) -> float:
        return self.wrong / self.base


@cache
def collection(half: str) -> tuple[Spelled, ...]:
    path = Path(__file__).parent / "spellings" / f"{half}.toml"
    return tuple(
        Spelled(
            table["vendor"],
            table["export"],
            tuple(table["grain"].split("|")),
            tuple(
                Column(header, frozenset(truth.split("|")), tuple(values))
                for header, truth, *values in table["columns"]
            ),
        )
        for table in tomllib.loads(path.read_text(encoding="utf-8"))["table"]
    )


def ours(table: Spelled, folder: Path) -> list[str | None]:
    rows = [list(row) for row in zip(*(c.values for c in table.columns), strict=True)]
    made = made_table(folder, [c.header for c in table.columns], rows)
    return [column.field for column in suggest(made).columns]


def by_wratio(table: Spelled, folder: Path) -> list[str | None]:
    known = _names_and_synonyms()
    found = (
        process.extractOne(fold(c.header), tuple(known), scorer=fuzz.WRatio, score_cutoff=85)
        for c in table.columns
    )
    return [known[best[0]] if best else None for best in found]


def by_exact_name(table: Spelled, folder: Path) -> list[str | None]:
    names = _names()
    return [names.get(fold(c.header)) for c in table.columns]


@cache
def _names() -> dict[str, str]:
    keys = {key.replace("_", " "): key for key in FIELDS}
    shown = {fold(t(f"field.{key}.name", lang)): key for lang in LANGUAGES for key in FIELDS}
    return {**shown, **keys, **{key: key for key in FIELDS}}


@cache
def _names_and_synonyms() -> dict[str, str]:
    return {**{text: fields[0] for text, fields in lexicon().written["exact"].items()}, **_names()}


WAYS: dict[str, Callable[[Spelled, Path], list[str | None]]] = {
    "ours": ours,
    "rapidfuzz.WRatio >= 85": by_wratio,
    "exact names": by_exact_name,
}


@pytest.fixture(scope="module")
def scores(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Score]:
    folder = tmp_path_factory.mktemp("spellings")
    with pytest.MonkeyPatch.context() as patch:
        # A vendor that a system's file describes since counts as unknown all the same.
        patch.setattr(recognition, "systems", dict)
        return {
            ("dev", "ours"): score_of(collection("dev"), ours, folder),
            **{
                ("held_out", way): score_of(collection("held_out"), guess, folder)
                for way, guess in WAYS.items()
            },
        }


def score_of(tables: tuple[Spelled, ...], guess, folder: Path) -> Score:
    counts = {"right": 0, "wrong": 0, "missed": 0}
    lines = []
    for table in tables:
        for column, key in zip(table.columns, guess(table, folder), strict=True):
            verdict = _verdict(column, key)
            if verdict in counts:
                counts[verdict] += 1
            if verdict in {"wrong", "missed"}:
                truth = "|".join(sorted(column.fields))
                lines.append(f"{verdict:6} {table.vendor}: {column.header!r}: {key}, is {truth}")
    base = sum(column.has_field for table in tables for column in table.columns)
    return Score(base, **counts, lines=tuple(lines))


def _verdict(column: Column, key: str | None) -> str:
    if (key or NO_FIELD) in column.fields:
        return "right" if column.has_field else "no matter"
    return "missed" if key is None else "wrong"


def _every_column() -> Iterator[tuple[Spelled, Column]]:
    for half in HALVES:
        for table in collection(half):
            yield from ((table, column) for column in table.columns)


def test_the_collection_is_large_and_speaks_of_fields_that_its_grains_have() -> None:
    known = {entry["system"].casefold() for entry in EXPORTS}
    vendors = [{table.vendor for table in collection(half)} for half in HALVES]
    assert not vendors[0] & vendors[1]
    assert len(vendors[0] | vendors[1]) >= 40
    assert not {vendor.casefold() for vendor in vendors[0] | vendors[1]} & known
    for table, column in _every_column():
        allowed = {NO_FIELD}.union(*(fields_of(grain) for grain in table.grains))
        assert column.fields <= allowed, (table.vendor, table.export, column.header)
        assert len(column.values) == 3, (table.vendor, column.header)
    assert (
        sum(column.has_field for table in collection("held_out") for column in table.columns) >= 180
    )
    assert sum(column.has_field for _, column in _every_column()) >= 350


def test_unknown_headers_are_mapped_with_next_to_no_wrong_guess(scores) -> None:
    figures = [f"{half:8} {way:22} {score}" for (half, way), score in scores.items()]
    sys.stdout.write("\n".join([*figures, *scores["dev", "ours"].lines, ""]))
    score = scores["held_out", "ours"]
    # What is reached today, not what is aimed at: 80 % right and 1 % wrong.
    assert score.right_share >= 0.739, str(score)
    assert score.wrong_share <= 0.0265, str(score)


@pytest.mark.parametrize("plain", [way for way in WAYS if way != "ours"])
def test_plain_ways_find_less_or_guess_wrong_more(scores, plain: str) -> None:
    own, other = scores["held_out", "ours"], scores["held_out", plain]
    assert own.right - own.wrong > other.right - other.wrong
