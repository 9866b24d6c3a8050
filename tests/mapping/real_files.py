"""The catalogue's exports as files in their real format, read, and the truth about them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from crm_metrics import intake
from crm_metrics.intake.table import Table
from crm_metrics.mapping import SYSTEMS
from crm_metrics.mapping.headers.header import read_name
from tests.intake import catalogue
from tests.mapping.made import made_table

FOREIGN = ("Qwzx", "Внутренний код смены", "Misc 7")


@dataclass(frozen=True)
class RealFile:
    """An entry of the catalogue with the tables of its file; `variant` names other headers."""

    entry: dict
    tables: tuple[Table, ...]
    variant: str = ""

    @property
    def system(self) -> str:
        return self.entry["system"]

    @property
    def export(self) -> str:
        return self.entry["export"]

    @property
    def grain(self) -> str | None:
        return self.entry["facts_grain"]

    @property
    def described(self) -> bool:
        """Whether a system's file says what the export is; low entries must have none."""
        known = SYSTEMS.get(self.system, ())
        return any(export.name == self.export for export in known)

    @cached_property
    def truth(self) -> dict[str, str]:
        """The field of each column that has one, by the header's key."""
        return {read_name(header).key: field for header, field in self.entry["mapping"].items()}

    def __str__(self) -> str:
        return f"{self.system}: {self.export}{self.variant and f' ({self.variant})'}"


def real_files(folder: Path) -> Iterator[RealFile]:
    """All 78 entries, each written and read as its vendor's file."""
    plain = {(export.system, export.name): export for export in catalogue.tables()}
    for number, entry in enumerate(catalogue.EXPORTS):
        export = plain.get((entry["system"], entry["export"]))
        content = catalogue.as_text(export) if export else _content(entry)
        # Some vendors' names are their exports': Overview.csv, Audience.csv.
        name = entry["export"] if entry["export"].endswith(".csv") else "export.csv"
        yield RealFile(entry, _read(folder / f"{number}", name, content))


def variant_files(folder: Path) -> Iterator[RealFile]:
    """The same exports with the headers of other languages and versions."""
    entries = {(entry["system"], entry["export"]): entry for entry in catalogue.EXPORTS}
    for number, export in enumerate(catalogue.variants()):
        entry = next(
            entries[key]
            for key in entries
            if key[0] == export.system and export.name.startswith(key[1] + ", ")
        )
        title = export.name.removeprefix(entry["export"] + ", ")
        content = catalogue.as_text(export)
        yield RealFile(entry, _read(folder / f"v{number}", "export.csv", content), title)


def _content(entry: dict) -> bytes:
    if entry["layout"] == "json_lines":
        return catalogue.events(lines=True)[0]
    if entry["export"] == "Audience.csv":
        return catalogue.AUDIENCE.encode("utf-16")
    return catalogue.sample_of(entry["system"], entry["export"])


def _read(home: Path, name: str, content: bytes) -> tuple[Table, ...]:
    home.mkdir()
    path = home / name
    path.write_bytes(content)
    return tuple(intake.read(path, workdir=home))


def drifted(folder: Path, table: Table, chance: random.Random) -> Table:
    """The table in another order, without 30 % of its columns and with three foreign ones."""
    count = len(table.headers)
    kept = chance.sample(range(count), max(1, round(0.7 * count)))
    headers = [*(table.headers[at] for at in kept), *FOREIGN]
    order = chance.sample(range(len(headers)), len(headers))
    cells = [
        [*(row[at] for at in kept), "aa", "bb", "cc"] for row in table.frame().to_numpy().tolist()
    ]
    return made_table(
        folder,
        [headers[at] for at in order],
        [[row[at] for at in order] for row in cells],
        layout=table.layout,
        preamble=table.preamble,
        file_name=table.file_name,
        name=table.name,
    )
