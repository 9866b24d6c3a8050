"""What else people write: frequent phrases of one to three words outside the dictionary."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crm_metrics.metrics.themes.corpus import BREAK, Corpus, Ints
from crm_metrics.metrics.themes.words import lists, stems

MOST: Final = 30
_LONGEST = 3
_LEAST_TEXTS = 2
_LEAST_SHARE = 0.001
_CANDIDATES = 300
_ABSORBED = 0.8
_SHORTEST = 3  # letters of a word that can stand alone


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase in its most frequent written form, and how many answers have it."""

    phrase: str
    answers: int


def phrases(
    corpus: Corpus, weights: Ints, covered: NDArray[np.bool_], most: int = MOST
) -> tuple[Found, ...]:
    """The phrases that most answers have; `weights` counts the answers with each text.

    A phrase counts once an answer, however often it stands there; forms of the same words are one.
    It lies within a sentence, has no word that a theme is known by, and neither begins nor ends
    with a word of grammar ("not" may begin one of several words). A phrase that stands almost
    only within a longer one is left to that. Longer phrases are looked for among words that are
    frequent themselves (Agrawal and Srikant 1994), those of 0.1 % of the answers and of two.
    """
    used = np.where(corpus.counts, weights, 0)
    total = int(used.sum())
    least = max(_LEAST_TEXTS, int(np.ceil(_LEAST_SHARE * total)))
    if not total or not len(corpus.ids):
        return ()
    traits = _traits(corpus)
    texts = np.repeat(np.arange(len(corpus.starts)), np.diff(corpus.starts, append=len(corpus.ids)))
    open_ = (corpus.ids != BREAK) & ~covered & (used[texts] > 0)
    single = open_ & traits.alone[corpus.ids]
    stem = traits.stem[corpus.ids].astype(np.int64)
    frequent = np.zeros(int(traits.stem.max()) + 1, dtype=bool)
    places = np.flatnonzero(single)
    levels = [_counted(_Level(1, places, stem[places]), texts, used, least)]
    frequent[[code for code, _ in levels[0].counts]] = True
    # A phrase ends in a frequent word and begins with one, or with a negation.
    ends = single & frequent[stem]
    begins = ends | (open_ & traits.negates[corpus.ids])
    for length in range(2, _LONGEST + 1):
        inside = np.ones(max(len(stem) - length + 1, 0), dtype=bool)
        for step in range(length):
            inside &= open_[step : step + len(inside)]
        inside &= begins[: len(inside)] & ends[length - 1 : length - 1 + len(inside)]
        places = np.flatnonzero(inside)
        level = _Level(length, places, _joined(stem, places, length))
        levels.append(_counted(level, texts, used, least))
    return _chosen(corpus, levels, used, texts, most)


@dataclass(frozen=True, eq=False, slots=True)
class _Traits:
    """Of each word of the vocabulary: its stem's number, and what it may be in a phrase."""

    stem: Ints
    alone: NDArray[np.bool_]
    negates: NDArray[np.bool_]


@dataclass(frozen=True, eq=False, slots=True)
class _Level:
    """Phrases of one length: where they begin, their codes, and the answers of frequent codes."""

    length: int
    places: Ints
    codes: Ints
    counts: tuple[tuple[int, int], ...] = ()


def _traits(corpus: Corpus) -> _Traits:
    known = lists()
    words = corpus.words
    _, stem = np.unique(np.array(stems(words), dtype=object).astype(str), return_inverse=True)
    alone = [
        len(one) >= _SHORTEST
        and one not in known.stop
        and one not in known.negations
        and any(letter.isalpha() for letter in one)
        for one in words
    ]
    return _Traits(stem, np.array(alone), np.array([one in known.negations for one in words]))


def _joined(stem: Ints, places: Ints, length: int) -> Ints:
    """A code for the stems of each phrase, the same for the same stems."""
    codes = stem[places]
    for step in range(1, length):
        _, codes = np.unique(codes, return_inverse=True)
        codes = codes * (int(stem.max()) + 1) + stem[places + step]
    return codes


def _counted(level: _Level, texts: Ints, used: Ints, least: int) -> _Level:
    """How many answers have each phrase: each text counts once, as often as it was given."""
    if not len(level.places):
        return level
    distinct, dense = np.unique(level.codes, return_inverse=True)
    pairs = np.unique(texts[level.places] * len(distinct) + dense)
    answers = np.bincount(pairs % len(distinct), used[pairs // len(distinct)], len(distinct))
    kept = np.flatnonzero(answers >= least)
    counts = tuple((int(distinct[one]), int(answers[one])) for one in kept)
    return replace(level, counts=counts)


def _chosen(
    corpus: Corpus, levels: list[_Level], used: Ints, texts: Ints, most: int
) -> tuple[Found, ...]:
    ranked = sorted(
        ((-answers, -level.length, code) for level in levels for code, answers in level.counts)
    )
    edge = -ranked[min(len(ranked), _CANDIDATES) - 1][0] if ranked else 0
    found = []
    for level in levels:
        wanted = {code: answers for code, answers in level.counts if answers >= edge}
        found += _written(corpus, level, wanted, used, texts)
    found.sort(key=lambda one: (-one.answers, -len(one.phrase.split()), one.phrase))
    return tuple(one for one in found if not _is_absorbed(one, found))[:most]


def _written(
    corpus: Corpus, level: _Level, wanted: dict[int, int], used: Ints, texts: Ints
) -> list[Found]:
    """Each wanted phrase in the form that most answers write; of equals the first by letters."""
    forms: dict[int, Counter[str]] = {code: Counter() for code in wanted}
    chosen = np.flatnonzero(np.isin(level.codes, np.array(sorted(wanted), dtype=np.int64)))
    places = level.places[chosen]
    rows = np.column_stack(
        [level.codes[chosen], *(corpus.ids[places + step] for step in range(level.length))]
    )
    distinct, which = np.unique(rows, axis=0, return_inverse=True)
    pairs = np.unique(texts[places] * len(distinct) + which.reshape(-1))
    weights = np.bincount(pairs % len(distinct), used[pairs // len(distinct)], len(distinct))
    for row, weight in zip(distinct.tolist(), weights.tolist(), strict=True):
        forms[row[0]][" ".join(corpus.words[word] for word in row[1:])] += int(weight)
    return [
        Found(min(own, key=lambda form: (-own[form], form)), wanted[code])
        for code, own in forms.items()
    ]


def _is_absorbed(one: Found, others: list[Found]) -> bool:
    """Whether the phrase stands almost only within a longer one."""
    inside = f" {one.phrase} "
    return any(
        len(other.phrase) > len(one.phrase)
        and inside in f" {other.phrase} "
        and other.answers >= _ABSORBED * one.answers
        for other in others
    )
