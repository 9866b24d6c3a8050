"""All different texts of a source as numbers: read once, counted again and again."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crm_metrics.metrics.themes.words import (
    is_cyrillic,
    is_foreign,
    is_latin,
    is_word,
    lists,
    tokens,
)

RUSSIAN, ENGLISH, OTHER, NOTHING = range(4)
BREAK: Final = 0
_SHORT = 8  # words; a longer answer says something
_MOST_TOKENS = 12  # with marks
_FOREIGN_SHARE = 0.1

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class Corpus:
    """Different texts in the order of their names.

    `names` (UINT64) tell texts apart; `kinds` is RUSSIAN, ENGLISH, OTHER or NOTHING each; `sizes`
    counts letters. `ids` (INT32) are the words of all texts one after another, by their place in
    `words`, and BREAK for each mark and at each text's end; text i has those from starts[i] on.
    """

    names: NDArray[np.uint64]
    kinds: NDArray[np.uint8]
    sizes: NDArray[np.int32]
    starts: Ints
    ids: NDArray[np.int32]
    words: tuple[str, ...]

    @property
    def counts(self) -> NDArray[np.bool_]:
        """Whether each text is in Russian or English and says something."""
        return self.kinds <= ENGLISH

    def texts_of(self, places: Ints) -> Ints:
        """The texts that places of words are in."""
        return np.searchsorted(self.starts, places, side="right") - 1


def corpus_of(named: Iterable[tuple[int, str]]) -> Corpus:
    """The corpus of texts with their names; a name that comes twice counts once."""
    known: dict[str, int] = _Words()
    known["."] = BREAK
    names, starts, sizes, says = array("Q"), array("q"), array("i"), array("b")
    ids = array("i")
    nothing = lists().nothing
    for name, text in named:
        names.append(name)
        starts.append(len(ids))
        sizes.append(len(text))
        found = tokens(text)
        own = [one for one in found if is_word(one)] if len(found) <= _MOST_TOKENS else found
        says.append(not (len(own) <= _SHORT and " ".join(own) in nothing))
        ids.extend([known[one] for one in found])
        ids.append(BREAK)
    # A mark is known as a word until here: what parts words is one and the same.
    words = tuple(one if is_word(one) else "." for one in known)
    marks = np.array([one == "." for one in words], dtype=bool)
    flat = np.frombuffer(ids, dtype=np.int32) if len(ids) else np.zeros(0, dtype=np.int32)
    flat = np.where(marks[flat], BREAK, flat).astype(np.int32) if len(flat) else flat
    made = Corpus(
        names=np.array(names, dtype=np.uint64),
        kinds=np.zeros(len(names), dtype=np.uint8),
        sizes=np.array(sizes, dtype=np.int32),
        starts=np.array(starts, dtype=np.int64),
        ids=flat,
        words=words,
    )
    kinds = _kinds(made, np.array(says, dtype=bool))
    return _in_order(made, kinds)


class _Words(dict[str, int]):
    """Words by their number; a new one gets the next."""

    def __missing__(self, word: str) -> int:
        self[word] = place = len(self)
        return place


def _kinds(corpus: Corpus, says: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """The language of each text, by its letters and its most frequent words.

    A text is in another language where its letters are of another script or of an alphabet that
    Russian and English have not, in more than a tenth of its words and, in Latin letters, more
    often than English words of grammar.
    """
    known = lists()
    signs = np.array(
        [
            (
                is_cyrillic(word),
                is_latin(word),
                any(letter.isalpha() for letter in word),
                is_foreign(word),
                word in known.english,
                word in known.others and word not in known.english,
            )
            for word in corpus.words
        ],
        dtype=np.int32,
    ).reshape(-1, 6)
    signs[BREAK] = 0
    if not len(corpus.names):
        return np.zeros(0, dtype=np.uint8)
    russian, latin, lettered, foreign, english, others = (
        np.add.reduceat(column[corpus.ids], corpus.starts) for column in signs.T
    )
    strange = (foreign + np.where(russian > latin, 0, others)).astype(np.int64)
    many = (strange > 0) & (strange >= _FOREIGN_SHARE * lettered)
    grammar = np.where(russian >= latin, 0, english)
    is_other = (many & (strange > grammar)) | (lettered > 2 * (russian + latin))
    kinds = np.where(russian >= latin, RUSSIAN, ENGLISH)
    kinds = np.where(is_other, OTHER, kinds)
    return np.where(says & (lettered > 0), kinds, NOTHING).astype(np.uint8)


def _in_order(corpus: Corpus, kinds: NDArray[np.uint8]) -> Corpus:
    """The texts sorted by their names, each once, so that the order of reading leaves no trace."""
    _, order = np.unique(corpus.names, return_index=True)
    ends = np.append(corpus.starts[1:], len(corpus.ids))
    lengths = (ends - corpus.starts)[order]
    starts = np.cumsum(lengths) - lengths
    # Each text's run of places, moved to where it now begins.
    moved = np.repeat(corpus.starts[order] - starts, lengths) + np.arange(lengths.sum())
    return Corpus(
        names=corpus.names[order],
        kinds=kinds[order],
        sizes=corpus.sizes[order],
        starts=starts.astype(np.int64),
        ids=corpus.ids[moved],
        words=corpus.words,
    )
