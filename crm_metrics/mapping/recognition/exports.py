"""The exports of known systems, read from `systems/*.toml`: one file per system, no code."""

from __future__ import annotations

import logging
import re
import tomllib
from collections.abc import Mapping as Lookup
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from crm_metrics.errors import InputError, NotFoundError
from crm_metrics.intake.table import Layout
from crm_metrics.mapping.headers.header import read_name
from crm_metrics.mapping.model import DateOrder, Decimal
from crm_metrics.schema import fields_of

FOLDER = Path(__file__).parents[1] / "systems"
_log = logging.getLogger(__name__)
_DATE_ORDERS = ("dmy", "mdy", "ymd")
_MARKS = (".", ",")
_LANGUAGES = frozenset({"en", "ru"})
# What says the zone of an export's times; "account": the vendor's settings, which no file shows.
_ZONES = ("utc", "header", "offset", "account", "phone", "none")
_KEYS = frozenset(
    (
        "name", "grain", "detect", "need", "never", "layout", "preamble", "hint", "file_name",
        "sheet", "open_ended", "asks", "date_order", "decimal", "ignored", "constants", "columns",
        "units", "values", "shapes", "documented", "title", "how", "traps", "zone",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class KnownColumn:
    """One header of an export: its field (None: known, but no field) and the unit of its cells.

    `rank` orders headers of the same field, the preferred first.
    """

    field: str | None
    rank: int = 0
    unit: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Export:
    """One kind of file of a system: what gives it away and what its columns mean.

    `signs` are keys of headers that belong to it; `need` of them make it sure; a header of `never`
    tells that it is another export of the system, which no file describes. `preamble` is a pattern
    of lines above the header that no other system writes; `hint` one that must be found where
    `preamble` is not. `file_name` is a pattern of the file's name: its groups are fields
    with one value for all rows, as a list of cleaned addresses says only in its name. `sheet` is
    one of the sheet's or table's name. `shapes` are patterns of whole cells, folded to lower case,
    by header key. `open_ended` says that its other columns bear the author's own words (surveys),
    `asks` that one of them must read as a question. `values` gives folded cell texts their
    canonical word, by field. A table that no grain holds has grain None.
    """

    system: str
    name: str
    grain: str | None
    columns: Lookup[str, KnownColumn]
    signs: frozenset[str]
    need: int
    layout: Layout = "table"
    preamble: re.Pattern[str] | None = None
    hint: re.Pattern[str] | None = None
    never: frozenset[str] = frozenset()
    file_name: re.Pattern[str] | None = None
    sheet: re.Pattern[str] | None = None
    shapes: Lookup[str, re.Pattern[str]] = field(default_factory=dict)
    open_ended: bool = False
    asks: bool = False
    constants: Lookup[str, str] = field(default_factory=dict)
    values: Lookup[str, Lookup[str, str]] = field(default_factory=dict)
    zone: str | None = None
    date_order: DateOrder | None = None
    decimal: Decimal | None = None
    documented: bool = False
    title: Lookup[str, str] = field(default_factory=dict)
    how: Lookup[str, str] = field(default_factory=dict)
    traps: tuple[Lookup[str, str], ...] = ()


def export_named(system: str, name: str) -> Export:
    """The export of that name; raises NotFoundError("unknown_export")."""
    if export := known_export(system, name):
        return export
    raise NotFoundError("unknown_export", export=f"{system}: {name}")


def known_export(system: str | None, name: str | None) -> Export | None:
    """The export of that name; None where no system, or none of these, has one."""
    found = (export for export in systems().get(system or "", ()) if export.name == name)
    return next(found, None)


@cache
def systems(folder: Path = FOLDER) -> Lookup[str, tuple[Export, ...]]:
    """The exports by system, in the order of the files.

    A file that can't be used is named in a warning and left out: the other systems stay known.
    """
    found: dict[str, tuple[Export, ...]] = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            exports = read_system(path)
        except InputError as error:
            _log.warning("%s", error)
            continue
        for export in exports:
            found[export.system] = (*found.get(export.system, ()), export)
    return MappingProxyType(found)


def read_system(path: Path) -> tuple[Export, ...]:
    """The exports of one file; raises InputError("bad_system_file", file=..., problem=...)."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        return tuple(_export(content["system"], entry) for entry in content["export"])
    except (OSError, LookupError, ValueError, TypeError, AttributeError, re.error) as error:
        raise InputError("bad_system_file", file=path.name, problem=str(error)) from error


def _export(system: str, entry: dict[str, Any]) -> Export:
    grain = entry.get("grain")
    allowed = set(fields_of(grain)) if grain else set()
    file_name = _pattern(entry.get("file_name"))
    stated = {*entry.get("columns", {}), *entry.get("constants", {})}
    stated |= set(file_name.groupindex if file_name else ())
    problem = ""
    if unknown := entry.keys() - _KEYS:
        problem = f"unknown keys: {', '.join(sorted(unknown))}"
    elif unknown := stated - allowed:
        problem = f"no field of {grain}: {', '.join(sorted(unknown))}"
    elif entry.get("date_order", "dmy") not in _DATE_ORDERS:
        problem = "date_order"
    elif entry.get("decimal", ".") not in _MARKS:
        problem = "decimal"
    elif entry.get("zone", "none") not in _ZONES:
        problem = "zone"
    elif any(set(said) != _LANGUAGES for said in _said(entry)):
        problem = "title, how and traps are told in en and ru"
    if problem:
        raise ValueError(entry["name"], problem)
    return Export(
        system=system,
        name=entry["name"],
        grain=grain,
        columns=MappingProxyType(_columns(entry)),
        signs=frozenset(read_name(header).key for header in entry["detect"]),
        need=entry.get("need", len(entry["detect"])),
        layout=entry.get("layout", "table"),
        preamble=_pattern(entry.get("preamble")),
        hint=_pattern(entry.get("hint")),
        never=frozenset(read_name(header).key for header in entry.get("never", ())),
        file_name=file_name,
        sheet=_pattern(entry.get("sheet")),
        shapes=MappingProxyType(
            {
                read_name(header).key: re.compile(text, re.IGNORECASE)
                for header, text in entry.get("shapes", {}).items()
            }
        ),
        open_ended=entry.get("open_ended", False),
        asks=entry.get("asks", False),
        constants=MappingProxyType(dict(entry.get("constants", {}))),
        values=MappingProxyType(
            {
                key: {text.strip().lower(): word for word, texts in words.items() for text in texts}
                for key, words in entry.get("values", {}).items()
            }
        ),
        zone=entry.get("zone"),
        date_order=entry.get("date_order"),
        decimal=entry.get("decimal"),
        documented=entry.get("documented", False),
        title=MappingProxyType(dict(entry.get("title", {}))),
        how=MappingProxyType(dict(entry.get("how", {}))),
        traps=tuple(MappingProxyType(dict(trap)) for trap in entry.get("traps", ())),
    )


def _said(entry: dict[str, Any]) -> list[dict[str, str]]:
    return [*(entry[key] for key in ("title", "how") if key in entry), *entry.get("traps", ())]


def _pattern(text: str | None) -> re.Pattern[str] | None:
    return re.compile(text, re.IGNORECASE | re.MULTILINE) if text else None


def _columns(entry: dict[str, Any]) -> dict[str, KnownColumn]:
    units = {read_name(header).key: unit for header, unit in entry.get("units", {}).items()}
    columns = {read_name(header).key: KnownColumn(None) for header in entry.get("ignored", ())}
    for field_key, headers in entry.get("columns", {}).items():
        for rank, header in enumerate(headers):
            key = read_name(header).key
            if key in columns and columns[key].field != field_key:
                raise ValueError(entry["name"], header, "stated twice")
            columns.setdefault(key, KnownColumn(field_key, rank, units.get(key)))
    return columns
