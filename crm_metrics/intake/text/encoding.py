"""Which encoding the bytes of a text file are in."""

from __future__ import annotations

import codecs
import re
from collections import Counter
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
_HIGH_BYTES = bytes(range(0x80, 0x100))
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
    known = set(good)
    if 2 * len(good) >= len(lines) and sum(len(UTF8_LETTER.findall(line)) for line in good) > 1:
        return Encoding("utf-8")
    letters = b"\n".join(line for line in lines if line not in known)
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
        good = len(text) - len(text.encode("ascii", "ignore")) - bad
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
    high = _count_high(sample)
    if not _TWO_HIGH.search(sample):
        # No word of two letters: accents, or letters alone in their cells ("м", "ж").
        glued = len(_GLUED.findall(sample)) + len(_MONEY.findall(sample))
        if glued >= 0.5 * high or high < 3:
            return "cp1252"
    return max(SINGLE_BYTE, key=lambda name: reads_like_text(sample, name))


def reads_like_text(sample: bytes, name: str) -> float:
    """How much the sample reads like text in a one-byte encoding: 0 is no text, 50 plainly one."""
    text = sample.decode(name, "replace")
    high = _count_high(sample)
    return _western_score(text, high) if name == "cp1252" else _russian_score(text, high)


def _count_high(sample: bytes) -> int:
    return len(sample) - len(sample.translate(None, _HIGH_BYTES))


def _russian_score(text: str, high: int) -> float:
    """Mean frequency of the letters, less for capitals inside words and for non-letters."""
    pairs = Counter(zip(" " + text, text, strict=False))
    score = sum(n * _russian_weight(*pair) for pair, n in pairs.items() if pair[1] > "\x7f")
    return score / max(high, 1)


def _russian_weight(before: str, char: str) -> float:
    """What a letter after another one says for Russian."""
    lower = char.lower()
    weight = _RUSSIAN.get(lower)
    if weight is None:
        return 0 if char in "№«»–—“”„…€₽\u00a0•’" else -60 if char.isalpha() else -30
    if char != lower and before.isalpha() and before == before.lower():
        return -40
    # A Latin letter glued to a Cyrillic one: a western accent.
    glued = before.isalpha() and before.isascii()
    return (weight if char == lower else weight * 0.6) - 25 * glued


def _western_score(text: str, high: int) -> float:
    """High letters alone among Latin ones are accents; in a row they are another alphabet.

    Two in a row inside of a Latin word are accents too; a sign of money belongs to its number.
    """
    sure = {
        i
        for form in (_ACCENTS, _PRICE)
        for found in form.finditer(text)
        for i in range(*found.span())
        if text[i] in _WESTERN
    }
    around = f" {text} "
    threes = Counter(zip(around, text, around[2:], strict=False))
    threes.subtract((around[i], text[i], around[i + 2]) for i in sure)
    rest = sum(n * _western_weight(*three) for three, n in threes.items() if three[1] > "\x7f")
    return (60 * len(sure) + rest) / max(high, 1)


def _western_weight(before: str, char: str, after: str) -> float:
    """What a high letter between two others says for a western alphabet."""
    if char == "\u00a0":
        return 0
    if char not in _WESTERN:
        return -30
    near = before + after
    if any(not other.isascii() and other.isalpha() for other in near):
        return -30
    return 60 if any(other.isascii() and other.isalpha() for other in near) else 25
