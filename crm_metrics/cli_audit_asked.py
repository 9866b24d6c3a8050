"""What the options of `audit` set: thresholds, and the values that categories may have."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from crm_metrics.audit.lists import refuse_unlistable, values_in
from crm_metrics.errors import InputError, UsageError
from crm_metrics.intake.text.blocks import open_text

_LIST_BYTES = 1024 * 1024


def thresholds_of(given: Iterable[str]) -> dict[str, float]:
    """Thresholds by key, each of "key=value"; raises UsageError("threshold_format")."""
    return dict(_threshold(one) for one in given)


def lists_of(given: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The values that a field may have, each of "field=values"; those of a field add up.

    Raises UsageError("allowed_format") for no values, LimitError("list_full"), and what
    `refuse_unlistable` and reading a file of values raise.
    """
    found: dict[str, tuple[str, ...]] = {}
    for text in given:
        name, _, values = (part.strip() for part in text.partition("="))
        refuse_unlistable(name)
        own = values_in(_lines(values))
        if not own:
            raise UsageError("allowed_format", allowed=text)
        found[name] = values_in((*found.get(name, ()), *own))
    return found


def _threshold(text: str) -> tuple[str, float]:
    key, _, value = text.partition("=")
    try:
        return key.strip(), float(value)
    except ValueError:
        raise UsageError("threshold_format", threshold=text) from None


def _lines(values: str) -> list[str]:
    """The lines of a file where there is such a one, in whatever encoding; else parts of a text."""
    file = Path(values)
    try:
        size = file.stat().st_size if values and file.is_file() else None
    except OSError:  # a long text is no name of a file
        size = None
    if size is None:
        return values.split(";")
    if size > _LIST_BYTES:
        raise InputError("list_too_large", file=file.name, limit_mb=_LIST_BYTES // 1024**2)
    try:
        return b"".join(open_text(file).pieces()).decode("utf-8", "replace").splitlines()
    except OSError:
        raise InputError("no_such_file", file=file.name) from None
