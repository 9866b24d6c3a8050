"""What comparing data sets found, kept in the workspace: it may have taken a while."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from crm_metrics.store.manifest import write_json
from crm_metrics.store.records import from_plain, to_plain
from crm_metrics.store.together.overlap import Overlap
from crm_metrics.store.together.overlaps import Found

_FILE = "compared.json"
_FORMAT = 1
"""To be raised whenever records are compared in another way."""


@dataclass(frozen=True, slots=True)
class _Pair:
    first: str
    second: str
    overlap: Overlap | None


@dataclass(frozen=True, slots=True)
class _Kept:
    format: int
    pairs: tuple[_Pair, ...]


def read_found(folder: Path) -> Found:
    """What was found before; nothing where it is damaged or from another version."""
    try:
        kept = from_plain(_Kept, json.loads((folder / _FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
    if kept.format != _FORMAT:
        return {}
    return {(one.first, one.second): one.overlap for one in kept.pairs}


def write_found(folder: Path, found: Found) -> None:
    """Keep what was found."""
    pairs = tuple(_Pair(*name, overlap) for name, overlap in found.items())
    write_json(folder / _FILE, to_plain(_Kept(_FORMAT, pairs)))
