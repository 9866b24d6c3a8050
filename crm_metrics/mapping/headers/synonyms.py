"""What a header of an unknown export can mean: synonyms, the same words put otherwise, a typo."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations

from rapidfuzz import fuzz, process

from crm_metrics.mapping.cells.profile import Profile
from crm_metrics.mapping.headers.header import HeaderName
from crm_metrics.mapping.headers.leaving_out import (
    PERSONS,
    beside_a_thing,
    droppable,
    grains_of,
    grains_without,
)
from crm_metrics.mapping.headers.lexicon import Bag, How, Meaning, is_vague, lexicon, moment
from crm_metrics.mapping.headers.phrasing import Phrase, phrases
from crm_metrics.mapping.headers.versions import versions_level
from crm_metrics.mapping.headers.wording import concepts, is_known, thesaurus
from crm_metrics.mapping.model import Level, Why
from crm_metrics.schema import GRAINS, field_named, fields_of, is_personal, kind_of

OFTEN = "often_means"
_CLOSE = 86  # rapidfuzz.ratio; lower values, and token or partial ratios, brought wrong fields
_CLOSE_WORD = 90
_SHORTEST_FUZZY = 6
_EXACT, _WORDS, _DATED, _FUZZY, _OFTEN = 1.0, 0.95, 0.85, 0.7, 0.6
_LEFT_OUT, _ASIDE = 0.04, 0.2
_UNSAID = 0.02
_UNIQUE = frozenset({"opens_unique", "clicks_unique"})
_MOST_LEFT_OUT = 4
_UNMISTAKABLE = frozenset(
    {"email", "phone", "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"}
)
SUMS = frozenset({"campaigns", "posts", "page_days", "traffic", "spend", "support_stats"})
"""Grains whose rows are no people."""
_DIALLED = frozenset({"caller", "callee", "line"})
# A number is dialled, an id is not; a caller's id is one of the words for the number.
_CODES = frozenset({"id", "ids", "uid", "uuid", "guid", "ид", "айди", "идентификатор"})
_ROW_IDS = frozenset(
    {"contact_id", "deal_id", "call_id", "response_id", "registration_id", "conversation_id"}
)
# A total of what else the header names is no amount of money.
_OF_MONEY = frozenset({"order", "deal", "invoice", "transaction", "amount", "main", "net", "paid"})
_ASKING = frozenset({"surveys", "attendance", "conversations"})
_SHORTEST_QUESTION = 3
_QUESTION_SCALE = 10


@dataclass(frozen=True, slots=True)
class Guess:
    """A field that a column may be, with a score in 0..1 to rank by.

    `grains` are those on which the words mean it; None where they do on any.
    """

    field: str
    score: float
    level: Level
    why: Why
    grains: frozenset[str] | None = None


def guesses(name: HeaderName, values: Profile, *, calls: bool) -> tuple[Guess, ...]:
    """Fields that the header's words allow and the values do not contradict, on any grain.

    `calls` tells that other signs speak of phone calls, which settles what a duration is.
    """
    found: dict[tuple[str, frozenset[str] | None], Guess] = {}
    for guess in _by_words(name, values, calls=calls):
        key = guess.field, guess.grains
        if key not in found or guess.score > found[key].score:
            found[key] = guess
    return tuple(_settled(guess, values) for guess in found.values())


def on_grain(
    found: tuple[Guess, ...], values: Profile, grain: str, *, rate: bool
) -> Iterator[Guess]:
    """Those guesses that a row of this grain can carry and whose kind the values fit."""
    allowed = fields_of(grain)
    for guess in found:
        if guess.field not in allowed or _elsewhere(guess, grain):
            continue
        if grain in SUMS and is_personal(guess.field):
            continue
        kind = kind_of(guess.field, grain)
        if rate and kind != "rate":
            continue
        if not values.fits(guess.field, kind):
            continue
        if guess.field in _ROW_IDS and values.is_constant:
            continue
        yield _ranked(guess, values, grain)


def says_only_when(name: HeaderName, grain: str) -> bool:
    """Whether a header says no more than that here is the date or the time of a row."""
    entities = thesaurus().entities
    found = set(concepts(name.words))
    rest = {concept for concept in found if grain not in entities.get(concept, ())}
    return bool(found) and rest <= {"date", "time"}


def _elsewhere(guess: Guess, grain: str) -> bool:
    """Whether the words mean the field on other grains only."""
    if guess.grains is not None and grain not in guess.grains:
        return True
    known = lexicon()
    if grain not in known.only_on.get(guess.field, {grain}):
        return True
    return guess.why.code == OFTEN and grain not in known.often_on.get(guess.field, {grain})


def _ranked(guess: Guess, values: Profile, grain: str) -> Guess:
    """A bare "date" with hours in it is rather the moment itself."""
    if values.kind != "timestamp":
        return guess
    if guess.field in {"date", "time"}:
        return replace(guess, score=guess.score - 0.5)
    if guess.field in GRAINS[grain].dated_by and guess.score == _OFTEN:
        return replace(guess, score=_DATED, level="likely")
    return guess


def _by_words(name: HeaderName, values: Profile, *, calls: bool) -> Iterator[Guess]:
    percent = name.percent or values.kind == "percent"
    parts: list[How] = ["exact", "ask", "call_only"]
    parts += ["rate_of"] if percent or values.like_shares else []
    written = lexicon().written
    whole = frozenset(concepts(name.words))
    for part in parts:
        for field in written[part].get(name.key, ()):
            meaning = Meaning(field, part, (name.key,))
            guess = _guess(meaning, grains_of(whole, field), percent=percent, calls=calls)
            # Where another column says "unique", that is the one.
            unsaid = part == "exact" and field in _UNIQUE and "unique" not in whole
            yield replace(guess, score=guess.score - _UNSAID) if unsaid else guess
    if level := versions_level(name, values):
        yield Guess("variant", _EXACT, level, Why("versions"))
    yield from _by_question(name, values)
    found = list(_by_bags(name, values, parts, percent=percent, calls=calls))
    if not any(name.key in written[part] for part in ("exact", "ask")):
        yield from found or _by_typo(name)
        return
    # Other forms of a known header can be other things: "opens" are no "opened". But a count with
    # a percent sign is its share in any form.
    kinds = {"timestamp", "rate"} if percent else {"timestamp"}
    yield from (guess for guess in found if field_named(guess.field).kind in kinds)


def _guess(meaning: Meaning, grains: frozenset[str], *, percent: bool, calls: bool) -> Guess:
    """The guess of a header that is this synonym; a share without a percent sign is asked."""
    only = None if grains == frozenset(GRAINS) else grains
    if meaning.how == "ask":
        return Guess(meaning.field, _OFTEN, "ask", Why(OFTEN), only)
    if meaning.how == "rate_of":
        level: Level = "likely" if percent else "ask"
        code = "rate_of_word" if percent else "share_of_word"
        return Guess(meaning.field, _EXACT if percent else _WORDS, level, Why(code), only)
    if meaning.how == "call_only":
        # Some count the ringing in, some do not.
        if calls:
            return Guess(meaning.field, _WORDS, "likely", Why("call_duration"), only)
        return Guess(meaning.field, _OFTEN, "ask", Why(OFTEN), grains & {"calls"})
    return Guess(meaning.field, _EXACT, "likely", Why("synonym"), only)


def _by_bags(
    name: HeaderName, values: Profile, parts: list[How], *, percent: bool, calls: bool
) -> Iterator[Guess]:
    """Guesses of the header's concepts, in any order and form, without those that say nothing."""
    for phrase in phrases(name):
        bags = {phrase.bag}
        if "/" in name.text:
            bags.add(phrase.bag | {"per"})
        if name.unit:
            bags.add(phrase.bag | {"time"})
        if values.kind in {"date", "timestamp", "empty"}:
            bags.add(moment(phrase.bag))
        if percent or values.like_shares:
            bags |= {bag | {"rate"} for bag in bags}
        for bag in bags:
            for meaning, grains, left_out in _meanings(bag):
                if meaning.how not in parts or not _means_too(phrase.same, meaning.field):
                    continue
                if _CODES.intersection(name.words) and _is_counted(meaning.field):
                    continue
                allowed = grains & grains_of(bag, meaning.field)
                guess = _guess(meaning, allowed, percent=percent, calls=calls)
                yield _reworded(guess, meaning.said_like(name.text), left_out, phrase)


def _is_counted(field: str) -> bool:
    """Whether a field is a number or the name of a place, that no id can be."""
    return field in _DIALLED | {"city", "region"} or field_named(field).kind == "count"


def _means_too(same: Bag, field: str) -> bool:
    return not same or any(meaning.field == field for meaning, _, _ in _meanings(same))


def _meanings(bag: Bag) -> Iterator[tuple[Meaning, frozenset[str], int]]:
    """What a bag means as it is, or else without some of its concepts, on which grains."""
    known = lexicon().bags
    light = [concept for concept in sorted(bag) if droppable(concept)][:_MOST_LEFT_OUT]
    for count in range(len(light) + 1):
        for dropped in combinations(light, count):
            rest = bag - set(dropped)
            if is_vague(rest) or (dropped and rest == {"id"}):
                continue
            if "email" in dropped and rest <= PERSONS:  # a program for mail, not a name
                continue
            if rest == {"total"} and not _OF_MONEY.issuperset(dropped):
                continue
            for meaning in known.get(rest, ()):
                grains = frozenset(GRAINS)
                for concept in dropped:
                    if concept not in PERSONS or not beside_a_thing(rest):
                        grains &= grains_without(concept, meaning.field)
                if grains:
                    yield meaning, grains, count


def _reworded(guess: Guess, word: str, left_out: int, phrase: Phrase) -> Guess:
    score = guess.score - (_EXACT - _WORDS) - _LEFT_OUT * left_out
    if guess.why.code != "synonym":
        return replace(guess, score=score)
    if phrase.aside and not phrase.same:
        why = Why("without_aside", {"word": word, "aside": phrase.aside})
        return replace(guess, score=score - _ASIDE, level="ask", why=why)
    return replace(guess, score=score, why=Why("same_words", {"word": word}))


def _by_question(name: HeaderName, values: Profile) -> Iterator[Guess]:
    """A question put to a person: a rating where numbers stand, an opinion where text does."""
    if len(name.words) < (2 if "?" in name.text else _SHORTEST_QUESTION):
        return
    for field, stem in lexicon().question:
        if not any(word.startswith(stem) for word in name.words):
            continue
        why = Why("question", {"word": stem})
        if field == "score" and _on_a_scale(values):
            strong = "commend" in stem or "коменд" in stem
            yield Guess(field, 0.95 if strong else 0.9, "likely", why, _ASKING)
        elif (
            field == "comment"
            and values.kind == "text"
            and len(values.words) * 2 > min(values.filled, 60)
        ):
            yield Guess(field, 0.9, "likely", why, _ASKING)


def _on_a_scale(values: Profile) -> bool:
    return values.graded or (
        values.kind == "number"
        and values.whole
        and values.low is not None
        and values.high is not None
        and 0 <= values.low <= values.high <= _QUESTION_SCALE
    )


def _by_typo(name: HeaderName) -> Iterator[Guess]:
    """A synonym but for a letter or two; words that are all known are no typos."""
    if len(name.key) < _SHORTEST_FUZZY or all(map(is_known, name.words)):
        return
    exact = lexicon().written["exact"]
    close = process.extract(name.key, tuple(exact), scorer=fuzz.ratio, score_cutoff=_CLOSE, limit=3)
    for known, score, _ in close:
        if _is_misspelt(name.words, tuple(known.split())):
            for field in exact[known]:
                yield Guess(field, _FUZZY * score / 100, "ask", Why("close_to", {"word": known}))


def _is_misspelt(words: tuple[str, ...], known: tuple[str, ...]) -> bool:
    """Whether one long word of all is the known one but for a letter; a plural is no mistake."""
    pairs = [(a, b) for a, b in zip(words, known, strict=False) if a != b]
    if len(words) != len(known) or len(pairs) != 1:
        return False
    word, other = pairs[0]
    if is_known(word) or word in lexicon().words or len(word) < _SHORTEST_FUZZY:
        return False
    same = word[0] == other[0]
    return (
        same
        and {f"{word}s", f"{other}s"}.isdisjoint(pairs[0])
        and (fuzz.ratio(word, other) >= _CLOSE_WORD)
    )


def _settled(guess: Guess, values: Profile) -> Guess:
    if values.kind == "empty" and guess.level in {"sure", "likely"}:
        return replace(guess, level="ask", why=Why("empty_column"))
    if guess.why.code == OFTEN and guess.field == values.kind:
        # Addresses and numbers of phones show by themselves what the column is.
        return replace(guess, level="likely", why=Why(f"values_{values.kind}"))
    if guess.score == _EXACT and guess.field in _UNMISTAKABLE:
        return replace(guess, level="sure")
    return guess
