"""What a look at a sheet found beside its values, and how it is laid over them."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from crm_metrics.intake.layout.cells import shape
from crm_metrics.intake.limits import MAX_CELLS

Note = tuple[str, int, list[str]]
"""An issue in the making: code, count, examples."""
_EXAMPLES = 3


@dataclass(slots=True)
class _Texts:
    """Cells of one column that have a text of their own: rows from 1, and the texts."""

    rows: array[int] = field(default_factory=lambda: array("i"))
    texts: list[str] = field(default_factory=list)


@dataclass(slots=True)
class SheetScan:
    """What a sheet holds: its extent, texts to lay over its cells, what is to be said of it.

    Rows count from 1, columns from 0; `merges` are cells over several rows of one column: column,
    first and last row.
    """

    cells: int = 0
    rows: int = 0
    columns: int = 0
    texts: dict[int, _Texts] = field(default_factory=dict)
    errors: int = 0
    formulas: int = 0
    error_places: list[str] = field(default_factory=list)
    formula_places: list[str] = field(default_factory=list)
    currencies: set[str] = field(default_factory=set)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    merges: list[tuple[int, int, int]] = field(default_factory=list)
    filled: list[str] = field(default_factory=list)

    @property
    def stray(self) -> bool:
        """Few cells over a huge extent: one stands far from the table."""
        return self.rows * self.columns > MAX_CELLS

    def put(self, row: int, column: int, text: str) -> None:
        """The text of a cell in place of what the fast reader gives."""
        texts = self.texts.setdefault(column, _Texts())
        texts.rows.append(row)
        texts.texts.append(text)

    def error(self, row: int, column: int, text: str) -> None:
        """A cell that holds an error."""
        self.errors += 1
        if len(self.error_places) < _EXAMPLES:
            self.error_places.append(f"{place(row, column)}: {text}")
        self.put(row, column, text)

    def uncalculated(self, row: int, column: int, text: str) -> None:
        """A formula without a result."""
        self.formulas += 1
        if len(self.formula_places) < _EXAMPLES:
            self.formula_places.append(f"{place(row, column)}: {text[:80]}")
        self.put(row, column, text)

    def notes(self) -> list[Note]:
        """What the user should see."""
        rows, columns = sorted(set(self.hidden_rows)), sorted(set(self.hidden_columns))
        found = [
            ("error_cells", self.errors, self.error_places),
            ("formulas_uncalculated", self.formulas, self.formula_places),
            ("currency_not_read", len(self.currencies), sorted(self.currencies)[:_EXAMPLES]),
            ("hidden_rows", len(rows), _spans(rows, str)),
            ("hidden_columns", len(columns), _spans(columns, letters)),
            ("merged_cells", len(self.filled), self.filled[:_EXAMPLES]),
        ]
        return [note for note in found if note[1]]


def laid_over(columns: Sequence[pa.Array], found: SheetScan) -> list[pa.Array]:
    """The columns of a sheet with the texts of its scan, and merged texts in every row."""
    laid = list(columns)
    height = len(laid[0]) if laid else 0
    last = max((max(texts.rows) for texts in found.texts.values()), default=0)
    width = max(found.texts, default=-1) + 1
    # The fast reader does not see what has no value: a sheet may end or widen by such cells.
    if (last > height or width > len(laid)) and max(last, height) * max(width, 1) <= MAX_CELLS:
        height = max(last, height)
        laid = [_padded(column, height) for column in laid]
        laid += [_padded(pa.array([], pa.string()), height) for _ in range(width - len(laid))]
    for number, texts in found.texts.items():
        if number < len(laid):
            laid[number] = _replaced(laid[number], texts)
    _fill_merges(laid, found)
    return laid


def _padded(column: pa.Array, height: int) -> pa.Array:
    column = column.cast(pa.string())
    return pa.concat_arrays([column, pa.array([""] * (height - len(column)), pa.string())])


def _replaced(column: pa.Array, texts: _Texts) -> pa.Array:
    rows = np.frombuffer(texts.rows, np.int32) - 1
    # The last one of two that claim one place; those outside have none.
    places, first = np.unique(rows[::-1], return_index=True)
    kept = (places >= 0) & (places < len(column))
    order = len(rows) - 1 - first[kept]
    mask = np.zeros(len(column), bool)
    mask[places[kept]] = True
    values = pa.array([texts.texts[i] for i in order], pa.string())
    return pc.replace_with_mask(column.cast(pa.string()), pa.array(mask), values)


def _fill_merges(columns: list[pa.Array], found: SheetScan) -> None:
    """A text over several rows belongs to each; a number is one, and would be summed twice."""
    budget = MAX_CELLS  # merges that overlap are an attack
    by_column: dict[int, list[tuple[int, int]]] = {}
    for number, top, bottom in found.merges:
        if number < len(columns):
            by_column.setdefault(number, []).append((top, bottom))
    for number, merges in by_column.items():
        cells = columns[number].to_pylist()
        for top, end in merges:
            bottom = min(end, len(cells))
            budget -= bottom - top
            text = cells[top - 1] if 0 < top < bottom else None
            if not text or budget < 0 or shape(text) == "number":
                continue
            below = [row for row in range(top, bottom) if not cells[row]]
            for row in below:
                cells[row] = text
            if below:
                found.filled.append(f"{place(top, number)}:{place(bottom, number)}")
        columns[number] = pa.array(cells, pa.string())


def place(row: int, column: int) -> str:
    """A cell's name: row 8 of column 9 is J8."""
    return f"{letters(column)}{row}"


def letters(column: int) -> str:
    """A column's name: 0 is A, 26 is AA."""
    name = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def _spans(numbers: Sequence[int], name: Callable[[int], str]) -> list[str]:
    """The first runs of a sorted list, as people write them: 9, 15–20."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        elif len(runs) == _EXAMPLES:
            break
        else:
            runs.append([number, number])
    return [name(a) if a == b else f"{name(a)}–{name(b)}" for a, b in runs]
