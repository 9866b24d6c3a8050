"""The records of one table of a text file: quick where lines are clean, patient where not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from crm_metrics.intake.layout.cells import shape
from crm_metrics.intake.layout.repeats import without_headers
from crm_metrics.intake.layout.sections import Section
from crm_metrics.intake.layout.settled import without_dropped
from crm_metrics.intake.ledger import Ledger
from crm_metrics.intake.limits import MAX_RECORD_LINES
from crm_metrics.intake.parquet import Writer, rows_table, schema
from crm_metrics.intake.table import LINE
from crm_metrics.intake.text.dialect import Dialect
from crm_metrics.intake.text.likeness import Likeness
from crm_metrics.intake.text.lines import Flags, Ints, Lines, look
from crm_metrics.intake.text.parsing import parse
from crm_metrics.intake.text.repair import Shape, closes_at, ends_record, is_record, mend

_MAX_HELD = 500
"""Doubtful lines at a block's end that wait for the next block, to see if they are the tail."""

_PATIENCE = 5_000
"""So many searches for the likeliest reading are made, at some milliseconds each.

A line alone takes one, a line among damaged ones one for each way to join it with them. Where there
are more it is no damage.
"""
_MOST_TOGETHER = 6
_MOST_PIECES = 100


_COUNTS = frozenset({"number", "date", "time"})


class Loader:
    """Takes blocks of a table's lines in order, keeps back what it can't decide yet."""

    def __init__(self, section: Section, dialect: Dialect, ledger: Ledger, writer: Writer) -> None:
        self._section = section
        self._dialect = dialect
        self._ledger = ledger
        self._writer = writer
        self._shape = Shape(
            dialect,
            section.fields,
            section.least,
            section.width,
            section.known,
            Likeness(section.known),
        )
        self._patience = _PATIENCE
        self._held = b""
        self._line = section.first
        self._in_footer = False

    def feed(self, block: bytes, line: int) -> None:
        """Take the next lines of the table; `line` is the number of the block's first."""
        if not self._held:
            self._line = line
        self._take(self._held + block, final=False)

    def finish(self) -> None:
        """No more lines come: decide about the held ones."""
        if self._held:
            self._take(self._held, final=True)

    def _take(self, data: bytes, *, final: bool) -> None:
        dialect = self._dialect
        found = look(
            data, delimiter=dialect.divider, quote=dialect.quote, width=self._section.fields
        )
        block = _Block(data, found, self._line)
        limit = self._mend(block, found.count if final else _settled(found), final=final)
        block.good[limit:] = False
        for i in np.flatnonzero(block.blank[:limit]):
            self._ledger.set_aside(self._line + int(i), "blank", block.text(int(i)))
        self._write(block)
        done = int(found.ends[limit - 1]) + 1 if limit else 0
        self._held = data[done:]
        self._line += limit

    def _mend(self, block: _Block, limit: int, *, final: bool) -> int:
        """Decide the doubtful lines before `limit`.

        Returns the limit, moved where a record of several lines reaches beyond it.
        """
        lines = block.lines
        whole = np.flatnonzero(lines.good)
        last_good = int(whole[-1]) if len(whole) else -1
        odd = np.flatnonzero(lines.odd)
        until = 0
        for i in map(int, np.flatnonzero(~lines.good & ~lines.blank)):
            if i < until:
                continue
            if i >= limit:
                break
            taken = self._joined(block, i, odd) if lines.odd[i] else 0
            if taken:
                last_good = max(last_good, i)
            else:
                taken = self._single(block, i, tail=final and i > last_good)
            until = i + taken
            block.good[i:until] = False
            block.blank[i:until] = False
        return max(limit, until)

    def _joined(self, block: _Block, i: int, odd: Ints) -> int:
        """Take a record of several lines. Returns how many, 0 if this is not one."""
        at = int(np.searchsorted(odd, i)) + 1
        if at >= len(odd) or odd[at] - i >= MAX_RECORD_LINES:
            return 0
        end = int(odd[at])
        inner = np.flatnonzero(block.lines.good[i + 1 : end])
        swallows = len(inner) and is_record(block.text(i + 1 + int(inner[0])), self._shape)
        if swallows and self._section.fields >= 3:
            return 0
        texts = [block.text(k) for k in range(i, end + 1)]
        count, cells = closes_at(texts, block.lines.odd[i : end + 1].tolist(), self._shape)
        if count:
            self._add(block, i, cells, texts[:count])
        return count

    def _single(self, block: _Block, i: int, *, tail: bool) -> int:
        """Mend one doubtful line, or the few that were one. Returns how many."""
        if self._ends_line_before(block, i):
            return 1
        texts = self._doubtful(block, i)
        apart = self._in_footer or (i > 0 and bool(block.lines.blank[i - 1]))
        number = block.first + i
        self._patience -= len(texts) * (len(texts) + 1) // 2
        mended = mend(
            texts,
            self._shape,
            tail=tail,
            after_blank=apart,
            record=number in self._section.kept,
            patient=self._patience > 0,
            cut=i + len(texts) == block.lines.count and not block.data.endswith(b"\n"),
        )
        if mended.reason:
            self._ledger.set_aside(number, mended.reason, texts[0])
            self._in_footer = mended.reason == "footer"
            if self._in_footer and self._is_data(texts[0]):
                self._ledger.issue("table_below", f"{number}: {texts[0]}")
            return 1
        self._add(block, i, mended.cells, texts[: mended.lines])
        if mended.how == "repaired":
            self._ledger.repaired += 1
            self._ledger.issue("lines_repaired", f"{number}: {texts[0]}")
        elif mended.how == "unsplit":
            self._ledger.issue("lines_unsplit", f"{number}: {texts[0]}")
        return mended.lines

    def _ends_line_before(self, block: _Block, i: int) -> bool:
        """Put a lone value to the line before if a line end came between."""
        if not i or not block.good[i - 1]:
            return False
        texts = [block.text(i - 1), block.text(i)]
        cells = ends_record(texts[0], texts[1], self._shape)
        if cells is None:
            return False
        block.good[i - 1] = False
        self._add(block, i - 1, cells, texts)
        self._ledger.repaired += 1
        self._ledger.issue("lines_repaired", f"{block.first + i}: {texts[1]}")
        return True

    def _doubtful(self, block: _Block, i: int) -> list[str]:
        """The line and the doubtful ones after it; a blank one only where quotes may hold it."""
        texts: list[str] = []
        quote = self._dialect.quote
        for k in range(i, min(i + _MOST_TOGETHER, block.lines.count)):
            quoted = bool(quote) and any(quote in text for text in texts)
            if block.lines.good[k] or (block.lines.blank[k] and not quoted):
                break
            texts.append(block.text(k))
        while not texts[-1].strip() and len(texts) > 1:
            texts.pop()
        return texts

    def _is_data(self, text: str) -> bool:
        """Whether a line below the table has a name and numbers, as a record of another has."""
        cells = self._dialect.split(text)
        return len(cells) > 1 and all(cells) and all(shape(cell) in _COUNTS for cell in cells[1:])

    def _add(self, block: _Block, i: int, cells: Sequence[str], texts: Sequence[str]) -> None:
        """Keep a record that was read on its own; its further lines are continuations."""
        block.cells.append(cells)
        block.numbers.append(block.first + i)
        for k, text in enumerate(texts[1:], start=1):
            self._ledger.set_aside(block.first + i + k, "continuation", text)

    def _write(self, block: _Block) -> None:
        section = self._section
        clean = parse(block.data, block.lines, block.good, self._dialect, section.fields)
        empty = pa.repeat("", clean.num_rows)
        columns = [*clean.columns, *[empty] * (section.width - clean.num_columns)]
        numbers = pa.array(np.flatnonzero(block.good) + block.first, pa.int64())
        table = pa.table([*columns, numbers], schema=schema(section.width))
        if block.cells:
            mended = rows_table(block.cells, block.numbers, section.width)
            table = _merged(table, mended)
        kept = without_headers(table, section, self._ledger)
        self._writer.write(without_dropped(kept, section, self._ledger))


class _Block:
    """A block in work: its lines, which of them still count as clean, and mended records."""

    def __init__(self, data: bytes, lines: Lines, first: int) -> None:
        self.data = data
        self.lines = lines
        self.first = first
        self.good: Flags = lines.good.copy()
        self.blank: Flags = lines.blank.copy()
        self.cells: list[Sequence[str]] = []
        self.numbers: list[int] = []

    def text(self, i: int) -> str:
        """A line as text."""
        return self.data[self.lines.starts[i] : self.lines.ends[i]].decode("utf-8", "replace")


def _merged(clean: pa.Table, mended: pa.Table) -> pa.Table:
    """Both tables' rows in the order of their lines."""
    numbers = clean.column(LINE).to_numpy()
    places = np.searchsorted(numbers, mended.column(LINE).to_numpy())
    borders = np.unique(places)
    if len(borders) > _MOST_PIECES:
        return pa.concat_tables([clean, mended]).sort_by(LINE)
    # A few among many are put between without moving the others.
    pieces, start = [], 0
    for border in map(int, borders):
        first, last = (int(np.searchsorted(places, border, side)) for side in ("left", "right"))
        pieces += [clean.slice(start, border - start), mended.slice(first, last - first)]
        start = border
    return pa.concat_tables([*pieces, clean.slice(start)])


def _settled(found: Lines) -> int:
    """How many lines can be decided now: up to the last whole record, unless it is far back."""
    whole = np.flatnonzero(found.good)
    last = int(whole[-1]) + 1 if len(whole) else 0
    if found.count - last <= _MAX_HELD:
        # A whole line before doubtful ones waits with them: its last value may be among them.
        return last - 1 if 0 < last < found.count else last
    odd = np.flatnonzero(found.odd)
    # Everything but a record that may still be open.
    return int(odd[-1]) if len(odd) and found.count - odd[-1] < MAX_RECORD_LINES else found.count
