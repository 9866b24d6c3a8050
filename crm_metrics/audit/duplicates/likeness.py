"""How alike two names are, word by word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from crm_metrics.audit.duplicates.name_keys import is_first_name

LEAST = 0.7
_SHORT = 3
_INITIAL = 0.9
# "C." may be Charles, whose "Ch" is one letter in `name_keys`.
_BEGINS = {"4": "k", "6": "s", "5": "z"}
# A slip of the hand is rare: a word that many people bear is a name of its own.
_SLIPS, _OF_OTHER = 2, 0.02


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two names: the least likeness of their words (1: the same), the words that meet, and how.

    `tokens` are the words of the longer name that the shorter's stand for.
    """

    least: float
    tokens: tuple[str, ...]
    initials: bool = False


def likeness(
    one: Sequence[str], other: Sequence[str], counts: Mapping[str, int]
) -> Likeness | None:
    """How alike two names are; None where a word of the shorter meets none of the longer.

    `counts` are contacts by word. A word may have one letter in four wrong, left out, put in or
    swapped, unless both words are names of their own: many bear each, or we know both first names.
    A surname and its feminine form (Иванов, Иванова) are two people.
    """
    short, long = (one, other) if len(one) <= len(other) else (other, one)
    left, least, initials = list(long), 1.0, False
    met = []
    for token in short:
        best, at = 0.0, -1
        for place, own in enumerate(left):
            like = _alike(token, own, counts)
            if like > best:
                best, at = like, place
        if best < LEAST:
            return None
        own = left.pop(at)
        initials |= min(len(own), len(token)) == 1
        met.append(max(own, token, key=lambda one: (len(one) > 1, counts.get(one, 0))))
        least = min(least, best)
    return Likeness(least, tuple(met), initials)


def _alike(one: str, other: str, counts: Mapping[str, int]) -> float:
    if one == other:
        return 1.0
    if len(one) == 1 or len(other) == 1:
        return _INITIAL if _BEGINS.get(one[0], one[0]) == _BEGINS.get(other[0], other[0]) else 0.0
    short, long = sorted((one, other), key=len)
    if len(short) <= _SHORT or long == short + "a":
        return 0.0
    like = 1 - OSA.distance(one, other) / len(long)
    if like < LEAST or (is_first_name(one) and is_first_name(other)):
        return 0.0
    rare, often = sorted((counts.get(one, 0), counts.get(other, 0)))
    return like if rare <= max(_SLIPS, _OF_OTHER * often) else 0.0
