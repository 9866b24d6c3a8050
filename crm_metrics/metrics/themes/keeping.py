"""The user's dictionary on disk, kept with the workspace as goals are."""

from __future__ import annotations

from pathlib import Path

from crm_metrics.errors import CrmMetricsError, InputError
from crm_metrics.metrics.themes.dictionary import (
    Dictionary,
    built_in,
    checked,
    themes_in,
    themes_text,
)
from crm_metrics.store.whole import whole

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
    with whole(path) as part:
        part.write_text(text, encoding="utf-8")


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
