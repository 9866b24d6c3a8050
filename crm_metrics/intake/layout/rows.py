"""The first rows of a source as cells, the material in which tables are looked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """A row: the line it begins on (from 1), how many lines it takes, its cells and its text.

    `width` counts the fields as written; in a sheet, up to the last filled cell.
    """

    line: int
    lines: int
    cells: tuple[str, ...]
    text: str
    width: int

    @property
    def filled(self) -> int:
        """How many cells hold something."""
        return sum(map(bool, map(str.strip, self.cells)))

    @property
    def blank(self) -> bool:
        """Whether no cell holds anything."""
        return not any(map(str.strip, self.cells))

    @property
    def first(self) -> str:
        """The first filled cell, or an empty text."""
        return next((cell.strip() for cell in self.cells if cell.strip()), "")


def sheet_row(number: int, cells: Sequence[str]) -> Row:
    """A row of a sheet, whose cells are padded to the sheet's width."""
    shown = " | ".join(cell for cell in cells if cell.strip())
    return Row(number, 1, tuple(cells), shown, extent(cells))


def extent(cells: Sequence[str]) -> int:
    """How many cells there are up to the last filled one."""
    return next((i for i in range(len(cells), 0, -1) if cells[i - 1].strip()), 0)
