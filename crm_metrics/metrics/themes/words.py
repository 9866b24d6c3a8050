"""Words of a text, their stems and the language that a text is written in."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import Stemmer

_WORD: Final = r"[^\W_]+(?:[-'][^\W_]+)*"
_BREAK: Final = r"[.,;:!?…()\[\]\n\"«»“”•—–]"
_TOKEN: Final = re.compile(f"{_WORD}|{_BREAK}")
_ADDRESS: Final = re.compile(r"\S+@\S+|(?:https?://|www\.)\S+")
_SAME: Final = (("ё", "е"), ("’", "'"), ("ʼ", "'"), ("`", "'"))
_CYRILLIC: Final = re.compile(r"[а-я]")
_LATIN: Final = re.compile(r"[a-z]")
# Letters that Russian has not: of Ukrainian, Belarusian, Kazakh, Serbian and others.
_OTHER_CYRILLIC: Final = re.compile(r"[іїєґўәғқңөұүһђјљњћџ]")


@dataclass(frozen=True, slots=True)
class Lists:
    """Words without a subject, words that negate, answers of nothing, and words of others."""

    stop: frozenset[str]
    english: frozenset[str]
    negations: frozenset[str]
    nothing: frozenset[str]
    others: frozenset[str]


@cache
def lists() -> Lists:
    """The lists of words.toml, normalised as `tokens` does."""
    text = files(__package__).joinpath("words.toml").read_text(encoding="utf-8")
    own = tomllib.loads(text)
    words = {name: frozenset(tokens(own[name])) for name in ("ru", "en", "negations", "others")}
    return Lists(
        stop=(words["ru"] | words["en"]) - words["negations"],
        english=words["en"] | words["negations"],
        negations=words["negations"],
        nothing=frozenset(" ".join(tokens(one)) for one in own["nothing"]),
        others=words["others"],
    )


def normal(text: str) -> str:
    """The text as words are compared: small letters, е for ё, one apostrophe.

    Each letter stays in its place, so that positions are those of the text.
    """
    small = text.lower()
    if len(small) != len(text):  # a few letters of other languages grow
        small = "".join(one if len(one.lower()) != 1 else one.lower() for one in text)
    for one, other in _SAME:  # `translate` takes ten times as long
        small = small.replace(one, other)
    return small


def tokens(text: str) -> list[str]:
    """The words of a text and the marks that part them, in order, without addresses."""
    small = normal(text)
    if "@" in small or "://" in small or "www." in small:
        small = _ADDRESS.sub(lambda found: "." * len(found[0]), small)
    return _TOKEN.findall(small)


def placed(text: str) -> list[tuple[str, int, int]]:
    """The same with where each begins and ends in the text."""
    small = _ADDRESS.sub(lambda found: "." * len(found[0]), normal(text))
    return [(found[0], found.start(), found.end()) for found in _TOKEN.finditer(small)]


def is_word(token: str) -> bool:
    """Whether a token is a word or a number, no mark."""
    return token[0].isalnum()


def is_cyrillic(word: str) -> bool:
    """Whether a word has Russian letters."""
    return _CYRILLIC.search(word) is not None


def is_latin(word: str) -> bool:
    """Whether a word has English letters and no Russian ones."""
    return not is_cyrillic(word) and _LATIN.search(word) is not None


def is_foreign(word: str) -> bool:
    """Whether a word has letters that neither Russian nor English has."""
    if _OTHER_CYRILLIC.search(word):
        return True
    return any(
        letter.isalpha() and not ("a" <= letter <= "z" or "а" <= letter <= "я") for letter in word
    )


def stems(words: Sequence[str]) -> list[str]:
    """The stem of each word by Snowball (Porter 2001): Russian or English by its letters."""
    ru, en = _stemmers()
    return [(ru if is_cyrillic(word) else en).stemWord(word) for word in words]


@cache
def _stemmers() -> tuple[Stemmer.Stemmer, Stemmer.Stemmer]:
    return Stemmer.Stemmer("russian"), Stemmer.Stemmer("english")
