"""Loading the data lines of a text file: quick where they are clean, patient where not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from crm_metrics.intake.blocks import TextFile
from crm_metrics.intake.dialect import Dialect
from crm_metrics.intake.layout import Section
from crm_metrics.intake.ledger import Ledger
from crm_metrics.intake.limits import MAX_RECORD_LINES
from crm_metrics.intake.lines import Flags, Lines, look
from crm_metrics.intake.parquet import Writer, rows_table, schema
from crm_metrics.intake.repair import Shape, closes_at, is_record, mend
from crm_metrics.intake.splitting import split_line
from crm_metrics.intake.table import LINE

_MAX_HELD = 500
"""Doubtful lines at a block's end that wait for the next block, to see if they are the tail."""
_NO_DELIMITER = "\x01"


def load(
    file: TextFile,
    dialect: Dialect,
    sections: Sequence[Section],
    ledgers: Sequence[Ledger],
    writers: Sequence[Writer],
    *,
    progress: Callable[[float], object] | None = None,
) -> None:
    """Read the file once and write each section's records; every line enters a ledger."""
    loaders = [
        _Loader(section, dialect, ledger, writer)
        for section, ledger, writer in zip(sections, ledgers, writers, strict=True)
    ]
    claimed = {
        line
        for section in sections
        for row in [row for row, _ in section.lead] + [r for rs in section.pairs for r in rs]
        for line in range(row.line, row.line + row.lines)
    }
    line = 1
    for block in file.blocks(progress=progress):
        for part, owner in _parts(block, line, sections):
            if owner is not None:
                loaders[owner].feed(dialect.prepared(part), line)
                line += part.count(b"\n") + (not part.endswith(b"\n"))
                continue
            for raw in part.splitlines() if b"\r" not in part else part.rstrip(b"\n").split(b"\n"):
                if line not in claimed:
                    ledgers[-1].set_aside(line, "other", raw.decode("utf-8", "replace"))
                line += 1
    for loader in loaders:
        loader.finish()


def _parts(
    block: bytes, line: int, sections: Sequence[Section]
) -> Iterator[tuple[bytes, int | None]]:
    """The block cut where the data of a section begin or end, each part with its section."""
    count = block.count(b"\n") + (not block.endswith(b"\n"))
    edges = {line, line + count}
    for section in sections:
        if section.layout != "key_value":
            last = section.last if section.last is not None else line + count
            edges |= {e for e in (section.first, last + 1) if line < e < line + count}
    at, marks = 0, sorted(edges)
    for start, end in zip(marks, marks[1:], strict=False):
        if end == line + count:
            stop = len(block)
        else:
            stop = at
            for _ in range(end - start):
                stop = block.index(b"\n", stop) + 1
        yield block[at:stop], _owner(start, sections)
        at = stop


def _owner(line: int, sections: Sequence[Section]) -> int | None:
    for i, section in enumerate(sections):
        if section.layout == "key_value" or line < section.first:
            continue
        if section.last is None or line <= section.last:
            return i
    return None


class _Loader:
    """The records of one section: takes blocks of its lines, keeps what it can't decide yet."""

    def __init__(self, section: Section, dialect: Dialect, ledger: Ledger, writer: Writer) -> None:
        self._section = section
        self._dialect = dialect
        self._ledger = ledger
        self._writer = writer
        self._shape = Shape(dialect, section.fields, section.least, section.width, section.known)
        self._held = b""
        self._line = section.first
        self._in_footer = False

    def feed(self, block: bytes, line: int) -> None:
        """Take the next lines of the section; `line` is the number of the block's first."""
        if not self._held:
            self._line = line
        self._take(self._held + block, final=False)

    def finish(self) -> None:
        """No more lines come: decide about the held ones."""
        if self._held:
            self._take(self._held, final=True)

    def _take(self, data: bytes, *, final: bool) -> None:
        dialect, section = self._dialect, self._section
        found = look(data, delimiter=dialect.divider, quote=dialect.quote, width=section.fields)
        limit = found.count if final else _settled(found)
        good, rows = found.good.copy(), _Rows()
        good[limit:] = False
        blank = found.blank.copy()
        limit = self._mend(data, found, limit, good, blank, rows, final=final)
        good[limit:] = False
        for i in np.flatnonzero(blank[:limit]):
            self._ledger.set_aside(self._line + int(i), "blank", _line(data, found, i))
        self._write(data, found, good, rows)
        done = int(found.ends[limit - 1]) + 1 if limit else 0
        self._held = data[done:]
        self._line += limit

    def _mend(
        self,
        data: bytes,
        found: Lines,
        limit: int,
        good: Flags,
        blank: Flags,
        rows: _Rows,
        *,
        final: bool,
    ) -> int:
        """Decide the doubtful lines before `limit`; records go to `rows`. Returns the limit,
        moved where a record reaches beyond it.
        """
        whole = np.flatnonzero(found.good)
        last_good = int(whole[-1]) if len(whole) else -1
        odd = np.flatnonzero(found.odd)
        doubtful = np.flatnonzero(~found.good & ~found.blank)
        until = 0
        for i in map(int, doubtful):
            if i < until:
                continue
            if i >= limit:
                break
            taken = self._joined(data, found, i, odd, rows) if found.odd[i] else 0
            if not taken:
                tail = final and i > last_good
                taken = self._single(data, found, i, rows, tail=tail)
            else:
                last_good = max(last_good, i)
            until = i + taken
            good[i:until] = False
            blank[i:until] = False
        return max(limit, until)

    def _joined(self, data: bytes, found: Lines, i: int, odd: np.ndarray, rows: _Rows) -> int:
        """Take a record of several lines; 0 if this is not one."""
        at = int(np.searchsorted(odd, i)) + 1
        if at >= len(odd) or odd[at] - i >= MAX_RECORD_LINES:
            return 0
        end = int(odd[at])
        inner = i + 1 + np.flatnonzero(found.good[i + 1 : end])
        if len(inner) and self._section.fields >= 3:
            if is_record(_line(data, found, inner[0]), self._shape):
                return 0
        lines = [_line(data, found, k) for k in range(i, end + 1)]
        count, cells = closes_at(lines, found.odd[i : end + 1].tolist(), self._shape)
        if count:
            rows.add(self._line + i, cells)
            for k in range(1, count):
                self._ledger.set_aside(self._line + i + k, "continuation", lines[k])
        return count

    def _single(self, data: bytes, found: Lines, i: int, rows: _Rows, *, tail: bool) -> int:
        """Mend one doubtful line, or the two or three that were one. Returns how many."""
        more = []
        for k in range(i, min(i + 3, found.count)):
            if found.good[k] or found.blank[k]:
                break
            more.append(_line(data, found, k))
        after_blank = i > 0 and bool(found.blank[i - 1])
        mended = mend(more, self._shape, tail=tail, after_blank=after_blank or self._in_footer)
        number = self._line + i
        if mended.reason:
            self._ledger.set_aside(number, mended.reason, more[0])
            self._in_footer = mended.reason == "footer"
            return 1
        rows.add(number, mended.cells)
        for k in range(1, mended.lines):
            self._ledger.set_aside(number + k, "continuation", more[k])
        if mended.how == "repaired":
            self._ledger.repaired += 1
            self._ledger.issue("lines_repaired", f"{number}: {more[0]}")
        elif mended.how == "unsplit":
            self._ledger.issue("lines_unsplit", f"{number}: {more[0]}")
        return mended.lines

    def _write(self, data: bytes, found: Lines, good: Flags, rows: _Rows) -> None:
        section = self._section
        clean = _parse(data, found, good, self._dialect, section.fields)
        numbers = np.flatnonzero(good) + self._line
        columns = list(clean.columns)
        empty = pa.array([""] * clean.num_rows, pa.string())
        columns += [empty] * (section.width - len(columns))
        table = pa.table([*columns, pa.array(numbers, pa.int64())], schema=schema(section.width))
        if rows.cells:
            mended = rows_table(rows.cells, rows.lines, section.width)
            table = pa.concat_tables([table, mended]).sort_by(LINE)
        self._writer.write(self._without_headers(table))

    def _without_headers(self, table: pa.Table) -> pa.Table:
        """Set aside repetitions of the header: files glued together carry it again."""
        if not self._section.heads or not table.num_rows:
            return table
        head = self._section.heads[0].cells
        same = pc.equal(table.column(0), head[0])
        for i, cell in enumerate(head[1 : self._section.width], start=1):
            if not pc.any(same).as_py():
                return table
            same = pc.and_(same, pc.equal(table.column(i), cell))
        if not pc.any(same).as_py() or not any(cell.strip() for cell in head):
            return table
        for line in table.filter(same).column(LINE).to_pylist():
            self._ledger.set_aside(line, "header", self._section.heads[0].text)
        return table.filter(pc.invert(same))


class _Rows:
    """Records that were read one by one."""

    def __init__(self) -> None:
        self.cells: list[Sequence[str]] = []
        self.lines: list[int] = []

    def add(self, line: int, cells: Sequence[str]) -> None:
        """Keep a record that begins on the line."""
        self.cells.append(cells)
        self.lines.append(line)


def _settled(found: Lines) -> int:
    """How many lines can be decided now: up to the last whole record, unless it is far back."""
    whole = np.flatnonzero(found.good)
    last = int(whole[-1]) + 1 if len(whole) else 0
    if found.count - last <= _MAX_HELD:
        return last
    odd = np.flatnonzero(found.odd)
    # Everything but a record that may still be open.
    return int(odd[-1]) if len(odd) and found.count - odd[-1] < MAX_RECORD_LINES else found.count


def _line(data: bytes, found: Lines, i: int | np.integer) -> str:
    return data[found.starts[i] : found.ends[i]].decode("utf-8", "replace")


def _parse(data: bytes, found: Lines, good: Flags, dialect: Dialect, width: int) -> pa.Table:
    """The good lines as columns of text."""
    names = [f"c{i}" for i in range(width)]
    clean = _gathered(data, found, good)
    if not clean:
        return pa.table({name: pa.array([], pa.string()) for name in names})
    delimiter = dialect.divider or _NO_DELIMITER
    options = pacsv.ParseOptions(
        delimiter=delimiter,
        quote_char=dialect.quote or False,
        double_quote=True,
        escape_char=False,
        newlines_in_values=False,
        ignore_empty_lines=False,
    )
    try:
        table = pacsv.read_csv(
            pa.BufferReader(clean),
            read_options=pacsv.ReadOptions(column_names=names, block_size=1 << 20),
            parse_options=options,
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                strings_can_be_null=False,
                check_utf8=False,
            ),
        )
    except pa.ArrowInvalid:
        table = None
    if table is None or table.num_rows != int(good.sum()):
        texts = clean.decode("utf-8", "replace").removesuffix("\n").split("\n")
        cells = [split_line(text, dialect.divider, dialect.quote) for text in texts]
        table = rows_table(cells, range(len(cells)), width).select(names)
    return table


def _gathered(data: bytes, found: Lines, good: Flags) -> bytes:
    """The bytes of the good lines."""
    if good.all():
        return data
    edges = np.flatnonzero(np.diff(np.concatenate(([0], good.astype(np.int8), [0]))))
    pieces = [
        data[found.starts[start] : found.ends[stop - 1] + 1]
        for start, stop in zip(edges[::2], edges[1::2], strict=True)
    ]
    return b"".join(pieces)
