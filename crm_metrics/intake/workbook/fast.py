"""The fast reader of workbooks (calamine by fastexcel), its failures under one name."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import fastexcel

if TYPE_CHECKING:
    import pyarrow as pa

_T = TypeVar("_T")


class RefusedError(ValueError):
    """The reader does not take the file; `reason` is the code to show."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Book:
    """An open workbook: its sheets as columns of text. Raises RefusedError wherever it fails.

    The sheet named `first` is read with the opening.
    """

    def __init__(self, path: str, *, first: str | None = None) -> None:
        self._book = _tried(lambda: fastexcel.read_excel(path))
        self._names = list(self._book.sheet_names)
        self._read: dict[int, tuple[Sequence[pa.Array], bool]] = {}
        number = self.numbered(first) if first is not None else None
        if number is not None:
            with contextlib.suppress(RefusedError):
                self._read[number] = self._columns(number)

    @property
    def sheets(self) -> list[tuple[int, str]]:
        """Number and name of each sheet."""
        return list(enumerate(self._names))

    def numbered(self, name: str) -> int | None:
        """The number of the one sheet of this name."""
        return self._names.index(name) if self._names.count(name) == 1 else None

    def columns(self, number: int) -> tuple[Sequence[pa.Array], bool]:
        """The cells of a sheet from its first row and column on, and whether it is hidden."""
        return self._read.pop(number, None) or self._columns(number)

    def _columns(self, number: int) -> tuple[Sequence[pa.Array], bool]:
        def load() -> tuple[Sequence[pa.Array], bool]:
            sheet = self._book.load_sheet(number, header_row=None, skip_rows=0, dtypes="string")
            hidden = sheet.visible != "visible"
            if not sheet.width or not sheet.height:
                return [], hidden
            # The reader begins before this is imported.
            import pyarrow as pa  # noqa: PLC0415

            columns = [column.cast(pa.string()) for column in sheet.to_arrow().columns]
            # Columns before the first filled one are not there.
            before = sheet.available_columns()[0].absolute_index
            empty = pa.array([""] * len(columns[0]), pa.string())
            return [*[empty] * before, *columns], hidden

        return _tried(load)


@dataclass(frozen=True, slots=True)
class Start:
    """Two threads, and the book that one of them opens where it may begin before all else."""

    hands: ThreadPoolExecutor
    book: Future[Book] | None = None


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
