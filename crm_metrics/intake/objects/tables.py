"""Tables of JSON files: a row for every object of an array, or for every line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from crm_metrics.errors import InputError, LimitError
from crm_metrics.intake.draft import Draft, named_apart
from crm_metrics.intake.grid import grid_of_rows, read_grid
from crm_metrics.intake.layout.names import names
from crm_metrics.intake.layout.rows import sheet_row
from crm_metrics.intake.ledger import Ledger
from crm_metrics.intake.limits import MAX_CELLS
from crm_metrics.intake.objects.flattening import Scan, cell_of, flatten, scanner, whole_text
from crm_metrics.intake.objects.gathering import Gathering
from crm_metrics.intake.objects.walking import OPENED, Damaged, Event, Names, Source, walk
from crm_metrics.intake.table import HowRead, Issue, Table
from crm_metrics.intake.text.blocks import note_decoding, open_text

_BRACKETS = frozenset({"[", "]", "{", "}", ",", "],", "},"})
_MAX_PREAMBLE = 100
_PREVIEW_ITEMS = 1_000


@dataclass(slots=True)
class _Part:
    """A table in the making: where its records stand, the records, their account."""

    path: Names
    gathering: Gathering
    ledger: Ledger

    @classmethod
    def begun(cls, path: Names, draft: Draft) -> _Part:
        """A table without records yet."""
        return cls(path, Gathering(draft.folder, draft.shown), Ledger(draft.folder))


def read_json_lines(path: Path, draft: Draft, *, container: str) -> list[Table]:
    """Read a file of one JSON object a line. A line that is none is set aside.

    Raises InputError `json_broken` where no line is an object.
    """
    file = open_text(path, encoding=draft.decided.encoding)
    duplicates: Counter[str] = Counter()
    scan = scanner(duplicates)
    part = _Part.begun((), draft)
    number = 0
    for block in file.blocks(preview=draft.preview):
        draft.progress(file.done)
        for line in block.decode("utf-8").removesuffix("\n").split("\n"):
            number += 1
            text = line.strip("\ufeff \t\r")
            record = _record(text, scan)
            if record is not None:
                part.gathering.add(number, flatten(record, duplicates))
                continue
            part.ledger.set_aside(number, "other" if text else "blank", line)
            if text and text not in _BRACKETS:
                part.ledger.issue("json_lines_broken", f"{number}: {line}")
    if not part.gathering.records:
        raise InputError("json_broken", file=draft.shown)
    how = HowRead(container, encoding=file.encoding.name)
    note_decoding(part.ledger, file)
    tables = _tables([part], draft, how, duplicates)
    return [replace(table, partial=file.partial) for table in tables]


def read_json(path: Path, draft: Draft, scratch: Path, *, container: str) -> list[Table]:
    """Read a JSON document: every array of objects in it is a table, and every array of arrays.

    The account counts the items of the document in their order: an object of an array is a
    record; a value beside the arrays is set aside as preamble, a stretch that is no JSON as
    other. Raises InputError `json_broken` where no item can be read, LimitError for one too long.
    """
    file = open_text(path, encoding=draft.decided.encoding)
    duplicates: Counter[str] = Counter()
    found = _Found(draft)
    for number, event in enumerate(walk(Source(file, duplicates)), start=1):
        draft.progress(file.done)
        if draft.preview and number > _PREVIEW_ITEMS:
            file.partial = True
            break
        found.take(number, event, duplicates)
    how = HowRead(container, encoding=file.encoding.name)
    if not found.parts and not found.rows:
        duplicates.clear()
        whole = _whole(Source(file, duplicates))
        record = flatten(whole, duplicates) if whole else {}
        if any(record.values()):
            found.one_record(record)
    parts = list(found.parts.values())
    if parts:
        found.account_for_rest(parts[0].ledger)
        note_decoding(parts[0].ledger, file)
    tables = _tables(parts, draft, how, duplicates) + found.grids(scratch, how)
    if not tables:
        raise InputError(found.refusal(), file=draft.shown)
    if len(tables) > 1:
        shown = tuple(table.name for table in tables[:3])
        several = Issue("second_table", len(tables), shown)
        tables[0] = replace(tables[0], issues=(*tables[0].issues, several))
    above = found.above()
    return [replace(t, preamble=above, partial=file.partial) for t in named_apart(tables)]


class _Found:
    """What a document holds: records and rows by the path of their array, and the rest."""

    def __init__(self, draft: Draft) -> None:
        self.parts: dict[Names, _Part] = {}
        self.rows: dict[Names, list[list[str]]] = {}
        self.damage: list[tuple[int, str]] = []
        self._beside: list[tuple[int, Names, str]] = []
        self._draft = draft
        self._cells = 0
        self._chat: dict[str, str] = {}

    def take(self, number: int, event: Event, duplicates: Counter[str]) -> None:
        """Put an event where it belongs."""
        if event.kind == "record":
            part = self.parts.get(event.path)
            if part is None:
                part = _Part.begun(event.path, self._draft)
                self.parts[event.path] = part
            flat = flatten(event.value, duplicates)
            if event.path[: len(OPENED)] == OPENED:
                flat = self._chat | flat
            part.gathering.add(number, flat)
        elif event.kind == "damage":
            self.damage.append((number, event.value))
        elif event.kind == "row":
            row = [whole_text(cell_of(value)) for value in event.value]
            self.rows.setdefault(event.path, []).append(row)
            self._count(len(row))
        else:
            text = whole_text(cell_of(event.value))
            self._beside.append((number, event.path, text))
            self._count(1)
            if event.path[:-1] == OPENED:
                self._chat[f"chat.{event.path[-1]}"] = text

    def one_record(self, record: dict[str, str]) -> _Part:
        """A single object that holds no array of others is a record itself."""
        self._beside = []
        part = self.parts[()] = _Part.begun((), self._draft)
        part.gathering.add(1, record)
        return part

    def refusal(self) -> str:
        """Why there is no table."""
        if self.damage:
            return "json_broken"
        return "text_not_table" if self._beside else "empty_file"

    def account_for_rest(self, ledger: Ledger) -> None:
        """Set aside what is neither a record nor a row."""
        for number, path, text in self._beside:
            ledger.set_aside(number, "preamble", _named(path, text))
        for number, text in self.damage:
            if text.strip():
                ledger.set_aside(number, "other", text)
            ledger.issue("json_broken", text.strip())

    def above(self) -> tuple[str, ...]:
        """The values beside the arrays, as a preamble."""
        return tuple(_named(path, text) for _, path, text in self._beside[:_MAX_PREAMBLE])

    def grids(self, scratch: Path, how: HowRead) -> list[Table]:
        """Tables of the arrays of arrays: their first row may be a header."""
        tables: list[Table] = []
        for number, (path, rows) in enumerate(self.rows.items()):
            width = max(map(len, rows))
            heads = [text for _, beside, text in self._beside if beside[:-1] == path[:-1]]
            if path and len(heads) == width:
                rows.insert(0, heads)
            name = whole_text(path[-1]) if path else self._draft.base
            target = scratch / f"rows-{number}.arrow"
            grid = grid_of_rows(rows, target, name=name, container=how.container)
            tables += read_grid(grid, self._draft.within(name))
        return tables

    def _count(self, cells: int) -> None:
        self._cells += cells
        if self._cells > MAX_CELLS:
            raise LimitError("too_many_cells", file=self._draft.shown, limit=MAX_CELLS)


def _whole(source: Source) -> dict[str, Any] | None:
    """The one object that a document consists of."""
    try:
        value = source.value()
    except (Damaged, LimitError):
        return None
    return value if isinstance(value, dict) and not source.peek() else None


def _named(path: Names, text: str) -> str:
    return whole_text(f"{'.'.join(path)}: {text}") if path else text


def _record(text: str, scan: Scan) -> dict[str, Any] | None:
    """The object of a line that holds nothing else; an array is a record named by places."""
    try:
        value, end = scan(text, 0)
    except (ValueError, StopIteration, RecursionError):
        return None
    if end != len(text) and text[end:].strip() != ",":
        return None
    if isinstance(value, list):
        return {str(i): item for i, item in enumerate(value, start=1)}
    return value if isinstance(value, dict) else None


def _tables(
    parts: Sequence[_Part], draft: Draft, how: HowRead, duplicates: Counter[str]
) -> list[Table]:
    tables = []
    for key, count in duplicates.items():
        parts[0].ledger.issue("duplicate_keys", whole_text(key), count=count)
    for part in parts:
        path, ledger = part.gathering.close(), part.ledger
        ledger.records = part.gathering.records
        keys = part.gathering.keys
        headers, repeated, empty = names([sheet_row(0, keys)], len(keys))
        ledger.issue("duplicate_headers", count=repeated)
        ledger.issue("empty_headers", count=empty)
        tables.append(
            Table(
                name=whole_text(part.path[-1]) if len(parts) > 1 and part.path else draft.base,
                path=path,
                headers=tuple(headers),
                layout="table",
                how=how,
                account=ledger.account(),
                aside=ledger.all_lines(),
                file_name=draft.shown,
                issues=ledger.issues(),
                part=draft.part,
            )
        )
    return tables
