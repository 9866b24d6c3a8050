"""Which encoding the bytes of a text file are in."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Frequency of Russian letters, per mille (Russian National Corpus).
_RUSSIAN = dict(
    zip(
        "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё",
        (
            *(109, 85, 80, 74, 67, 63, 55, 47, 45, 44, 35, 32, 30, 28, 26, 20, 19, 17, 17),
            *(16, 16, 15, 12, 10, 9, 7, 6, 5, 4, 3, 3, 1, 1),
        ),
        strict=True,
    )
)
UTF8_LETTER = re.compile(rb"[\xc3\xd0\xd1][\x80-\xbf]")
"""A letter in UTF-8, Russian or with an accent; in one-byte encodings hardly ever two letters."""
SINGLE_BYTE = ("cp1251", "koi8-r", "cp866", "cp1252")
_ENDS = re.compile(rb"[\r\n]+")
_HIGH = re.compile(rb"[\x80-\xff]")
_TWO_HIGH = re.compile(rb"[\x80-\xff]{2}")
_GLUED = re.compile(rb"(?<=[A-Za-z])[\x80-\xff]|[\x80-\xff](?=[A-Za-z])")
_MONEY = re.compile(rb"[\x80\xa3](?=\d)|(?<=\d)\x80|(?<=\d )\x80")  # "£5", "5 €" in cp1252
_ACCENTS = re.compile(r"(?<=[A-Za-z])[^\x00-\x7f]{2}(?=[A-Za-z])")  # "Grüße"
_PRICE = re.compile(r"[€£](?=\d)|(?<=\d)€|(?<=\d[ \xa0])€")
_SCORED_BYTES = 32_768
_WESTERN = frozenset("äöüßéèêëàâáãçñóôõíîïúûåæøœÄÖÜÉÈÀÇÑÅØ€£©®™°«»–—‘’“”…•·§¿¡")


@dataclass(frozen=True, slots=True)
class Encoding:
    """A Python codec's name, the length of the mark to skip, and whether it was guessed."""

    name: str
    mark: int = 0
    guessed: bool = False

    @property
    def codec(self) -> str:
        """The codec for the bytes after the mark."""
        return "utf-8" if self.name == "utf-8-sig" else self.name


def detect(samples: Sequence[bytes]) -> Encoding:
    """The encoding of a file by samples of it; the first begins at the file's start.

    A mark decides; then the NUL pattern of UTF-16; then valid UTF-8; else the one of cp1251,
    koi8-r, cp866, cp1252 whose letters read most like text.
    """
    head = samples[0]
    for mark, name in _BOMS:
        if head.startswith(mark):
            return Encoding(name, len(mark))
    wide = _wide(head)
    if wide:
        return Encoding(wide, guessed=True)
    if all(_is_utf8(sample, first=i == 0) for i, sample in enumerate(samples)):
        return Encoding("utf-8")
    lines = [line for sample in samples for line in _ENDS.split(sample) if _HIGH.search(line)]
    good = [line for line in lines if is_utf8_line(line, letters=1)]
    if 2 * len(good) >= len(lines) and sum(len(UTF8_LETTER.findall(line)) for line in good) > 1:
        return Encoding("utf-8")
    letters = b"\n".join(line for line in lines if line not in good)
    return Encoding(single_byte(letters[: len(samples) * _SCORED_BYTES]), guessed=True)


def named(name: str, head: bytes) -> Encoding:
    """The encoding called `name`, with the mark of the file's first bytes if it has one."""
    for mark, marked in _BOMS:
        if head.startswith(mark) and name in {marked, marked.removesuffix("-sig")}:
            return Encoding(marked, len(mark))
    return Encoding(name)


def _wide(head: bytes) -> str | None:
    sample = head[: len(head) // 2 * 2][:65536]
    if len(sample) < 4 or b"\x00" not in sample:
        return _wide_cyrillic(sample)
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > 0.3 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.3 * half and odd < 0.05 * half:
        return "utf-16-be"
    return _wide_cyrillic(sample)


def _wide_cyrillic(sample: bytes) -> str | None:
    """UTF-16 without a mark in a Cyrillic text: every second byte is 04, or 00 in line ends."""
    half = len(sample) // 2
    if half < 8:
        return None
    for name, high in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if b"\x00" in high and high.count(4) + high.count(0) > 0.8 * half and high.count(4):
            return name
    return None


def _is_utf8(sample: bytes, *, first: bool) -> bool:
    """Whether the sample is UTF-8, letting a character be cut at either end."""
    if not first:
        while sample and 0x80 <= sample[0] < 0xC0:
            sample = sample[1:]
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError as error:
        # One broken byte in a long file of good UTF-8 is damage, not another encoding.
        text = sample.decode("utf-8", "replace")
        bad = text.count("\ufffd")
        good = sum(ord(char) > 127 for char in text) - bad
        return good > 20 * bad or (good > 4 * bad and error.start > len(sample) // 2)
    return True


def is_utf8_line(line: bytes, *, letters: int) -> bool:
    """Whether a line is UTF-8 and has at least so many letters that show it."""
    if len(UTF8_LETTER.findall(line)) < letters:
        return False
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def single_byte(sample: bytes) -> str:
    """The likeliest of cp1251, koi8-r, cp866 and cp1252."""
    high = sum(byte >= 0x80 for byte in sample)
    if not _TWO_HIGH.search(sample):
        # No word of two letters: accents, or letters alone in their cells ("м", "ж").
        glued = len(_GLUED.findall(sample)) + len(_MONEY.findall(sample))
        if glued >= 0.5 * high or high < 3:
            return "cp1252"
    return max(SINGLE_BYTE, key=lambda name: reads_like_text(sample, name))


def reads_like_text(sample: bytes, name: str) -> float:
    """How much the sample reads like text in a one-byte encoding: 0 is no text, 50 plainly one."""
    text = sample.decode(name, "replace")
    high = sum(byte >= 0x80 for byte in sample)
    return _western_score(text, high) if name == "cp1252" else _russian_score(text, high)


def _russian_score(text: str, high: int) -> float:
    """Mean frequency of the letters, less for capitals inside words and for non-letters."""
    score, before = 0.0, " "
    for char in text:
        if ord(char) >= 0x80:
            lower = char.lower()
            weight = _RUSSIAN.get(lower)
            if weight is None:
                score -= 0 if char in "№«»–—“”„…€₽\u00a0•’" else 60 if char.isalpha() else 30
            elif char != lower and before.isalpha() and before == before.lower():
                score -= 40
            else:
                score += weight if char == lower else weight * 0.6
                if before.isalpha() and before.isascii():
                    score -= 25  # a Latin letter glued to a Cyrillic one: a western accent
        before = char
    return score / max(high, 1)


def _western_score(text: str, high: int) -> float:
    """High letters alone among Latin ones are accents; in a row they are another alphabet.

    Two in a row inside of a Latin word are accents too; a sign of money belongs to its number.
    """
    score = 0.0
    sure = {
        i
        for form in (_ACCENTS, _PRICE)
        for found in form.finditer(text)
        for i in range(*found.span())
    }
    for i, char in enumerate(text):
        if ord(char) < 0x80 or char == "\u00a0":
            continue
        if i in sure and char in _WESTERN:
            score += 60
            continue
        near = text[i - 1 : i] + text[i + 1 : i + 2]
        latin = any(other.isascii() and other.isalpha() for other in near)
        crowd = any(ord(other) >= 0x80 and other.isalpha() for other in near)
        if char in _WESTERN:
            score += 60 if latin and not crowd else 25 if not crowd else -30
        else:
            score -= 30
    return score / max(high, 1)
