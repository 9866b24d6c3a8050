"""The sample data that come with the product, loaded in one click."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from crm_metrics.ui.adding import add_files

_FOLDER: Final = Path(__file__).resolve().parents[2] / "sample_data"
_DATA: Final = frozenset({".csv", ".tsv", ".txt", ".xlsx", ".xls", ".json", ".zip"})


def sample_files() -> tuple[Path, ...]:
    """Every data file of `sample_data/`, in the order of their names."""
    return tuple(sorted(path for path in _FOLDER.glob("*") if path.suffix.lower() in _DATA))


def load_samples(language: str) -> None:
    """Add the sample files to the workspace; those already there stay as they are."""
    add_files([(path, path.name) for path in sample_files()], language)
