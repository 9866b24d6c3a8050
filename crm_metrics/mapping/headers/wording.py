"""A header's words as concepts: one for all forms and languages of a word."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_RUSSIAN = re.compile(r"[а-я]{4,}")
# What is left of a noun, an adjective or a verb without its ending is at least three letters.
_ENDING = re.compile(
    r"(?<=[а-я]{3})(?:ыми|ими|ого|его|ому|ему|ами|ями|иями|ией|ия|ие|ий|ии|ию|ая|яя|ое|ее|ые|ый"
    r"|ой|ей|ов|ев|ам|ям|ах|ях|ую|юю|ым|им|ом|ем|ся|а|я|о|е|ы|и|у|ю|ь|й)$"
)
_PLURAL = re.compile(r"(?<=[a-z]{3})(?:ies|es|s)$")
_SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Thesaurus:
    """`thesaurus.toml`: concepts by whole words and by beginnings, and what may be left out.

    `entities` gives per concept the grains whose rows are such things, `signs` those that it
    speaks for without being one of their fields.
    """

    whole: dict[str, str]
    beginnings: dict[str, str]
    filler: frozenset[str]
    filler_beginnings: tuple[str, ...]
    wrapper: frozenset[str]
    entities: dict[str, frozenset[str]]
    signs: dict[str, frozenset[str]]


def concepts(words: Iterable[str], shortened: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The concept of each word that says something, in order; unknown words as their stems.

    Words of `shortened` end with a point in the header and may be the beginnings of known ones.
    """
    words = tuple(part for word in _joined(words) for part in _split(word))
    found = []
    for place, word in enumerate(words):
        if word in {"number", "no", "nr", "num"} and words[place + 1 : place + 2] == ("of",):
            found.append("count")
        elif (word == "spent" and words[place - 1 : place] == ("time",)) or (
            word in {"at", "on"} and place < len(words) - 1
        ):
            continue
        elif concept := (word in shortened and _of_beginning(word)) or concept_of(word):
            found.append(concept)
    return tuple(found)


def _joined(words: Iterable[str]) -> Iterator[str]:
    """Words with "opt out" as the one word that it is."""
    before = ""
    for word in words:
        if before == "opt":
            yield before + word
        elif word != "opt":
            yield word
        before = word
    if before == "opt":
        yield before


def _split(word: str) -> tuple[str, ...]:
    """The two known words that an unknown Latin one is written together of: calldate."""
    whole = thesaurus().whole
    if not word.isascii() or is_known(word):
        return (word,)
    cuts = range(_SHORTEST + 1, len(word) - _SHORTEST)
    found = [(word[:at], word[at:]) for at in cuts if word[:at] in whole and word[at:] in whole]
    return found[0] if len(found) == 1 else (word,)


def concept_of(word: str) -> str | None:
    """The concept of one folded word, its stem where it is unknown, None for a filler."""
    known = thesaurus()
    word = _plain(word)
    if _is_filler(word):
        return None
    if concept := known.whole.get(word):
        return concept
    for end in range(len(word), _SHORTEST, -1):
        if concept := known.beginnings.get(word[:end]):
            return concept
    if _RUSSIAN.fullmatch(word):
        return _ENDING.sub("", word)
    return _PLURAL.sub("", word)


def _of_beginning(word: str) -> str | None:
    """The only concept with a word that begins so; None where there are several or none."""
    known, word = thesaurus(), _plain(word)
    if word in known.whole or len(word) <= _SHORTEST:
        return None
    found = {
        concept
        for table in (known.whole, known.beginnings)
        for text, concept in table.items()
        if text.startswith(word)
    }
    return found.pop() if len(found) == 1 else None


def is_known(word: str) -> bool:
    """Whether the thesaurus has the word, so that it is no other word misspelt."""
    known, word = thesaurus(), _plain(word)
    return (
        word in known.whole
        or _is_filler(word)
        or any(word[:end] in known.beginnings for end in range(_SHORTEST + 1, len(word) + 1))
    )


def is_wrapper(word: str) -> bool:
    """Whether a word only wraps what follows it in a name with dots or a tool's prefix."""
    return _plain(word) in thesaurus().wrapper


def _is_filler(word: str) -> bool:
    known = thesaurus()
    return word in known.filler or word.startswith(known.filler_beginnings)


def _plain(word: str) -> str:
    """Latin letters without their accents; й is a letter of its own."""
    if word.isascii() or "а" <= word[0] <= "я":
        return word
    marked = unicodedata.normalize("NFKD", word)
    return "".join(letter for letter in marked if not unicodedata.combining(letter))


@cache
def thesaurus() -> Thesaurus:
    """The thesaurus, read once."""
    text = (Path(__file__).parent / "thesaurus.toml").read_text(encoding="utf-8")
    content = tomllib.loads(text)
    fillers = content["filler"].split()
    whole: dict[str, str] = {}
    beginnings: dict[str, str] = {}
    for concept, words in content["concepts"].items():
        for word in words.split():
            table = beginnings if word.endswith("*") else whole
            table.setdefault(word.removesuffix("*"), concept)
    return Thesaurus(
        whole=whole,
        beginnings=beginnings,
        filler=frozenset(fillers),
        filler_beginnings=tuple(word[:-1] for word in fillers if word.endswith("*")),
        wrapper=frozenset(content["wrapper"].split()),
        entities={
            concept: frozenset(grains.split()) for concept, grains in content["entities"].items()
        },
        signs={
            concept: frozenset({grain})
            for grain, words in content["signs"].items()
            for concept in words.split()
        },
    )
