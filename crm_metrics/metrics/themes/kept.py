"""A corpus on disk, beside what else can be made again from the facts."""

from __future__ import annotations

from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from crm_metrics.metrics.themes.corpus import Corpus
from crm_metrics.store.whole import whole

_ARRAYS = ("names", "kinds", "sizes", "starts", "ids")


def read(path: Path) -> Corpus | None:
    """The corpus in a file; None where there is none, or the file is damaged."""
    try:
        with np.load(path) as kept:
            words = kept["words"].tobytes().decode().split("\n")
            return Corpus(**{name: kept[name] for name in _ARRAYS}, words=tuple(words))
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None


def write(path: Path, corpus: Corpus) -> None:
    """Keep a corpus, drop those of other facts; nothing happens where there is no room."""
    arrays = {name: getattr(corpus, name) for name in _ARRAYS}
    arrays["words"] = np.frombuffer("\n".join(corpus.words).encode(), dtype=np.uint8)
    try:
        with whole(path) as part, part.open("wb") as file:
            np.savez(file, **arrays)
        facts = path.name.partition("-")[0]
        for other in path.parent.glob("*.npz"):
            if not other.name.startswith(f"{facts}-"):
                other.unlink(missing_ok=True)
    except OSError:  # a full or a read-only disk; the folder was removed meanwhile
        return
