"""Loading a text file: every line goes to the table whose data it is, or to an account."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import pairwise

from crm_metrics.intake.layout.sections import Section
from crm_metrics.intake.ledger import Ledger
from crm_metrics.intake.parquet import Writer
from crm_metrics.intake.progress import Progress
from crm_metrics.intake.text.blocks import TextFile, ahead
from crm_metrics.intake.text.dialect import Dialect
from crm_metrics.intake.text.lines import count_lines
from crm_metrics.intake.text.loader import Loader


def load(
    file: TextFile,
    dialect: Dialect,
    sections: Sequence[Section],
    ledgers: Sequence[Ledger],
    writers: Sequence[Writer],
    *,
    preview: bool = False,
    progress: Progress,
) -> None:
    """Read the file once and write each section's records; every line enters a ledger.

    Of a `preview` only the first bytes are read, and doubtful lines at their end are left out.
    """
    loaders = [
        Loader(section, dialect, ledger, writer)
        for section, ledger, writer in zip(sections, ledgers, writers, strict=True)
    ]
    claimed = {
        line
        for section in sections
        for row in section.around
        for line in range(row.line, row.line + row.lines)
    }
    line = 1
    with closing(ahead(file.blocks(preview=preview))) as blocks:
        for block in blocks:
            for part, owner in _parts(block, line, sections):
                if owner is not None:
                    loaders[owner].feed(dialect.prepared(part), line)
                    line += count_lines(part)
                    continue
                for raw in part.removesuffix(b"\n").split(b"\n"):
                    if line not in claimed:
                        ledgers[-1].set_aside(line, "other", raw.decode("utf-8", "replace"))
                    line += 1
            progress(file.done)
    for loader in () if file.partial else loaders:
        loader.finish()


def _parts(
    block: bytes, line: int, sections: Sequence[Section]
) -> Iterator[tuple[bytes, int | None]]:
    """The block cut where the data of a section begin or end, each part with its section."""
    count = count_lines(block)
    edges = {line, line + count}
    for section in sections:
        if section.layout != "key_value":
            last = section.last if section.last is not None else line + count
            edges |= {e for e in (section.first, last + 1) if line < e < line + count}
    at, marks = 0, sorted(edges)
    for start, end in pairwise(marks):
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
