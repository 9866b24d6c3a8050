"""Names as they are compared: in one alphabet, in any order, with short forms made full."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

from crm_metrics.audit.cleaning.homoglyphs import one_script

_LATIN = "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh sh _ i _ e iu ia i i e g u"
_LETTERS: Final = str.maketrans(
    dict(
        zip(
            "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґў",
            _LATIN.split(" "),
            strict=True,
        )
    )
    | {"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ə": "a", "æ": "ae", "ı": "i"}
)
# What transliterations write in several ways, in this order; digits are letters of two.
_SAME: Final = (
    ("_", ""), ("shch", "6"), ("tsch", "4"), ("sch", "6"), ("sh", "6"), ("ch", "4"), ("zh", "5"),
    ("ph", "f"), ("th", "t"), ("kh", "h"), ("ck", "k"), ("x", "ks"), ("w", "v"), ("q", "k"),
    ("c", "k"), ("j", "i"), ("y", "i"), ("ie", "e"),
)  # fmt: skip
# Solovyov, Fyodor; not John.
_SOFT = re.compile(r"(?<=[^aeiou])io")
_TWICE = re.compile(r"(.)\1+")
_WORD = re.compile(r"[^\W\d_]+")
_VOWELS = re.compile(r"[aeiou]+")
_SKELETON = 5


def name_tokens(name: str) -> tuple[str, ...]:
    """The words of a name as they are compared, in order of the alphabet; initials are letters."""
    words = _WORD.findall(one_script(name).lower().replace("’", "").replace("'", ""))
    return tuple(sorted({key for word in words if (key := token_key(word))}))


@cache
def token_key(word: str) -> str:
    """A word in one alphabet and spelling; a first name as the full form of it."""
    folded = folded_word(word)
    return _forms().get(folded, folded)


def folded_word(word: str) -> str:
    """A word in Latin letters, with what transliterations write differently written one way."""
    latin = word.lower().translate(_LETTERS)
    plain = "".join(
        one for one in unicodedata.normalize("NFKD", latin) if not unicodedata.combining(one)
    )
    for other, own in _SAME:
        plain = plain.replace(other, own)
    return _TWICE.sub(r"\1", _SOFT.sub("e", plain))


def is_first_name(token: str) -> bool:
    """Whether the word is a full first name that we know."""
    return token in _full_forms()


@cache
def skeleton(token: str) -> str:
    """The first letter and the consonants after it: what most slips of the hand leave as it is."""
    return token[:1] + _VOWELS.sub("", token[1:])[: _SKELETON - 1]


@cache
def _forms() -> dict[str, str]:
    path = Path(__file__).with_name("diminutives.toml")
    lines = tomllib.loads(path.read_text(encoding="utf-8"))["forms"]
    found: dict[str, str] = {}
    for line in lines:
        keys = [folded_word(word) for word in line.split()]
        for key in keys:
            found.setdefault(key, keys[0])
    return found


@cache
def _full_forms() -> frozenset[str]:
    return frozenset(_forms().values())
