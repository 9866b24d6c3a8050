"""The ways to read a header: whole, without what wraps it, without a period or an explanation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from crm_metrics.mapping.headers.header import HeaderName, read_name
from crm_metrics.mapping.headers.wording import concepts, is_wrapper

_JOINED = re.compile(r"[^\W_][._/:][^\W_]|__|\w_\w|\s[-–—:>|]\s|:\s")
_UNIT = r"(?:d|w|m|days?|weeks?|months?|h|hours?|дн\w*|день|дней|недел\w*|мес\w*|сут\w*|час\w*)"
_PERIOD = re.compile(
    rf"(?:\b(?:за|in|over|past|last|previous|the|for|последни\w+)\s+)*\b\d+\s*{_UNIT}\b\.?"
    r"|\b(?:in )?(?:account|base|shop|store|report) currency\b"
    r"|\((?:inc|incl|including|с|включая|без|excl|ex)\.? ?(?:tax|vat|ндс|налог\w*)\)"
    r"|\b(?:за (?:весь |отчетный )?период|all time|lifetime|за все время|за период)\b"
)
_BEFORE = re.compile(r"\b(?:previous|prior|прошл\w*|предыдущ\w*)\b")
_SHORTENED = re.compile(r"([^\W\d_]{3,})\.(?!\w)")
_BRACKET = re.compile(r"[(\[]([^()\[\]]*)[)\]]")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One reading of a header: its concepts, and whether something was taken out to get it.

    `aside` is what was taken out and `same` a reading that must mean the same field, if any.
    """

    bag: frozenset[str]
    aside: str = ""
    same: frozenset[str] = frozenset()


def phrases(name: HeaderName) -> Iterator[Phrase]:
    """The readings of a header, the plainest first; each with at least one concept."""
    whole = frozenset(concepts(name.words, frozenset(_SHORTENED.findall(name.text))))
    seen = {whole}
    if whole:
        yield Phrase(whole)
    for phrase in (*_unwrapped(name), *_without_period(name), *_bracketed(name)):
        if phrase.bag and phrase.bag not in seen:
            seen.add(phrase.bag)
            yield phrase


def _unwrapped(name: HeaderName) -> Iterator[Phrase]:
    if not _JOINED.search(name.text):
        return
    kept = [word for word in name.words if not is_wrapper(word)]
    if kept and len(kept) < len(name.words):
        yield Phrase(frozenset(concepts(kept)))


def _without_period(name: HeaderName) -> Iterator[Phrase]:
    found = _PERIOD.search(name.text)
    if not found or _BEFORE.search(name.text):
        return
    rest = f"{name.text[: found.start()]} {name.text[found.end() :]}"
    yield Phrase(frozenset(concepts(read_name(rest).words)), found[0].strip())


def _bracketed(name: HeaderName) -> Iterator[Phrase]:
    """An abbreviation and its full words: CTR (click-through rate)."""
    found = _BRACKET.search(name.text)
    if not found:
        return
    inside = frozenset(concepts(read_name(found[1]).words))
    outside = frozenset(concepts(read_name(_BRACKET.sub(" ", name.text)).words))
    if inside and outside:
        yield Phrase(outside, found[1], same=inside)
