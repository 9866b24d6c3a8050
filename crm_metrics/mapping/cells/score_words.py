"""Scores that are written in words, stars or faces: «Отлично», "★★★★☆", "4 из 5", "Good"."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from crm_metrics.mapping.cells.blanks import MISSING_SCORES, bare

_STARS = re.compile(r"([★⭐🌟]️?)+[☆✩]*|[☆✩]+")
_OF = re.compile(r"(\d{1,2})\s*(?:/|из|of|out of)\s*(\d{1,2})")
_NUMBERED = re.compile(r"(\d{1,2})\s*(?:[-–—.:)=]\s*|\()\D*[^\W\d_]\D*")
_NUMBERED_LAST = re.compile(r"\D*[^\W\d_]\D*[\s(\-–—:]+(\d{1,2})\)?")
_COUNTED = re.compile(
    r"(\d{1,2})[\s-]*(?:stars?|points?|звезд[аы]?|звёзд[аы]?|балл(?:а|ов)?|★|⭐)️?"
)
_USUAL_STARS = 5
_HIGHEST = 10


@dataclass(frozen=True, slots=True)
class ScoreScale:
    """The score of each word, the ends of the scale where the words tell them, and its survey."""

    scores: dict[str, int]
    low: int | None = None
    high: int | None = None
    kind: str | None = None


def score_scale(words: Iterable[str]) -> ScoreScale | None:
    """The one scale on which all these folded cells stand; None where there is none.

    Plain numbers are no words: a column that has nothing else has no such scale.
    """
    answers = [word for word in words if word not in MISSING_SCORES]
    if not answers:
        return None
    ways = (_starred, _out_of, _by(_NUMBERED), _by(_NUMBERED_LAST), _by(_COUNTED), _in_words)
    return next((found for way in ways if (found := way(answers))), None)


def _starred(words: list[str]) -> ScoreScale | None:
    if not all(_STARS.fullmatch(word) for word in words):
        return None
    bare_stars = {word: word.replace("\ufe0f", "") for word in words}
    scores = {word: sum(sign in "★⭐🌟" for sign in text) for word, text in bare_stars.items()}
    high = max([_USUAL_STARS, *map(len, bare_stars.values())])
    return ScoreScale(scores, 1, high)


def _out_of(words: list[str]) -> ScoreScale | None:
    found = {word: _OF.fullmatch(word) for word in words}
    tops = {int(match[2]) for match in found.values() if match}
    if len(tops) != 1 or not all(found.values()):
        return None
    high = tops.pop()
    scores = {word: int(match[1]) for word, match in found.items() if match}
    if high > _HIGHEST or max(scores.values()) > high:
        return None
    return ScoreScale(scores, 0 if 0 in scores.values() else None, high)


def _by(pattern: re.Pattern[str]) -> Callable[[list[str]], ScoreScale | None]:
    def numbered(words: list[str]) -> ScoreScale | None:
        """A number beside its meaning; the ends of a scale may stand alone with words."""
        found = {word: pattern.fullmatch(word) for word in words}
        if not any(found.values()) or not all(match or w.isdigit() for w, match in found.items()):
            return None
        scores = {word: int(match[1] if match else word) for word, match in found.items()}
        return ScoreScale(scores) if max(scores.values()) <= _HIGHEST else None

    return numbered


def _in_words(words: list[str]) -> ScoreScale | None:
    """Of scales that have all the words rather the one on which each has a place of its own."""
    texts = {word: bare(word) for word in words}
    found = [
        ScoreScale({word: places[text] for word, text in texts.items()}, 1, high, kind)
        for kind, high, places in _scales()
        if all(text in places for text in texts.values())
    ]
    apart = [scale for scale in found if len(set(scale.scores.values())) == len(words)]
    return next(iter(apart or found), None)


@cache
def _scales() -> tuple[tuple[str, int, dict[str, int]], ...]:
    content = tomllib.loads((Path(__file__).parent / "scales.toml").read_text(encoding="utf-8"))
    return tuple(
        (
            scale["kind"],
            len(scale["steps"]),
            {bare(text): place for place, step in enumerate(scale["steps"], 1) for text in step},
        )
        for scale in content["scale"]
    )
