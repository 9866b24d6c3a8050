"""What reading a file yields: tables of raw text, every line accounted for."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pyarrow.compute as pc
import pyarrow.parquet as pq

if TYPE_CHECKING:
    import pandas as pd

Layout = Literal["table", "key_value", "stacked", "message_log"]
Reason = Literal["header", "preamble", "blank", "total", "footer", "continuation", "other"]
REASONS: tuple[Reason, ...] = (
    "header",
    "preamble",
    "blank",
    "total",
    "footer",
    "continuation",
    "other",
)
LINE = "__line"


@dataclass(frozen=True, slots=True)
class SetAside:
    """A line that is not a record: its number in the file (from 1), why, and its text."""

    line: int
    reason: Reason
    text: str


@dataclass(frozen=True, slots=True)
class Account:
    """Where every line of the file went: `lines == records + sum(set_aside.values())`.

    Lines of a text, rows of a sheet, items of a JSON document in their order (an object of an
    array, a value beside the arrays, a stretch that is no JSON): line ends say nothing there.
    `set_aside` counts lines by reason; `examples` keeps the first lines of each reason.
    """

    lines: int
    records: int
    set_aside: dict[Reason, int]
    repaired: int = 0
    examples: tuple[SetAside, ...] = ()


@dataclass(frozen=True, slots=True)
class Issue:
    """A doubt that the user should see: `issue.<code>` in texts, how often, up to 3 examples."""

    code: str
    count: int
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HowRead:
    """The decisions that turned bytes into rows; None where a notion does not apply."""

    container: str
    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    header_lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a file as text, kept in Parquet.

    The Parquet at `path` has VARCHAR columns c0..cn (never null: an empty cell is "") and
    BIGINT `__line` with the line (text), row (sheet) or item (JSON) of the source, from 1.
    `headers[i]` names column ci; a table without a header has the names "1", "2", ...
    `sha256` is the file's, computed beside its reading and put in at the end.
    `part` is the sheet or the archive's member that it stands in, "" for the file itself: within
    it line numbers are unique, also where several tables share it. `aside` is a Parquet of all
    lines set aside, None where `account.examples` are all of them. `partial` says that only the
    first records were read, and so nothing is known of what follows: a preview.
    """

    name: str
    path: Path
    headers: tuple[str, ...]
    layout: Layout
    how: HowRead
    account: Account
    file_name: str
    sha256: str = ""
    preamble: tuple[str, ...] = ()
    issues: tuple[Issue, ...] = field(default=())
    part: str = ""
    partial: bool = False
    aside: Path | None = None

    @property
    def records(self) -> int:
        """How many rows the table has."""
        return self.account.records

    def cells_at(self, line: int) -> tuple[str, ...] | None:
        """The cells of the record that begins on this line (row) of the source, None if none."""
        with pq.ParquetFile(self.path) as data:
            for group in range(data.num_row_groups):
                lines = data.read_row_group(group, columns=[LINE]).column(0)
                place = pc.index(lines, line).as_py()
                if place >= 0:
                    row = data.read_row_group(group).slice(place, 1)
                    return tuple(column[0].as_py() for column in row.columns[:-1])
        return None

    def moved(self, folder: Path, *, name: str | None = None) -> Table:
        """The table with its files moved into a folder, the rows to a file called `name`."""
        path = self.path.replace(folder / (name or self.path.name))
        aside = self.aside and self.aside.replace(folder / self.aside.name)
        return replace(self, path=path, aside=aside)

    def frame(self, limit: int | None = None) -> pd.DataFrame:
        """The rows as a pandas frame of text (dtype str) under the header's names."""
        import pandas as pd  # noqa: PLC0415 - 40 MB that reading itself does not need

        data = pq.ParquetFile(self.path)
        columns = [f"c{i}" for i in range(len(self.headers))]
        if limit is None:
            frame = data.read(columns=columns).to_pandas()
        else:
            batch = next(data.iter_batches(batch_size=max(limit, 1), columns=columns), None)
            frame = batch.to_pandas() if batch is not None else pd.DataFrame(columns=columns)
            frame = frame.head(limit)
        frame.columns = pd.Index(self.headers)
        return frame.astype(str)
