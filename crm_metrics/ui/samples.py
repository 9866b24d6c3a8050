"""The sample data that come with the product, loaded in one click."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from crm_metrics.store import Dataset
from crm_metrics.ui.adding import add_files
from crm_metrics.ui.state import workspace

_FOLDER: Final = Path(__file__).resolve().parents[2] / "sample_data"
_DATA: Final = frozenset({".csv", ".tsv", ".txt", ".xlsx", ".xls", ".json", ".zip"})


def sample_files() -> tuple[Path, ...]:
    """Every data file of `sample_data/`, in the order of their names."""
    return tuple(sorted(path for path in _FOLDER.glob("*") if path.suffix.lower() in _DATA))


def load_samples() -> None:
    """Begin to add the sample files to the workspace; those already there stay as they are."""
    add_files(sample_files())


def is_sample(dataset: Dataset) -> bool:
    """Whether a data set came from the sample, by its content."""
    return dataset.table.sha256 in _sample_hashes()


def drop_samples() -> None:
    """Remove the sample from the workspace; the user's own data sets stay."""
    space = workspace()
    for dataset in space.datasets():
        if is_sample(dataset):
            space.remove(dataset.id)


@cache
def _sample_hashes() -> frozenset[str]:
    return frozenset(hashlib.sha256(path.read_bytes()).hexdigest() for path in sample_files())
