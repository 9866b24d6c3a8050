"""The corpus of a source: read from the facts once, kept beside them for the next time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from crm_metrics.metrics.ground import Engine
from crm_metrics.metrics.kept_files import place
from crm_metrics.metrics.themes import kept
from crm_metrics.metrics.themes.corpus import Corpus, corpus_of
from crm_metrics.metrics.themes.dictionary import Dictionary
from crm_metrics.metrics.themes.matching import Index, Matches, matches
from crm_metrics.metrics.themes.model import Source
from crm_metrics.metrics.themes.sources import in_parts, place_of, texts_of

_IN_MEMORY: Final = 4


@dataclass(frozen=True, eq=False, slots=True)
class Read:
    """A source's texts with the index of their words, and what dictionaries found in them."""

    index: Index
    found: dict[Dictionary, Matches]

    @property
    def corpus(self) -> Corpus:
        """The texts."""
        return self.index.corpus

    def matches(self, dictionary: Dictionary) -> Matches:
        """What a dictionary finds, made once; of several the latest are remembered."""
        made = self.found.get(dictionary)
        if made is None:
            while len(self.found) >= _IN_MEMORY:
                self.found.pop(next(iter(self.found)))
            made = self.found[dictionary] = matches(self.index, dictionary)
        return made


def read(engine: Engine, source: Source) -> Read:
    """All different texts of a source, whatever is filtered."""
    return engine.once(f"themes_{source!r}", lambda: Read(Index(_corpus(engine, source)), {}))


def _corpus(engine: Engine, source: Source) -> Corpus:
    path = place(place_of(engine, source)[0], repr(source), ".npz")
    known = kept.read(path) if path else None
    if known is None:
        known = corpus_of(_named(engine, source))
        if path:
            kept.write(path, known)
    return known


def _named(engine: Engine, source: Source) -> Iterator[tuple[int, str]]:
    """Each different text with its name, a batch in memory at a time."""
    rows = texts_of(engine, source).table.select("name", "text").distinct()
    for part in in_parts(engine, source, rows):
        found = part.to_pyarrow()
        names = found.column("name").to_numpy().astype(np.int64).view(np.uint64)
        yield from zip(names.tolist(), found.column("text").to_pylist(), strict=True)
