"""The cells that did not parse, as a file to correct at the source."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq

from crm_metrics.facts import mask
from crm_metrics.store import Dataset
from crm_metrics.texts import t
from crm_metrics.ui.widgets import download_table


def rejects_download(dataset: Dataset, language: str) -> None:
    """A button for the cells set aside, with their lines and columns; personal data masked."""
    facts = dataset.facts
    if facts is None or facts.rejects is None:
        return
    path = facts.rejects
    columns = [t(f"upload.{key}", language) for key in ("line", "column", "text")]
    download_table(
        columns,
        lambda: _rows(path, dataset),
        language,
        name=f"{Path(dataset.table.file_name).stem}_cells",
        key=f"rejects_{dataset.id}",
        label=t("upload.rejects", language),
    )


def _rows(path: Path, dataset: Dataset) -> Iterator[tuple[int, str, str]]:
    fields = {item.column: item.field for item in dataset.mapping.columns}
    for batch in pq.ParquetFile(path).iter_batches(columns=["line", "column", "name", "text"]):
        for row in batch.to_pylist():
            yield row["line"], row["name"], mask(row["text"], fields.get(row["column"]))
