"""What is wrong with a person's name, and how it would be written."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from crm_metrics.audit.cleaning.homoglyphs import one_script

JUNK_WORD, DIGITS, MAIL, LETTERS = "test_name", "digits_in_name", "mail_in_name", "no_letters"
"""Words of a test or of nobody; digits; an address or a link; no letters, or one repeated."""
INCOMPLETE = "one_word"
CAPS, MIXED = "capitals", "mixed_scripts"
SCHEMA: Final = pa.schema(
    [("verdict", pa.string()), ("writing", pa.string()), ("suggestion", pa.string())]
)

_ONE_WORD = r"^[\p{L}'’`-]+$"
_INITIALS = r"^(?:\p{L}\.[\s-]?){0,3}\s*[\p{L}'’`-]{2,}(?:\s+(?:\p{L}\.\s?){1,3}|\s+\p{L})?$"
_MAIL = r"@|(?i)https?:|(?i)www\.|\.(?:ru|com|рф|net)(?:[^\p{L}]|$)"
_DIGIT = r"[0-9]"
# John Smith 3rd, Louis 2nd.
_ORDINAL = r"(?i)(?:^|\s)[1-9](?:st|nd|rd|th)(?:\s|$|\.)"
_WORDS = r"[^\p{L}/]+"
_MANY_CAPS = r"\p{Lu}{3,}"
_SMALL = r"\p{Ll}"
_MIXED = r"\p{Cyrillic}['’]?\p{Latin}|\p{Latin}['’]?\p{Cyrillic}"
_PARTICLES = frozenset(
    (
        *("оглы", "кызы", "оглу", "де", "фон", "ван", "дер", "ла", "ле"),
        *("de", "von", "van", "der", "den", "la", "le", "di", "da"),
    )
)


def read_names(values: pa.Array) -> pa.Table:
    """Of each name: its verdict (null: a person's whole name), how it is written, a better writing.

    `values` (STRING) are distinct and not blank. The verdict is INCOMPLETE or one of what makes a
    name nobody's; the writing is CAPS or MIXED (Cyrillic and Latin letters in one word), else null.
    """
    texts = pc.utf8_trim_whitespace(values)
    low = pc.utf8_lower(texts)
    spaced = pc.utf8_trim_whitespace(pc.replace_substring_regex(low, _WORDS, " "))
    company = pc.match_substring_regex(spaced, _any("legal"))
    verdict = pc.case_when(
        pc.make_struct(
            pc.match_substring_regex(texts, _MAIL),
            pc.and_(
                pc.match_substring_regex(texts, _DIGIT),
                pc.and_(pc.invert(pc.match_substring_regex(texts, _ORDINAL)), pc.invert(company)),
            ),
            pc.invert(pc.match_substring_regex(texts, r"\p{L}")),
            _repeats(spaced),
            pc.match_substring_regex(spaced, _any("junk", repeated="keys")),
            pc.match_substring_regex(spaced, _all("nobody")),
            pc.and_(pc.invert(company), pc.match_substring_regex(texts, _ONE_WORD)),
            pc.and_(pc.invert(company), pc.match_substring_regex(texts, _INITIALS)),
        ),
        *(MAIL, DIGITS, LETTERS, LETTERS, JUNK_WORD, JUNK_WORD, INCOMPLETE, INCOMPLETE),
        pa.scalar(None, pa.string()),
    )
    no_junk = pc.fill_null(pc.equal(verdict, INCOMPLETE), fill_value=True)
    caps = pc.and_(
        pc.match_substring_regex(texts, _MANY_CAPS),
        pc.invert(pc.or_(pc.match_substring_regex(texts, _SMALL), company)),
    )
    mixed = pc.match_substring_regex(texts, _MIXED)
    writing = pc.if_else(mixed, MIXED, pc.if_else(pc.and_(caps, no_junk), CAPS, None))
    wrong = pc.is_valid(writing)
    better = [_better(text) for text in texts.filter(wrong).to_pylist()]
    suggestion = pc.replace_with_mask(
        pa.nulls(len(texts), pa.string()), wrong, pa.array(better, pa.string())
    )
    return pa.table([verdict, writing, suggestion], schema=SCHEMA)


def _better(text: str) -> str | None:
    """The name in one script and with capitals where they belong; None where nothing changes."""
    one = " ".join(map(_capital, one_script(text).split()))
    return one if one != text else None


def _capital(word: str) -> str:
    if not (word.isupper() and len(word) > 2):
        return word
    if word.lower() in _PARTICLES:
        return word.lower()
    return re.sub(r"[^\W\d_]+", lambda part: part[0].capitalize(), word)


def _repeats(spaced: pa.Array) -> pa.Array:
    """Whether the name is one letter again and again: "ааа", "xxxx". RE2 has no back references."""
    first = pc.utf8_slice_codeunits(spaced, 0, 1)
    bare = pc.replace_substring(spaced, " ", "")
    length = pc.utf8_length(bare)
    same = pc.equal(bare, pc.binary_repeat(first, length))
    return pc.and_(pc.greater_equal(length, 3), same)


@cache
def _any(key: str, repeated: str = "") -> str:
    words = list(map(re.escape, _words()[key]))
    if repeated:
        words.append(f"(?:{'|'.join(map(re.escape, _words()[repeated]))})+")
    return rf"(?:^| )(?:{'|'.join(words)})(?: |$)"


@cache
def _all(key: str) -> str:
    one = "|".join(map(re.escape, _words()[key]))
    return rf"^(?:{one})(?: (?:{one}))*$"


@cache
def _words() -> Mapping[str, list[str]]:
    return tomllib.loads(Path(__file__).with_name("names.toml").read_text(encoding="utf-8"))
