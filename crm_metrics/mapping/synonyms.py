"""What a header of an unknown export can mean: synonyms, stems and one typo's distance."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from rapidfuzz import fuzz, process

from crm_metrics.mapping.header import HeaderName, read_name
from crm_metrics.mapping.model import Level, Why
from crm_metrics.mapping.profile import Profile
from crm_metrics.schema import GRAINS, fields_of, kind_of

_FOLDER = Path(__file__).parent
_CLOSE = 86  # rapidfuzz.ratio; lower values, and token or partial ratios, brought wrong fields
OFTEN = "often_means"
_CLOSE_WORD = 78
_SHORTEST_FUZZY = 5
_EXACT, _STEMS, _FUZZY, _OFTEN = 1.0, 0.85, 0.7, 0.6
_UNMISTAKABLE = frozenset(
    {"email", "phone", "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"}
)
_QUESTION_SCALE = 10


@dataclass(frozen=True, slots=True)
class Guess:
    """A field that a column may be, with a score in 0..1 to rank by."""

    field: str
    score: float
    level: Level
    why: Why


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """The words of `synonyms.toml`, keyed as headers are compared."""

    exact: dict[str, tuple[str, ...]]
    often: dict[str, tuple[str, ...]]
    rate_of: dict[str, tuple[str, ...]]
    call_only: dict[str, tuple[str, ...]]
    question: tuple[tuple[str, str], ...]
    often_on: dict[str, frozenset[str]]
    stems: tuple[tuple[str, tuple[str, ...]], ...]
    harmless: frozenset[str]
    negative: frozenset[str]


def guesses(name: HeaderName, values: Profile, *, calls: bool) -> tuple[Guess, ...]:
    """Fields that the header's words allow and the values do not contradict, on any grain.

    `calls` tells that other signs speak of phone calls, which settles what a duration is.
    """
    rate = name.percent or values.kind == "percent"
    found: dict[str, Guess] = {}
    for guess in _by_words(name, values, rate=rate, calls=calls):
        if guess.field not in found or guess.score > found[guess.field].score:
            found[guess.field] = guess
    return tuple(_settled(guess, values) for guess in found.values())


def on_grain(
    found: tuple[Guess, ...], values: Profile, grain: str, *, rate: bool
) -> Iterator[Guess]:
    """Those guesses that a row of this grain can carry and whose kind the values fit."""
    allowed = fields_of(grain)
    for guess in found:
        if guess.field not in allowed or _elsewhere(guess, grain):
            continue
        kind = kind_of(guess.field, grain)
        if rate and kind != "rate":
            continue
        if not values.fits(guess.field, kind):
            continue
        yield _ranked(guess, values, grain)


def _elsewhere(guess: Guess, grain: str) -> bool:
    """Whether a doubtful word means the field on other grains only."""
    grains = lexicon().often_on.get(guess.field)
    return guess.why.code == OFTEN and grains is not None and grain not in grains


def _ranked(guess: Guess, values: Profile, grain: str) -> Guess:
    """A bare "date" with hours in it is rather the moment itself."""
    if values.kind != "timestamp":
        return guess
    if guess.field == "date":
        return replace(guess, score=guess.score - 0.5)
    if guess.field in GRAINS[grain].dated_by and guess.score == _OFTEN:
        return replace(guess, score=_STEMS, level="likely")
    return guess


def _by_words(name: HeaderName, values: Profile, *, rate: bool, calls: bool) -> Iterator[Guess]:
    words = lexicon()
    if rate:
        for field in words.rate_of.get(name.key, ()):
            yield Guess(field, _EXACT, "likely", Why("rate_of_word"))
    for field in words.exact.get(name.key, ()):
        yield Guess(field, _EXACT, "likely", Why("synonym"))
    for field in words.often.get(name.key, ()):
        yield Guess(field, _OFTEN, "ask", Why(OFTEN))
    if calls:
        for field in words.call_only.get(name.key, ()):
            yield Guess(field, _EXACT, "likely", Why("call_duration"))
    yield from _by_question(name, values)
    if name.key in words.exact or not name.words:
        return
    if not words.negative & set(name.words):
        yield from _by_stems(name)
        yield from _by_typo(name)


def _by_question(name: HeaderName, values: Profile) -> Iterator[Guess]:
    """A question put to a person: a rating where numbers stand, an opinion where text does."""
    if len(name.words) < 2:
        return
    for field, stem in lexicon().question:
        if not any(word.startswith(stem) for word in name.words):
            continue
        if field == "score" and _on_a_scale(values):
            strong = "commend" in stem or "коменд" in stem
            yield Guess(field, 0.95 if strong else 0.9, "likely", Why("question", {"word": stem}))
        elif (
            field == "comment"
            and values.kind == "text"
            and len(values.words) * 2 > min(values.filled, 60)
        ):
            yield Guess(field, 0.9, "likely", Why("question", {"word": stem}))


def _on_a_scale(values: Profile) -> bool:
    return (
        values.kind == "number"
        and values.whole
        and values.low is not None
        and values.high is not None
        and 0 <= values.low <= values.high <= _QUESTION_SCALE
    )


def _by_stems(name: HeaderName) -> Iterator[Guess]:
    words = lexicon()
    for field, stems in words.stems:
        used = {
            position
            for stem in stems
            for position, word in enumerate(name.words)
            if word.startswith(stem)
        }
        found = all(any(word.startswith(stem) for word in name.words) for stem in stems)
        rest = [word for position, word in enumerate(name.words) if position not in used]
        if found and all(word in words.harmless or word.isdigit() for word in rest):
            yield Guess(field, _STEMS, "likely", Why("stem", {"word": " ".join(stems)}))


def _by_typo(name: HeaderName) -> Iterator[Guess]:
    if len(name.key) < _SHORTEST_FUZZY:
        return
    words = lexicon()
    close = process.extract(
        name.key, tuple(words.exact), scorer=fuzz.ratio, score_cutoff=_CLOSE, limit=3
    )
    for known, score, _ in close:
        pairs = list(zip(known.split(), name.words, strict=False))
        # A plural is another thing: a label is not the column of labels.
        if (
            len(known.split()) != len(name.words)
            or known == f"{name.key}s"
            or name.key == f"{known}s"
        ):
            continue
        if all(a == b or (a[0] == b[0] and fuzz.ratio(a, b) >= _CLOSE_WORD) for a, b in pairs):
            for field in words.exact[known]:
                yield Guess(field, _FUZZY * score / 100, "ask", Why("close_to", {"word": known}))


def _settled(guess: Guess, values: Profile) -> Guess:
    if values.kind == "empty" and guess.level in {"sure", "likely"}:
        return replace(guess, level="ask", why=Why("empty_column"))
    if guess.score == _EXACT and guess.field in _UNMISTAKABLE:
        return replace(guess, level="sure")
    return guess


@cache
def lexicon() -> _Lexicon:
    """The synonyms, read once."""
    content = tomllib.loads((_FOLDER / "synonyms.toml").read_text(encoding="utf-8"))
    tables: dict[str, dict[str, list[str]]] = {
        part: {} for part in ("exact", "ask", "rate_of", "call_only")
    }
    stems: list[tuple[str, tuple[str, ...]]] = []
    question: list[tuple[str, str]] = []
    for field, entry in content["field"].items():
        for part, table in tables.items():
            for header in entry.get(part, ()):
                fields = table.setdefault(read_name(header).key, [])
                if field not in fields:
                    fields.append(field)
        stems += [(field, tuple(text.split())) for text in entry.get("stems", ())]
        question += [(field, stem) for stem in entry.get("question", ())]
    frozen = {
        part: {key: tuple(fields) for key, fields in table.items()}
        for part, table in tables.items()
    }
    return _Lexicon(
        exact=frozen["exact"],
        often=frozen["ask"],
        rate_of=frozen["rate_of"],
        call_only=frozen["call_only"],
        question=tuple(question),
        often_on={
            field: frozenset(entry["ask_on"])
            for field, entry in content["field"].items()
            if "ask_on" in entry
        },
        stems=tuple(stems),
        harmless=frozenset(content["harmless"]),
        negative=frozenset(content["negative"]),
    )
