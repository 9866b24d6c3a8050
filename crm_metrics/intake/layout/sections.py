"""Where the tables of a source begin and end, and which rows are not data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from crm_metrics.intake.decisions import Role
from crm_metrics.intake.layout.blocks import Block, cut, titles, usual_width
from crm_metrics.intake.layout.cells import TYPED, Column, columns, fit
from crm_metrics.intake.layout.headers import Heading, contrast, find_heading
from crm_metrics.intake.layout.keys import are_preamble, is_labels, is_pairs
from crm_metrics.intake.layout.names import folded, gaps, names
from crm_metrics.intake.layout.rows import Row, extent
from crm_metrics.intake.layout.spare_names import is_short, without_spare
from crm_metrics.intake.table import Layout, Reason

_MOST_ABOVE = 5
"""More rows than this right above a header that the user named are the data of the table before."""


_FEW = 5
"""A block of two columns over a wider one may be names and values up to so many rows."""


@dataclass(slots=True)
class Section:
    """One table of a source before its data are loaded.

    Data stand on the lines `first`..`last` (None: to the source's end). `fields` is the usual
    number of fields of a line, `least` the fewest of a whole one, `width` the number of columns,
    `gaps` the empty ones that may divide two tables. `lead` are the lines around the data, each
    with its reason. `pairs` are the blocks of rows of a key/value report, instead of data lines.
    `mended` are header rows that were put right; with `short_header` a name lacks somewhere.
    What the user settled stands in `kept` (lines that are records), `added` (those of them outside
    the data) and `dropped` (lines that are none).
    """

    first: int
    last: int | None = None
    width: int = 0
    fields: int = 0
    least: int = 0
    heads: tuple[Row, ...] = ()
    headers: tuple[str, ...] = ()
    duplicates: int = 0
    empty_names: int = 0
    known: tuple[Column, ...] = ()
    gaps: tuple[str, ...] = ()
    title: str = ""
    layout: Layout = "table"
    lead: list[tuple[Row, Reason]] = field(default_factory=list)
    pairs: list[list[Row]] = field(default_factory=list)
    short_header: bool = False
    mended: tuple[Row, ...] = ()
    kept: frozenset[int] = frozenset()
    added: list[Row] = field(default_factory=list)
    dropped: dict[int, Role] = field(default_factory=dict)

    def holds(self, line: int) -> bool:
        """Whether the line is one of its data."""
        last = self.last if self.last is not None else line
        return self.layout != "key_value" and self.first <= line <= last

    def widen(self, width: int) -> None:
        """Let it have at least so many columns; the further ones have no name."""
        more = range(self.width + 1, width + 1)
        self.headers += tuple(f"Column {i}" if self.heads else str(i) for i in more)
        self.empty_names += len(more) if self.heads else 0
        self.width = max(self.width, width)

    @property
    def around(self) -> list[Row]:
        """The rows of the source that are this table's, but not its data."""
        return [row for row, _ in self.lead] + [r for rs in self.pairs for r in rs] + self.added

    @property
    def open(self) -> bool:
        """Whether its data run on to the source's end."""
        return self.layout != "key_value" and self.last is None

    @property
    def named(self) -> int:
        """How many columns there are up to the last with a name; all where there is no header."""
        return max((extent(row.cells) for row in self.heads), default=self.width)

    @property
    def preamble(self) -> tuple[str, ...]:
        """The texts above the header: a period often stands only there."""
        return tuple(
            " ".join(cell.strip() for cell in row.cells if cell.strip()) or row.text
            for row, reason in self.lead
            if reason == "preamble" and row.line < self.first
        )


def find_sections(
    rows: Sequence[Row], *, padded: bool = False, roles: Mapping[int, Role] | None = None
) -> list[Section]:
    """The tables of a source by its first rows; `padded` where every row has the same cells.

    The last table is open: its data run to the source's end. An empty list means that no row
    holds anything but preamble. `roles` are those of lines, as the user settled them.
    """
    roles = roles or {}
    usual = usual_width([row for row in rows if not row.text.startswith("#")])
    blocks, tail = cut(rows, usual, roles)
    described = are_preamble(blocks)
    sections: list[Section] = []
    waiting: list[tuple[Row, Reason]] = []
    for number, block in enumerate(blocks):
        later = number + 1 < len(blocks)
        current = sections[-1] if sections else None
        above = waiting + block.before
        if block.headed:
            _end(current, above, block.rows)
            sections.append(_open(above, block, padded=padded, roles=roles))
            waiting = []
        elif block.above_header and _is_preamble(block, current):
            waiting = above + [(row, "preamble") for row in block.rows]
        elif is_pairs(block.rows) and not described:
            _end(current, above, block.rows)
            _take_pairs(sections, above, block.rows)
            waiting = []
        elif current is not None and current.open and _continues(current, block):
            waiting = []
        elif _opens_table(block, current, later=later, usual=usual):
            _end(current, above, block.rows)
            sections.append(_open(above, block, padded=padded, roles=roles))
            waiting = []
        else:
            waiting = above + [(row, "preamble") for row in block.rows]
    _close(sections, waiting + tail)
    return sections


def _take_pairs(
    sections: list[Section], before: Sequence[tuple[Row, Reason]], rows: Sequence[Row]
) -> None:
    """Add a block of key/value rows to the file's one key/value table."""
    target = next((s for s in sections if s.layout == "key_value"), None)
    if target is None:
        target = Section(first=rows[0].line, layout="key_value")
        sections.append(target)
    titles = [row for row in rows if row.filled < 2 and not row.cells[0].strip().endswith(":")]
    pairs = [row for row in rows if row not in titles]
    above = next((row.first for row, why in before if why == "preamble"), "")
    target.title = target.title or above or (titles[0].first if titles else "")
    target.lead += [*before, *((row, "preamble") for row in titles)]
    target.pairs.append(pairs)


def _continues(current: Section, block: Block) -> bool:
    rows = block.rows[titles(block.rows) :]
    if not rows:
        return False
    if titles(block.rows):
        return False
    if current.heads and folded(rows[0]) == folded(current.heads[0]):
        return True
    if usual_width(rows) not in {current.fields, current.width}:
        return False
    words, alike = contrast(rows[0], current.known)
    return len(rows) < 2 or alike > 0 or words == 0


def _is_preamble(block: Block, current: Section | None) -> bool:
    """Whether the rows right above a header that the user named belong to its table."""
    return current is None or (bool(block.before) and len(block.rows) <= _MOST_ABOVE)


def _opens_table(block: Block, current: Section | None, *, later: bool, usual: int) -> bool:
    rows = block.rows[titles(block.rows) :]
    if not rows:
        return False
    width = usual_width(rows)
    if current is None and (not later or usual == 1):
        return True
    if width < 2:
        return False
    heading = find_heading(rows, width)
    typed = any(column.kind in TYPED for column in heading.known)
    headed = heading.after > heading.before and not rows[heading.before].first.endswith(":")
    if current is None:
        small = width == 2 < usual and len(rows) <= _FEW and not (headed and typed)
        return not small and not is_labels(rows)
    # Narrow lines above a header are its titles; wide ones would be records.
    above = rows[: heading.before]
    titled = all(row.width < width or row.first.endswith(":") for row in above)
    return len(rows) > 1 and titled and (headed or (typed and len(rows) > 2))


def _open(
    before: Sequence[tuple[Row, Reason]],
    block: Block,
    *,
    padded: bool,
    roles: Mapping[int, Role],
) -> Section:
    rows = block.rows
    fields = max(row.width for row in rows) if padded else usual_width(rows[block.headed :])
    heading = find_heading(rows, fields) if fields > 1 else _single(rows)
    heading = _settled(heading, block, roles)
    heads = tuple(rows[heading.before : heading.after])
    spared = None if padded else without_spare(heads, fields, rows[heading.after :])
    if spared is not None:
        heads, heading = (spared,), replace(heading, width=fields, known=heading.known[:fields])
    width = max(heading.width, fields)
    found, duplicates, empty = names(heads, width)
    start = rows[heading.after] if heading.after < len(rows) else None
    first = start.line if start else rows[-1].line + rows[-1].lines
    lead = list(before)
    lead += [(row, "preamble") for row in rows[: heading.before]]
    titles = [row.first for row, why in lead if why == "preamble" and not row.text.startswith("#")]
    title = next((text for text in reversed(titles) if not text.endswith(":")), "")
    lead += [(row, "header") for row in heads]
    return Section(
        first=first,
        width=width,
        fields=fields,
        least=_least(rows[heading.after :], fields, heading.known),
        heads=heads,
        headers=tuple(found),
        duplicates=duplicates,
        empty_names=empty,
        known=heading.known,
        gaps=gaps(heads, found, heading.known),
        short_header=not padded and is_short(heads, fields, rows[heading.after :]),
        mended=() if spared is None else (spared,),
        title=title,
        lead=lead,
    )


def _settled(heading: Heading, block: Block, roles: Mapping[int, Role]) -> Heading:
    """The header where the user says that it is, and not where the user says that data are."""
    rows = block.rows
    if block.headed:
        head = rows[: block.headed]
        width = max(heading.width, *(row.width for row in head))
        known = columns([row.cells for row in rows[block.headed :]], width)
        return Heading(0, block.headed, width, known)
    named = range(heading.before, heading.after)
    data = next((i for i in named if roles.get(rows[i].line) == "record"), None)
    if data is None:
        return heading
    known = columns([row.cells for row in rows[data:]], heading.width)
    return Heading(heading.before, data, heading.width, known)


def _least(rows: Sequence[Row], fields: int, known: Sequence[Column]) -> int:
    """The fewest fields of a row where many end early: some systems drop empty last fields."""
    short = [
        row.width
        for row in rows
        if 1 < row.width < fields and fit([*row.cells, *[""] * (fields - row.width)], known) == 1.0
    ]
    return min(short) if len(short) >= max(2, 0.1 * len(rows)) else fields


def _single(rows: Sequence[Row]) -> Heading:
    """One column: a first row of another shape than the rest is its name."""
    known = columns([row.cells for row in rows[1:]], 1)
    named = len(rows) > 1 and known[0].strict and not known[0].takes(rows[0].cells[0])
    return Heading(0, int(named), 1, known if named else columns([r.cells for r in rows], 1))


def _end(current: Section | None, above: Sequence[tuple[Row, Reason]], rows: Sequence[Row]) -> None:
    """End an open table before the first row that belongs to the next part."""
    if current is not None and current.open:
        current.last = min([row.line for row, _ in above] + [rows[0].line]) - 1


def _close(sections: list[Section], tail: Sequence[tuple[Row, Reason]]) -> None:
    """Give the rows after the last part to it, and mark tables that share a file."""
    if not sections:
        return
    final = sections[-1]
    if not final.open:
        final.lead += [(row, "footer" if why == "preamble" else why) for row, why in tail]
    if len(sections) > 1:
        for section in sections:
            if section.layout == "table":
                section.layout = "stacked"
