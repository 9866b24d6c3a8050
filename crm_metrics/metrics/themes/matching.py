"""Which texts mention which theme, and by which words."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crm_metrics.metrics.themes.corpus import BREAK, Corpus, Ints
from crm_metrics.metrics.themes.dictionary import Dictionary, Element, Phrase, Theme, phrase
from crm_metrics.metrics.themes.words import stems

_BETWEEN = 3
_LAST = chr(0x10FFFF)


@dataclass(frozen=True, eq=False, slots=True)
class Matches:
    """What the dictionary finds: a bit a theme in `masks` (UINT64), a text each.

    `covered` says of each word of the corpus whether it is one that a theme is known by.
    """

    masks: NDArray[np.uint64]
    covered: NDArray[np.bool_]


def have_theme(masks: NDArray[np.uint64], bit: int) -> NDArray[np.bool_]:
    """Which of the masks have a theme, by its place in the dictionary."""
    return (masks >> np.uint64(bit)) & np.uint64(1) == 1


class Index:
    """Where each word of a corpus stands, and which words an element of a phrase means."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self._order = np.argsort(corpus.ids, kind="stable")
        counts = np.bincount(corpus.ids, minlength=len(corpus.words))
        self._ends = np.cumsum(counts)
        self._sorted = sorted((word, place) for place, word in enumerate(corpus.words))
        self._forms = dict(self._sorted)
        self._by_stem: dict[str, list[int]] = defaultdict(list)
        for place, stem in enumerate(stems(corpus.words)):
            self._by_stem[stem].append(place)
        self._meant: dict[tuple[str, str], Ints] = {}

    def words(self, element: Element) -> Ints:
        """The places in the vocabulary of the words that an element means."""
        key = (element.sort, element.word)
        if key not in self._meant:
            self._meant[key] = np.array([one for one in self._found(element) if one != BREAK], int)
        return self._meant[key]

    def places(self, words: Ints) -> Ints:
        """Where any of the words stands, in order."""
        runs = [
            self._order[(self._ends[word - 1] if word else 0) : self._ends[word]] for word in words
        ]
        return np.sort(np.concatenate(runs)) if runs else np.zeros(0, dtype=np.int64)

    def _found(self, element: Element) -> Sequence[int]:
        if element.sort == "stem":
            return self._by_stem.get(element.word, [])
        if element.sort == "form":
            place = self._forms.get(element.word)
            return [] if place is None else [place]
        first = bisect_left(self._sorted, (element.word, -1))
        last = bisect_left(self._sorted, (element.word + _LAST, -1))
        return [place for _, place in self._sorted[first:last]]


def matches(index: Index, dictionary: Dictionary) -> Matches:
    """Every theme's mentions in texts that count."""
    corpus = index.corpus
    masks = np.zeros(len(corpus.names), dtype=np.uint64)
    covered = np.zeros(len(corpus.ids), dtype=bool)
    for bit, theme in enumerate(dictionary):
        starts, ends = mentions(index, theme)
        masks[corpus.texts_of(starts)] |= np.uint64(1 << bit)
        _cover(covered, starts, ends)
    masks[~corpus.counts] = 0
    return Matches(masks, covered)


def mentions(index: Index, theme: Theme) -> tuple[Ints, Ints]:
    """Where the theme's words and phrases begin, and where they end (the place after), in order."""
    starts, ends = _spans(index, [phrase(one) for one in (*theme.ru, *theme.en)])
    if theme.but and len(starts):
        apart = np.zeros(len(index.corpus.ids), dtype=bool)
        _cover(apart, *_spans(index, [phrase(one) for one in theme.but]))
        kept = ~(apart[starts] & apart[ends - 1])
        starts, ends = starts[kept], ends[kept]
    return starts, ends


def _spans(index: Index, phrases: Sequence[Phrase]) -> tuple[Ints, Ints]:
    """Where any of the phrases stands; single words are looked up together."""
    single = [one[0] for one in phrases if len(one) == 1]
    words = np.unique(np.concatenate([index.words(one) for one in single])) if single else None
    found = [] if words is None else [(places := index.places(words), places + 1)]
    found += [_placed(index, one) for one in phrases if len(one) > 1]
    if not found:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    starts = np.concatenate([one for one, _ in found])
    ends = np.concatenate([one for _, one in found])
    order = np.lexsort((ends, starts))
    return starts[order], ends[order]


def _placed(index: Index, whole: Phrase) -> tuple[Ints, Ints]:
    """Where a phrase of several words begins, and the place after its last word."""
    ids = index.corpus.ids
    starts = index.places(index.words(whole[0]))
    at = starts
    for element in whole[1:]:
        meant = np.zeros(len(index.corpus.words), dtype=bool)
        meant[index.words(element)] = True
        found = np.full(len(at), -1, dtype=np.int64)
        open_ = np.ones(len(at), dtype=bool)
        for step in range(1, _BETWEEN + 2 if element.far else 2):
            # Every text ends with a break, so that no step leaves it.
            place = np.minimum(at + step, len(ids) - 1)
            word = ids[place]
            open_ &= word != BREAK
            hit = open_ & (found < 0) & meant[word]
            found[hit] = place[hit]
        kept = found >= 0
        starts, at = starts[kept], found[kept]
    return starts, at + 1


def _cover(covered: NDArray[np.bool_], starts: Ints, ends: Ints) -> None:
    """Mark the places of all spans."""
    for step in range(int((ends - starts).max()) if len(starts) else 0):
        inside = starts + step < ends
        covered[starts[inside] + step] = True
