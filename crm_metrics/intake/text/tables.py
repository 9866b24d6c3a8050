"""Tables of a text file: its dialect, its layout, its records."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from crm_metrics.errors import InputError, LimitError
from crm_metrics.intake.draft import Draft, finish, opened
from crm_metrics.intake.layout.pairs import lay_pairs
from crm_metrics.intake.layout.rows import Row
from crm_metrics.intake.layout.sections import Section
from crm_metrics.intake.layout.settled import added_rows, decided_sections
from crm_metrics.intake.limits import MAX_COLUMNS, SAMPLE_BYTES, WINDOW_BYTES
from crm_metrics.intake.parquet import Writer
from crm_metrics.intake.table import HowRead, Table
from crm_metrics.intake.text import dialect as dialects
from crm_metrics.intake.text.blocks import TextFile, note_decoding, open_text
from crm_metrics.intake.text.dialect import Dialect
from crm_metrics.intake.text.distributing import load
from crm_metrics.intake.text.first_rows import text_rows
from crm_metrics.intake.text.header_line import header_of_another
from crm_metrics.intake.text.messages import is_message_log, read_messages
from crm_metrics.intake.text.prose import is_log, is_prose

_HEAD_LINES = 600
_MOSTLY = 0.95
_DIGIT = re.compile(r"\d")
_LEAST_HEAD_LINES = 60
_HEAD_CELLS = 200_000
_WINDOW_LINES = 50_000
"""A window of blank lines alone would have millions."""
_MARKS = ",;\t|"


def read_text(path: Path, draft: Draft, *, container: str = "text") -> list[Table]:
    """Read a text file into tables. Raises InputError where it holds none."""
    decided = draft.decided
    file = open_text(path, encoding=decided.encoding)
    window = next(iter(file.blocks(size=WINDOW_BYTES)), b"").decode("utf-8", "replace")
    if not window.strip("\ufeff \t\r\n"):
        raise InputError("empty_file", file=draft.shown)
    lines = window.removesuffix("\n").split("\n")
    sample = window[:SAMPLE_BYTES].split("\n")
    sample = sample[:-1] if len(sample) > 3 and len(window) > SAMPLE_BYTES else sample
    if decided.delimiter is None and is_message_log(sample):
        return read_messages(file, draft, container=container)
    dialect = dialects.detect(sample, delimiter=decided.delimiter)
    rows = _rows(lines, dialect)
    if decided.empty and (is_log(sample, rows, dialect) or is_prose(rows, dialect)):
        raise InputError("text_not_table", file=draft.shown)
    sections = decided_sections(rows, decided.roles)
    head = header_of_another(sections[0], dialect) if sections else None
    if head is not None and head.line not in decided.roles:
        rows = [head if row.line == head.line else row for row in rows]
        sections = decided_sections(rows, {**decided.roles, head.line: "header"})
        sections[0].mended = (head,)
    _check(sections, draft.shown)
    how = HowRead(
        container=container,
        encoding=file.encoding.name,
        delimiter=dialect.delimiter or None,
        quote=dialect.quote or None,
    )
    return _load(file, dialect, sections, draft, how)


def _rows(lines: Sequence[str], dialect: Dialect) -> list[Row]:
    """The first rows, and the rest of the window too where it may hold other tables."""
    if dialect.prepares:
        text = dialect.prepared("\n".join(lines).encode("utf-8", "surrogatepass"))
        lines = text.decode("utf-8", "replace").split("\n")
    start = 1
    first: list[Row] = []
    hint = dialects.hinted(lines[0])
    if hint:
        first = [Row(1, 1, (lines[0].strip(),), lines[0], 1)]
        lines, start = lines[1:], 2
    divider = dialect.divider
    counts = (
        Counter(line.count(divider) for line in lines[:_HEAD_LINES]) if divider else Counter([0])
    )
    usual = counts.most_common(1)[0][0]
    most = max(_LEAST_HEAD_LINES, min(_HEAD_LINES, _HEAD_CELLS // (usual + 1)))
    head, rest = lines[:most], lines[most:]
    if rest and divider and any(map(_odd_beside(head, divider, usual), rest)):
        head = lines[:_WINDOW_LINES]
    return first + list(text_rows(head, dialect, start=start))


def _odd_beside(head: Sequence[str], divider: str, usual: int) -> Callable[[str], bool]:
    """Tells lines that may stand between two tables from those like the first ones.

    A line that another delimiter divides into as many fields as others have is a damaged record.
    """
    counted = sum(bool(_DIGIT.search(line)) for line in head) > _MOSTLY * len(head)

    def odd(line: str) -> bool:
        if not line.strip() or line[0] == "#":
            return True
        if divider not in line:
            return usual < 2 or all(line.count(mark) < usual for mark in _MARKS)
        return counted and not _DIGIT.search(line)

    return odd


def _check(sections: Sequence[Section], shown: str) -> None:
    if not sections:
        raise InputError("text_not_table", file=shown)
    widest = max(section.width for section in sections)
    if widest > MAX_COLUMNS:
        raise LimitError("too_many_columns", file=shown, columns=widest, limit=MAX_COLUMNS)


def _load(
    file: TextFile,
    dialect: Dialect,
    sections: Sequence[Section],
    draft: Draft,
    how: HowRead,
) -> list[Table]:
    ledgers = [opened(section, draft.folder) for section in sections]
    with ExitStack() as stack:
        writers = []
        for section, ledger in zip(sections, ledgers, strict=True):
            laid = lay_pairs(section, ledger) if section.layout == "key_value" else None
            writer = stack.enter_context(Writer(draft.folder, section.width))
            if laid is not None:
                writer.write(laid)
            writer.write(added_rows(section))
            writers.append(writer)
        load(
            *(file, dialect, sections, ledgers, writers),
            preview=draft.preview,
            progress=draft.stretch(0, 0.9).progress,
        )
    note_decoding(ledgers[0], file)
    rest = draft.stretch(0.9, 1.0)
    return finish(sections, ledgers, writers, rest, how, partial=file.partial)
