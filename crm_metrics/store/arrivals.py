"""Tables on their way into a workspace: all that takes long is done where they were read."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from crm_metrics import facts, intake
from crm_metrics.errors import InputError
from crm_metrics.facts.model import Facts
from crm_metrics.intake.decisions import Decisions
from crm_metrics.intake.progress import stretch
from crm_metrics.intake.table import Table
from crm_metrics.mapping.model import Mapping
from crm_metrics.store.dataset import Remote
from crm_metrics.store.manifest import RAW
from crm_metrics.store.records import to_plain
from crm_metrics.store.together.zones import Zones

Progress = Callable[[float], object]
Choose = Callable[[Sequence[Table], Sequence[str]], list[Mapping]]
"""The mappings of a file's tables, by the tables and the ids they will have."""
OWN_ZONES: Final = Zones()
READ: Final = 0.6
"""The share of reading in adding a file; the rest is making facts."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A table that was read, the id it will have, its mapping, and its facts or why it has none."""

    id: str
    table: Table
    mapping: Mapping
    facts: Facts | None
    error: InputError | None
    remote: Remote | None = None

    def moved(self, home: Path) -> Arrival:
        """The same with its files moved into the folder `home`."""
        home.mkdir(parents=True, exist_ok=True)
        made = self.facts
        if made is not None:
            rejects = made.rejects and made.rejects.replace(home / made.rejects.name)
            made = replace(made, path=made.path.replace(home / made.path.name), rejects=rejects)
        return replace(self, table=self.table.moved(home, name=RAW), facts=made)


def read_in(
    path: Path,
    name: str,
    folder: Path,
    decisions: Decisions,
    choose: Choose,
    *,
    sha256: str,
    progress: Progress,
    password: str | None = None,
    zones: Zones = OWN_ZONES,
) -> list[Arrival]:
    """The tables of a file, read into the folder, with their mappings and facts."""
    tables = intake.read(
        path,
        name=name,
        workdir=folder,
        progress=stretch(progress, 0.0, READ),
        password=password,
        decisions=decisions,
        sha256=sha256,
    )
    return arrived(tables, choose, stretch(progress, READ, 1.0), zones)


def arrived(
    tables: Sequence[Table], choose: Choose, progress: Progress, zones: Zones = OWN_ZONES
) -> list[Arrival]:
    """The tables of a file with their mappings and facts beside them.

    `progress` goes from 0 to 1, and ends it by raising.
    """
    found = []
    names = [identity(table, tables) for table in tables]
    chosen = choose(tables, names)
    for place, (table, name, meaning) in enumerate(zip(tables, names, chosen, strict=True)):
        told = stretch(progress, place / len(tables), (place + 1) / len(tables))
        found.append(Arrival(name, table, meaning, *built(table, meaning, told, zones)))
    return found


def built(
    table: Table,
    chosen: Mapping,
    progress: Progress | None = None,
    zones: Zones = OWN_ZONES,
) -> tuple[Facts | None, InputError | None]:
    """The facts of a table, beside it, with its times as `zones` say; or why there are none."""
    shift = zones.shift(table, chosen)
    # A name of its own, since an engine may still be reading the facts before.
    made_of = (to_plain(chosen), table.path.stat().st_mtime_ns, *([shift] if shift else []))
    key = hashlib.sha256(repr(made_of).encode()).hexdigest()[:12]
    try:
        target = table.path.with_name(f"facts-{key}.parquet")
        return facts.build(table, chosen, out=target, progress=progress, shift=shift), None
    except InputError as refused:
        return None, refused


def identity(table: Table, of: Sequence[Table]) -> str:
    """The same for equal content, whatever the file is called: "export (1).csv" is "export.csv".

    The only table of a file has the file's name; one of several has a name of its own.
    """
    own = table.name if len(of) > 1 else ""
    return hashlib.sha256(f"{table.sha256}\0{own}".encode()).hexdigest()[:16]
