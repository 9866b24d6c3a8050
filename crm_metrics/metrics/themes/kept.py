"""A corpus on disk, beside what else can be made again from the facts."""

from __future__ import annotations

from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from crm_metrics.metrics.kept_files import keep, used
from crm_metrics.metrics.themes.corpus import Corpus

_ARRAYS = ("names", "kinds", "sizes", "starts", "ids")


def read(path: Path) -> Corpus | None:
    """The corpus in a file; None where there is none, or the file is damaged."""
    try:
        with path.open("rb") as file, np.load(file) as kept:
            words = kept["words"].tobytes().decode().split("\n")
            found = Corpus(**{name: kept[name] for name in _ARRAYS}, words=tuple(words))
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None
    used(path)
    return found


def write(path: Path, corpus: Corpus) -> None:
    """Keep a corpus, drop those of other facts; nothing happens where there is no room."""
    arrays = {name: getattr(corpus, name) for name in _ARRAYS}
    arrays["words"] = np.frombuffer("\n".join(corpus.words).encode(), dtype=np.uint8)

    def saved(part: Path) -> None:
        with part.open("wb") as file:  # to a name without an ending of its own it adds one
            np.savez(file, **arrays)

    keep(path, saved)
