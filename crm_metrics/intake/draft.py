"""From loaded sections to finished tables: names, accounts, issues."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow.parquet as pq

from crm_metrics.errors import InputError
from crm_metrics.intake.decisions import NOTHING, Decisions, PartDecisions
from crm_metrics.intake.layout.inner_headers import inner_headers
from crm_metrics.intake.layout.sections import Section
from crm_metrics.intake.layout.totals import set_aside_totals
from crm_metrics.intake.ledger import Ledger
from crm_metrics.intake.parquet import Writer
from crm_metrics.intake.progress import Progress, stretch, unheard
from crm_metrics.intake.table import HowRead, Issue, Table

_MAX_TITLE = 80


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known of a table before it is read.

    The file's shown name, the folder for Parquet, the table's own name, the part of the file that
    it comes from ("" for the whole), what the user decided, and who is told how far its reading
    is: at least for every block of work, since that is how the user can end it. Of a `preview`
    only the first records are read.
    """

    shown: str
    folder: Path
    base: str
    part: str = ""
    decisions: Decisions = NOTHING
    progress: Progress = unheard
    preview: bool = False

    def within(self, name: str) -> Draft:
        """The draft of a sheet or a member of an archive."""
        return replace(self, base=name, part=f"{self.part}: {name}" if self.part else name)

    def stretch(self, start: float, end: float) -> Draft:
        """The draft of a part of the work, which runs from `start` to `end` of the whole."""
        return replace(self, progress=stretch(self.progress, start, end))

    @property
    def decided(self) -> PartDecisions:
        """What the user decided about this part."""
        return self.decisions.of(self.part)


def opened(section: Section, folder: Path) -> Ledger:
    """A ledger with the section's header, preamble and other rows around its data."""
    ledger = Ledger(folder)
    for row, reason in section.lead:
        texts = row.text.split("\n") if row.lines > 1 else [row.text]
        for i in range(row.lines):
            ledger.set_aside(row.line + i, reason, texts[i] if i < len(texts) else "")
    if section.duplicates:
        ledger.issue("duplicate_headers", count=section.duplicates)
    if section.short_header:
        ledger.issue("header_short", section.heads[0].text)
    elif section.empty_names:
        ledger.issue("empty_headers", count=section.empty_names)
    for row in section.mended:
        ledger.repaired += 1
        ledger.issue("lines_repaired", f"{row.line}: {row.text}")
    for name in section.gaps:
        ledger.issue("side_by_side", name)
    return ledger


def finish(
    sections: Sequence[Section],
    ledgers: Sequence[Ledger],
    writers: Sequence[Writer],
    draft: Draft,
    how: HowRead,
    *,
    partial: bool = False,
) -> list[Table]:
    """Tables of the sections. Parts without records give their lines to their neighbour.

    `partial` says that the source goes on after what was loaded of it. Raises InputError
    `only_headers` where no section has a record.
    """
    found: list[tuple[Section, Ledger, Path]] = []
    empty: list[Ledger] = []
    for section, ledger, writer in zip(sections, ledgers, writers, strict=True):
        path = writer.close()
        if section.layout != "key_value" and writer.rows:
            with pq.ParquetFile(path) as data:
                for line, text in inner_headers(data, section.known, kept=section.kept):
                    ledger.issue("header_inside", f"{line}: {text}")
            path = set_aside_totals(
                path,
                section.known,
                ledger,
                folder=draft.folder,
                named=section.named,
                kept=section.kept,
                whole=not partial,
                progress=draft.progress,
            )
        records, columns = _size(path)
        if not records:
            empty.append(ledger)
            path.unlink(missing_ok=True)
            continue
        ledger.records = records
        section.headers = section.headers[:columns]
        found.append((section, ledger, path))
    if not found:
        raise InputError("only_headers", file=draft.shown)
    for ledger in empty:
        found[0][1].absorb(ledger)
    tables = [
        replace(
            _table(section, ledger, path, draft, how),
            preamble=_above(section, sections[0]),
            partial=partial,
        )
        for section, ledger, path in found
    ]
    if len(tables) == 1:
        return [replace(tables[0], name=draft.base)]
    several = Issue("second_table", len(tables), tuple(table.name for table in tables[:3]))
    tables[0] = replace(tables[0], issues=(*tables[0].issues, several))
    return named_apart(tables)


def named_apart(tables: Sequence[Table]) -> list[Table]:
    """The tables with a number after each name that another has: a name tells a table in a file."""
    taken: set[str] = set()
    result = []
    for table in tables:
        name, number = table.name, 2
        while name in taken:
            name, number = f"{table.name} ({number})", number + 1
        taken.add(name)
        result.append(replace(table, name=name) if name != table.name else table)
    return result


def _table(section: Section, ledger: Ledger, path: Path, draft: Draft, how: HowRead) -> Table:
    heads = tuple(line for row in section.heads for line in range(row.line, row.line + row.lines))
    return Table(
        name=section.title[:_MAX_TITLE] or ", ".join(section.headers[:2])[:_MAX_TITLE],
        path=path,
        headers=section.headers,
        layout=section.layout,
        how=replace(how, header_lines=heads),
        account=ledger.account(),
        aside=ledger.all_lines(),
        file_name=draft.shown,
        issues=ledger.issues(),
        part=draft.part,
    )


def _above(section: Section, first: Section) -> tuple[str, ...]:
    """The lines above a table: what stands at the head of a file holds for all of its tables."""
    own = section.preamble
    return own if section is first else (*(x for x in first.preamble if x not in own), *own)


def _size(path: Path) -> tuple[int, int]:
    """The records and the columns of a Parquet file."""
    metadata = pq.read_metadata(path)
    return int(metadata.num_rows), int(metadata.num_columns) - 1
