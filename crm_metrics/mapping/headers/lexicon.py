"""`synonyms.toml` as tables: headers as they are written, and as bags of concepts."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Literal

from crm_metrics.mapping.headers.header import read_name
from crm_metrics.mapping.headers.wording import concepts
from crm_metrics.schema import field_named

How = Literal["exact", "ask", "rate_of", "call_only"]
Bag = frozenset[str]
_PARTS: tuple[How, ...] = ("exact", "ask", "rate_of", "call_only")
_VAGUE = {frozenset({word}) for word in ("name", "title", "date")}
_VAGUE |= {frozenset({"date", "time"})}
_TITLED = frozenset({"text", "title", "campaign_name", "event_name", "product", "ad_name"})


@dataclass(frozen=True, slots=True)
class Meaning:
    """A field that a bag of concepts means, how far it does, and the synonyms that say so."""

    field: str
    how: How
    synonyms: tuple[str, ...]

    def said_like(self, header: str) -> str:
        """The first synonym in the script of the header; the first of all where none is."""
        alike = (text for text in self.synonyms if _is_cyrillic(text) == _is_cyrillic(header))
        return next(alike, self.synonyms[0])


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The synonyms: `written` by part and folded header, `bags` by concepts, all `words`."""

    written: dict[How, dict[str, tuple[str, ...]]]
    bags: dict[Bag, tuple[Meaning, ...]]
    words: frozenset[str]
    question: tuple[tuple[str, str], ...]
    often_on: dict[str, frozenset[str]]
    only_on: dict[str, frozenset[str]]


@cache
def lexicon() -> Lexicon:
    """The synonyms, read once."""
    text = (Path(__file__).parent / "synonyms.toml").read_text(encoding="utf-8")
    entries: dict[str, dict[str, list[str]]] = tomllib.loads(text)["field"]
    written: dict[How, dict[str, list[str]]] = {part: {} for part in _PARTS}
    bags: dict[Bag, dict[str, Meaning]] = {}
    for (field, entry), part in product(entries.items(), _PARTS):
        for synonym in entry.get(part, ()):
            name = read_name(synonym)
            fields = written[part].setdefault(name.key, [])
            if field not in fields:
                fields.append(field)
            for bag in _bags(field, part, concepts(name.words)):
                # Forms of a word that mean the field, and forms that often do, are one bag.
                known = bags.setdefault(bag, {}).get(field, Meaning(field, part, ()))
                how = part if part == "ask" else known.how
                bags[bag][field] = Meaning(field, how, (*known.synonyms, synonym))
    return Lexicon(
        written={
            part: {key: tuple(fields) for key, fields in table.items()}
            for part, table in written.items()
        },
        words=frozenset(
            word for table in written.values() for key in table for word in key.split()
        ),
        bags={bag: tuple(meanings.values()) for bag, meanings in bags.items()},
        question=tuple(
            (field, stem) for field, entry in entries.items() for stem in entry.get("question", ())
        ),
        often_on=_grains(entries, "ask_on"),
        only_on=_grains(entries, "on"),
    )


def _grains(entries: dict[str, dict[str, list[str]]], part: str) -> dict[str, frozenset[str]]:
    return {field: frozenset(entry[part]) for field, entry in entries.items() if part in entry}


def _is_cyrillic(text: str) -> bool:
    return any("а" <= letter <= "я" for letter in text.lower())


def is_vague(bag: Bag) -> bool:
    """Whether a bag alone says nothing of a column, as "name" does not say of what."""
    return bag in _VAGUE


def moment(bag: Bag) -> Bag:
    """The bag with a time read as a date, as it is where the values are moments."""
    return (bag - {"time"}) | {"date"} if "time" in bag else bag


def _bags(field: str, part: How, found: tuple[str, ...]) -> set[Bag]:
    """The bags that a synonym stands for; in a moment a time is a date."""
    bag = frozenset(found)
    if part == "rate_of":
        bag |= {"rate"}
    bags = {bag}
    if field_named(field).kind in {"timestamp", "date"}:
        bags.add(moment(bag))
    if field in _TITLED:
        bags |= {bag - {"title"} | {"name"} for bag in bags if "title" in bag}
        bags |= {bag - {"name"} | {"title"} for bag in bags if "name" in bag}
    return {bag for bag in bags if bag and bag not in _VAGUE}
