"""Mappings that the user confirmed, found again by the header's fingerprint."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from crm_metrics.mapping.model import Mapping
from crm_metrics.store.manifest import write_json
from crm_metrics.store.records import from_plain, to_plain


def remember(folder: Path, chosen: Mapping) -> None:
    """Keep a mapping for tables with its header."""
    write_json(_place(folder, chosen.fingerprint), to_plain(chosen))


def remembered(folder: Path, fingerprint: str) -> Mapping | None:
    """The mapping kept for this header, None where there is none or it is unreadable."""
    try:
        data = json.loads(_place(folder, fingerprint).read_text(encoding="utf-8"))
        return from_plain(Mapping, data)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _place(folder: Path, fingerprint: str) -> Path:
    # The name is hashed: a fingerprint from a file of mappings is not a path to trust.
    name = hashlib.sha256(fingerprint.encode()).hexdigest()[:32]
    return folder / f"{name}.json"
