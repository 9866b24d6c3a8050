"""What a large file seems to be, from its beginning, while the whole of it is read."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow.parquet as pq

from crm_metrics import intake, mapping
from crm_metrics.errors import CrmMetricsError
from crm_metrics.facts import mask
from crm_metrics.intake.limits import MEGABYTE
from crm_metrics.intake.table import LINE, Table
from crm_metrics.mapping.model import Mapping
from crm_metrics.ui.error_log import logged

LARGE: Final = 8 * MEGABYTE
"""A smaller file is read before anybody could look at its beginning."""
_MOST_TABLES: Final = 3
_ROWS: Final = 8


@dataclass(frozen=True, slots=True)
class Glimpse:
    """A table by its beginning: its suggested mapping and first rows, personal data masked."""

    table: str
    columns: int
    mapping: Mapping
    rows: pd.DataFrame = field(compare=False, repr=False)


def glimpses(
    path: Path,
    name: str,
    size: int,
    password: str | None,
    templates: Sequence[mapping.Template] = (),
) -> tuple[Glimpse, ...]:
    """The tables of a large file by its beginning; none where only the whole can tell.

    What is wrong with the file is left to its reading to say.
    """
    if size < LARGE:
        return ()
    try:
        with tempfile.TemporaryDirectory(dir=path.parent) as folder:
            tables = intake.preview(path, name=name, workdir=folder, password=password)
            shown = tables[:_MOST_TABLES]
            found = mapping.suggest_all(shown, templates=templates)
            return tuple(_glimpse(*pair) for pair in zip(shown, found, strict=True))
    except CrmMetricsError:
        return ()
    except Exception as error:  # noqa: BLE001 - the whole may be read all the same
        logged(error)
        return ()


def masked_rows(table: Table, mapping: Mapping, limit: int) -> pd.DataFrame:
    """The first rows as text under their headers; the index has the lines of the source."""
    frame = table.frame(limit)
    for column in mapping.columns:
        cells = frame.iloc[:, column.column]
        frame.isetitem(column.column, [mask(value, column.field) for value in cells])
    batch = next(pq.ParquetFile(table.path).iter_batches(max(limit, 1), columns=[LINE]), None)
    numbers = batch.column(0).to_pylist()[:limit] if batch is not None else []
    frame.index = pd.Index(numbers)
    return frame


def _glimpse(table: Table, suggested: Mapping) -> Glimpse:
    rows = masked_rows(table, suggested, _ROWS)
    return Glimpse(table.name, len(table.headers), suggested, rows)
