"""The names that people use for metrics, and what they may mean: catalogue/names.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

_SOURCE = Path(__file__).parent / "catalogue" / "names.toml"


@dataclass(frozen=True, slots=True)
class Name:
    """One name with its spellings by language, the preferred first.

    `metrics` are keys, the likeliest first, declared or not yet; `said` tells the meanings apart by
    language, where there are several; `guides` are the guides that use the name.
    """

    spellings: Mapping[str, tuple[str, ...]]
    metrics: tuple[str, ...]
    said: Mapping[str, str] = field(default_factory=dict)
    guides: tuple[str, ...] = ()


@cache
def names() -> tuple[Name, ...]:
    """All names, in the order of the file."""
    return tuple(
        Name(
            spellings={lang: tuple(entry[lang]) for lang in ("ru", "en")},
            metrics=tuple(entry["metrics"]),
            said=entry.get("said", {}),
            guides=tuple(entry.get("guide", ())),
        )
        for entry in _content()["name"]
    )


def guides(lang: str) -> dict[str, str]:
    """The guides' titles by their keys."""
    return {key: title[lang] for key, title in _content()["guide"].items()}


@cache
def _content() -> dict[str, Any]:
    return tomllib.loads(_SOURCE.read_text(encoding="utf-8"))
