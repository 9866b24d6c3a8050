"""Verdicts of tests that are kept with a workspace, for its reports."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from crm_metrics.errors import CrmMetricsError, LimitError
from crm_metrics.findings.verdict_file import Recheck, finding_json, key_of, recheck
from crm_metrics.store.whole import whole

MOST_KEPT = 50
_FOLDER = "tests"


def keep_trial(folder: Path, document: dict[str, Any]) -> None:
    """Keep a finding in a workspace's folder; the same inputs of the same file are kept once.

    `document` is `finding_document`: sums of the versions, nobody's data. The file is the one that
    a person downloads. Raises LimitError("trials_full").
    """
    path = _path(folder, key_of(document))
    if not path.exists() and len(kept_keys(folder)) >= MOST_KEPT:
        raise LimitError("trials_full", most=MOST_KEPT)
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole(path) as part:
        part.write_text(finding_json(document), encoding="utf-8")


def drop_trial(folder: Path, key: str) -> None:
    """Keep a finding no longer."""
    _path(folder, key).unlink(missing_ok=True)


def kept_keys(folder: Path) -> tuple[str, ...]:
    """What names the findings that are kept, in the order of their names."""
    return tuple(sorted(path.stem for path in (folder / _FOLDER).glob("*.json")))


def read_trials(folder: Path) -> tuple[tuple[Recheck, ...], int]:
    """The findings that are kept, each made again from its inputs, the earliest first.

    Beside them how many files can't be read: they are told, not passed over.
    """
    found, unread = [], 0
    for key in kept_keys(folder):
        try:
            # By the name of its file it is dropped, whatever a hand has changed inside.
            found.append(replace(recheck(_path(folder, key).read_bytes()), key=key))
        except (CrmMetricsError, OSError):
            unread += 1
    return tuple(sorted(found, key=lambda one: (one.day or "", one.key))), unread


def _path(folder: Path, key: str) -> Path:
    return folder / _FOLDER / f"{key}.json"
