"""The user's dictionary on disk, kept with the workspace as goals are."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from crm_metrics.errors import CrmMetricsError, InputError
from crm_metrics.metrics.themes.dictionary import (
    Dictionary,
    built_in,
    checked,
    themes_in,
    themes_text,
)

THEMES = "themes.toml"
_UNREADABLE = (OSError, ValueError, KeyError, TypeError, AttributeError)


def read_themes(folder: Path) -> Dictionary:
    """The dictionary kept in a workspace's folder; the built-in one where none is, or a damaged."""
    try:
        return themes_in((folder / THEMES).read_text(encoding="utf-8"))
    except (*_UNREADABLE, CrmMetricsError):
        return built_in()


def write_themes(folder: Path, dictionary: Dictionary | None) -> None:
    """Keep a dictionary in a workspace's folder; None or the built-in one: forget the user's.

    Raises what `checked` raises.
    """
    path = folder / THEMES
    if dictionary is None or dictionary == built_in():
        path.unlink(missing_ok=True)
        return
    text = themes_text(checked(dictionary))
    folder.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(prefix=".part-", dir=folder)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(part).replace(path)
    finally:
        Path(part).unlink(missing_ok=True)


def themes_of_file(data: bytes, *, file: str) -> Dictionary:
    """The dictionary of a TOML file called `file`.

    Raises InputError("themes_file") for a file of another shape, and what `checked` raises.
    """
    try:
        return themes_in(data.decode("utf-8-sig"))
    except CrmMetricsError:
        raise
    except _UNREADABLE as error:
        raise InputError("themes_file", file=file) from error
