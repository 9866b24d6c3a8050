"""A header as it is compared: one script per word, no case, units and currency taken out."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from string import ascii_lowercase

from crm_metrics.mapping.cells.currencies import CURRENCIES, currency_code

UNITS: dict[str, str] = {
    word: unit
    for unit, words in {
        "s": "s sec secs second seconds сек секунда секунды секунд секундах",
        "min": "m min mins minute minutes мин минута минуты минут минутах",
        "h": "h hr hrs hour hours ч час часы часов часах",
        "d": "d day days дн дни дней днях",
    }.items()
    for word in words.split()
}

_LOOKALIKE_LATIN = "aceopxykmthb"
_LOOKALIKE_CYRILLIC = "асеорхукмтнв"
_LATIN_ONLY = frozenset(ascii_lowercase) - frozenset(_LOOKALIKE_LATIN)
_CYRILLIC_ONLY = frozenset(map(chr, range(ord("а"), ord("я") + 1))) - frozenset(_LOOKALIKE_CYRILLIC)
_TO_CYRILLIC = str.maketrans(_LOOKALIKE_LATIN, _LOOKALIKE_CYRILLIC)
_TO_LATIN = str.maketrans(_LOOKALIKE_CYRILLIC, _LOOKALIKE_LATIN)
_BRACKET = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_CAMEL = re.compile(r"(?<=[a-zа-яё])(?=[A-ZА-ЯЁ][a-zа-яё])|(?<=[A-Z]{2})(?=[A-Z][a-z]{2})")
# Its first letter alone has no script, and would take that of the header.
_E_MAIL = re.compile(r"\b[eе][- ]?mail(?![^\W\d_])", re.IGNORECASE)
_RUN = re.compile(r"[^\W\d_]+")
_WORD = re.compile(r"[^\W_]+")
_TAIL = re.compile(r"(?:,| in| в)\s*([^\s,()]+?)\.?$")
_SPELT = re.compile(r"(?<=time|tion|ngth) (sec|secs|seconds?|min|mins|minutes?|hrs?|hours?)$")
_SCALES: tuple[tuple[str, float], ...] = (
    (r"тыс|тысяч\w*|thousands?", 1e3),
    (r"млн|миллион\w*|millions?|mln|mio", 1e6),
    (r"млрд|миллиард\w*|billions?|bn", 1e9),
)
# "Выручка, тыс. руб." and "Revenue (USD millions)", but not "Цена за тыс. показов".
_SCALE = re.compile(
    r"[,(\[]\s*(?:в |in )?(?:(?P<before>\S+) )?"
    rf"(?P<scale>{'|'.join(words for words, _ in _SCALES)})\.?"
    r"(?: (?P<after>[^\s()\[\]]+))?\s*[)\]]?$"
)
_ZONE = re.compile(
    r"(?:(?:gmt|utc|msk|мск)(?:\s*[+-]\s*\d{1,2}(?::?\d{2})?)?|local|account)"
    r"(?: time ?zone| time)?"
    r"|(?:africa|america|asia|atlantic|australia|europe|indian|pacific|etc)/[a-z/ -]+"
)


@dataclass(frozen=True, slots=True)
class HeaderName:
    """What a header says: `key` to compare by, its words, and the units found beside them.

    `currency` is an ISO code, `unit` one of "s", "min", "h", "d"; `percent` tells of a % sign;
    `scale` is what "тыс." or "millions" multiplies the values by.
    """

    text: str
    key: str
    words: tuple[str, ...]
    currency: str | None = None
    unit: str | None = None
    percent: bool = False
    scale: float = 1.0


def fold(text: str) -> str:
    """Lower case, ё as е, one script per word, single spaces, no trailing marks."""
    text = unicodedata.normalize("NFKC", text).replace("\u200b", "").replace("\ufeff", "")
    text = _one_script(text.lower().replace("ё", "е"))
    return " ".join(text.split()).strip(" *:")


@lru_cache(4096)
def read_name(header: str) -> HeaderName:
    """The parts of one header."""
    spaced = _CAMEL.sub(" ", unicodedata.normalize("NFKC", header))
    spaced = _E_MAIL.sub("email", spaced)
    rest = fold(spaced.replace("#", " no ").replace("_", " "))
    currency: str | None = None
    unit: str | None = None
    percent = "%" in rest
    scale, rest = _scale(rest)
    for inside in _BRACKET.findall(rest):
        content = inside.strip(" .,").removeprefix("in ").removeprefix("в ")
        # Within brackets any ISO code is a currency, be it a word elsewhere.
        if code := currency_code(content):
            currency = code
        elif content in UNITS:
            unit = UNITS[content]
        elif content not in {"%", "no"} and not _ZONE.fullmatch(content):
            continue
        rest = rest.replace(f"({inside})", " ").replace(f"[{inside}]", " ")
    rest = rest.replace("%", " ").strip(" ,.")
    if (tail := _TAIL.search(rest)) and tail[1] in UNITS:
        unit, rest = UNITS[tail[1]], rest[: tail.start()]
    elif not unit and (spelt := _SPELT.search(rest)):
        unit, rest = UNITS[spelt[1]], rest[: spelt.start()]
    pieces = rest.replace(",", " ").split()
    if len(pieces) > 1 and pieces[-1].strip(".") in CURRENCIES:
        currency, rest = CURRENCIES[pieces[-1].strip(".")], " ".join(pieces[:-1])
    key = " ".join(_WORD.findall(rest))
    words = tuple(key.split())
    return HeaderName(fold(header), key, words, currency, unit, percent, scale)


def _scale(header: str) -> tuple[float, str]:
    """What a header at its end says the values are multiplied by, and the header without it."""
    found = _SCALE.search(header)
    if not found:
        return 1.0, header
    around = [found["before"], found["after"]]
    money = [word for word in around if word and word.strip(".") in CURRENCIES]
    if len(money) < sum(word is not None for word in around):
        return 1.0, header
    scale = next(size for words, size in _SCALES if re.fullmatch(words, found["scale"]))
    return scale, f"{header[: found.start()]} ({money[0]})" if money else header[: found.start()]


def _one_script(text: str) -> str:
    """Settle look-alike letters: each word in the script of its own letters, else of the header."""
    # A currency or unit in brackets is no word of the header: "Сумма затрат (USD)" is Russian.
    plain = (word for word in _BRACKET.sub(" ", text).split() if word.strip(",.") not in CURRENCIES)
    words = " ".join(plain)
    letters = "".join(filter(str.isalpha, words))
    # Written in one script throughout, "CPC" is what it looks like, whatever its currency.
    whole = _lean(words) or (0 if letters.isascii() and letters else _lean(text))
    return _RUN.sub(lambda found: _settled(found[0], whole), text)


def _settled(word: str, whole: int) -> str:
    lean = _lean(word) or (
        whole if all(c in _LOOKALIKE_LATIN + _LOOKALIKE_CYRILLIC for c in word) else 0
    )
    if lean > 0:
        return word.translate(_TO_CYRILLIC)
    return word.translate(_TO_LATIN) if lean < 0 else word


def _lean(text: str) -> int:
    """Positive where letters that exist in Cyrillic only outnumber those of Latin only."""
    return sum(map(_CYRILLIC_ONLY.__contains__, text)) - sum(map(_LATIN_ONLY.__contains__, text))
