"""The fast reader of workbooks (calamine by fastexcel), its failures under one name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import fastexcel
import pyarrow as pa
import pyarrow.compute as pc

_T = TypeVar("_T")
_EXACT_DIGITS = 15
_LONG = r"^-?[1-9][0-9]{15,}$"


class RefusedError(ValueError):
    """The reader does not take the file; `reason` is the code to show."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Book:
    """An open workbook: its sheets as columns of text. Raises RefusedError wherever it fails."""

    def __init__(self, path: str) -> None:
        self._book = _tried(lambda: fastexcel.read_excel(path))
        self._names = list(self._book.sheet_names)

    @property
    def sheets(self) -> list[tuple[int, str]]:
        """Number and name of each sheet."""
        return list(enumerate(self._names))

    def numbered(self, name: str) -> int | None:
        """The number of the one sheet of this name."""
        return self._names.index(name) if self._names.count(name) == 1 else None

    def columns(self, number: int) -> tuple[Sequence[pa.Array], bool]:
        """The cells of a sheet from its first row and column on, and whether it is hidden."""

        def load() -> tuple[Sequence[pa.Array], bool]:
            sheet = self._book.load_sheet(number, header_row=None, skip_rows=0, dtypes="string")
            hidden = sheet.visible != "visible"
            if not sheet.width or not sheet.height:
                return [], hidden
            columns = [column.cast(pa.string()) for column in sheet.to_arrow().columns]
            # Columns before the first filled one are not there.
            before = sheet.available_columns()[0].absolute_index
            empty = pa.array([""] * len(columns[0]), pa.string())
            return [*[empty] * before, *columns], hidden

        return _tried(load)


def _tried(work: Callable[[], _T]) -> _T:
    try:
        return work()
    except fastexcel.FastExcelError as error:
        reason = "encryption_unknown" if "assword" in str(error) else "workbook_broken"
        raise RefusedError(reason) from error
    except BaseException as error:
        # A panic of the parser comes as an exception that is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise RefusedError("workbook_broken") from error


def has_long_numbers(columns: Sequence[pa.Array]) -> bool:
    """Whether a cell may be a number that a double does not hold: its last digits are made up."""
    return any(
        (pc.max(pc.binary_length(column)).as_py() or 0) > _EXACT_DIGITS
        and pc.any(pc.match_substring_regex(column, _LONG)).as_py()
        for column in columns
    )
