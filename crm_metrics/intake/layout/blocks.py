"""The rows of a source cut into blocks: at blank rows, comments, titles and inner headers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from crm_metrics.intake.decisions import Role
from crm_metrics.intake.layout.cells import TYPED, columns, shape
from crm_metrics.intake.layout.rows import Row
from crm_metrics.intake.table import Reason

_RUN = 3
_NEAR = 5
_NO_VALUE = re.compile(
    r"(?:unknown|undefined|not .*|no|no data|none.*|error|pending|нет.*|не .*|неизвестно|ошибка)",
    re.IGNORECASE,
)
"""Words that stand in the place of a number or a date."""


@dataclass(slots=True)
class Block:
    """Rows between two separators, with the separators and titles before them."""

    before: list[tuple[Row, Reason]]
    rows: list[Row]
    headed: int = 0
    """How many of the first rows the user takes for the header."""
    above_header: bool = False
    """Whether the rows stand right above a header that the user named."""


def cut(
    rows: Sequence[Row], usual: int, roles: Mapping[int, Role]
) -> tuple[list[Block], list[tuple[Row, Reason]]]:
    """The blocks of the rows, and what stands after the last one.

    `usual` is the usual width of the source; `roles` are those of lines that the user settled.
    """
    blocks: list[Block] = []
    before: list[tuple[Row, Reason]] = []
    current: list[Row] = []

    def end(*, above_header: bool = False) -> None:
        nonlocal before, current
        if current:
            headed = sum(1 for _ in takewhile(lambda row: roles.get(row.line) == "header", current))
            blocks.append(Block(before, current, headed, above_header))
            before, current = [], []

    for i, row in enumerate(rows):
        role = roles.get(row.line)
        if role == "header":
            if current and roles.get(current[-1].line) != "header":
                end(above_header=True)
            current.append(row)
        elif row.blank:
            end()
            before.append((row, "blank"))
        elif _is_comment(row, usual) and role != "record":
            end()
            before.append((row, "preamble"))
        else:
            if current and role is None and _begins_table(rows, i, current):
                end()
            current.append(row)
    end()
    return blocks, before


def usual_width(rows: Sequence[Row]) -> int:
    """The most frequent number of fields of rows that have several, else 1; 0 without rows."""
    widths = Counter(row.width for row in rows if row.filled)
    if not widths:
        return 0
    wide = {width: n for width, n in widths.items() if width > 1}
    # Titles and footers are many in small reports: any repeated wide row outweighs them.
    return max(wide, key=lambda w: (wide[w], w)) if wide else 1


def titles(rows: Sequence[Row]) -> int:
    """How many leading rows are titles: one filled cell above wider rows."""
    wide = max(row.width for row in rows)
    count = 0
    while wide > 1 and count < len(rows) and rows[count].filled <= 1:
        if rows[count].width > 1 and wide == 2:
            break
        count += 1
    return count


def stands_for_nothing(cell: str) -> bool:
    """Whether the words say that there is no value: "unknown", "not measured"."""
    return bool(_NO_VALUE.fullmatch(cell.strip()))


def _is_comment(row: Row, usual: int) -> bool:
    return row.text.startswith("#") and (usual < 3 or row.width != usual)


def _begins_table(rows: Sequence[Row], at: int, current: Sequence[Row]) -> bool:
    """Whether another table begins at this row, though no blank row stands before it.

    That is a title over a header, or a header of another width than the data above it, or one of
    the same width where the data above and below it are of a kind and it is not.
    """
    row = rows[at]
    if row.width == 1:
        return _is_title(rows, at, current)
    if at + 1 >= len(rows):
        return False
    if row.filled == 1 and row.cells[0].strip() and _is_title(rows, at, current):
        # A title that is padded with delimiters looks like a record that lost all but one field.
        return at + 2 < len(rows) and len(_typed(rows[at + 2])) >= 2
    if not _names(row):
        return _is_other_width(rows, at, current)
    data = next((other for other in reversed(current[-_NEAR:]) if _typed(other)), current[-1])
    above, below = _typed(data), _typed(rows[at + 1])
    if row.width == data.width:
        alike = rows[at + 1].width == row.width and len(above) >= 2 and len(below) >= 2
        return alike and not any(stands_for_nothing(row.cells[i]) for i in above)
    return (
        bool(above and below)
        and rows[at + 1].width == row.width
        and usual_width(current) != row.width
        and _lasts(rows, at + 1)
    )


def _is_other_width(rows: Sequence[Row], at: int, current: Sequence[Row]) -> bool:
    """Whether rows of another width and of other values begin here, three at least.

    Rows that lost a field stand alone, and those whose last fields are left out fit the columns.
    """
    run, above = rows[at : at + _RUN], current[-_RUN:]
    width, before = run[0].width, above[-1].width
    if width == before or width < 2 or len(run) < _RUN or len(above) < _RUN:
        return False
    if any(row.width != width for row in run) or any(row.width != before for row in above):
        return False
    known = columns([row.cells for row in current], before)
    kinds = [col.kind for col in columns([row.cells for row in run], width)]
    other = sum(kind != col.kind for kind, col in zip(kinds, known, strict=False))
    return other >= 2 and any(kind in TYPED for kind in kinds)


def _is_title(rows: Sequence[Row], at: int, current: Sequence[Row]) -> bool:
    """A section's title: one field, then a full row of words, then data."""
    if at + 1 >= len(rows) or max(row.width for row in current) < 2:
        return False
    head = rows[at + 1]
    if not _names(head):
        return False
    wide = max(row.width for row in current)
    if head.width == wide and not any(_typed(other) for other in current[-20:]):
        return False  # where all is words, a row of words is a record
    if head.width >= 3 and wide >= 3:
        return True
    return at + 2 < len(rows) and rows[at + 2].width == head.width and bool(_typed(rows[at + 2]))


def _names(row: Row) -> bool:
    """Whether every cell is a word, and each another: so names of columns are."""
    cells = [cell.strip() for cell in row.cells[: row.width]]
    return (
        row.width >= 2
        and all(shape(cell) == "text" for cell in cells)
        and len(set(cells)) == len(cells)
    )


def _typed(row: Row) -> set[int]:
    """The places of numbers, dates and the like."""
    return {i for i, cell in enumerate(row.cells) if shape(cell) in TYPED}


def _lasts(rows: Sequence[Row], start: int) -> bool:
    """Whether rows of one width follow, two at least or up to a blank one."""
    if start + 1 >= len(rows) or rows[start + 1].blank:
        return True
    return rows[start + 1].width == rows[start].width
