"""Cyrillic and Latin letters that look alike, and words that mix them."""

from __future__ import annotations

from typing import Final

_CYRILLIC = "АВЕКМНОРСТУХЅІЈавекмнорстухѕіј"
_LATIN = "ABEKMHOPCTYXSIJabekmhopctyxsij"
TO_LATIN: Final = {ord(own): other for own, other in zip(_CYRILLIC, _LATIN, strict=True)}
TO_CYRILLIC: Final = {ord(other): own for own, other in zip(_CYRILLIC, _LATIN, strict=True)}


def is_cyrillic(letter: str) -> bool:
    """Whether the letter is Cyrillic."""
    return "\u0400" <= letter <= "\u052f"


def is_latin(letter: str) -> bool:
    """Whether the letter is Latin, with or without accents."""
    return letter.isalpha() and letter < "\u0250"


def one_script(text: str) -> str:
    """The text with each word that mixes both scripts written in one, where that can be done.

    A word is Cyrillic when all its Latin letters have a Cyrillic twin, else Latin likewise; where
    both can be, it is what most letters of the text are that have no twin.
    """
    return " ".join(_unmixed(word, text) for word in text.split(" "))


def _unmixed(word: str, text: str) -> str:
    if not (any(map(is_cyrillic, word)) and any(map(is_latin, word))):
        return word
    cyrillic, latin = word.translate(TO_CYRILLIC), word.translate(TO_LATIN)
    may = [
        one
        for one, other in ((cyrillic, is_latin), (latin, is_cyrillic))
        if not any(map(other, one))
    ]
    if len(may) == 2:
        plain = [letter for letter in text if ord(letter) not in TO_LATIN | TO_CYRILLIC]
        more = sum(map(is_cyrillic, plain)) >= sum(map(is_latin, plain))
        return cyrillic if more else latin
    return may[0] if may else word
