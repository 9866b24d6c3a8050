"""How a table's headers differ from a template's, and how much of them the two share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from crm_metrics.mapping.headers.header import HeaderName, read_name
from crm_metrics.mapping.recognition.exports import systems
from crm_metrics.mapping.templates.template import Template

_MOST = 0.6
_LEAST = 0.5
_STEM = 3
_ENDING = 3


@dataclass(frozen=True, slots=True)
class Drift:
    """A template's columns (by place) against a table's (by position).

    `same` pairs those of one header, whatever its case, spaces and place. `renamed` pairs
    candidates: a missing header and a new one that may be it. `new` and `missing` are the rest.
    """

    same: tuple[tuple[int, int], ...]
    renamed: tuple[tuple[int, int], ...]
    new: tuple[int, ...]
    missing: tuple[int, ...]

    @property
    def exact(self) -> bool:
        """Whether both have the same headers."""
        return not (self.renamed or self.new or self.missing)


@dataclass(frozen=True, slots=True)
class Shared:
    """The parts of a template's and of a table's headers that the other has, from 0 to 1.

    `rare` is the part of both in which a header weighs the more, the fewer exports have it.
    """

    of_template: float
    of_table: float
    rare: float

    @property
    def exact(self) -> bool:
        """Whether both have the same headers."""
        return self.of_template == self.of_table == 1

    @property
    def most(self) -> bool:
        """Whether both have most headers in common: 60 % of all, and at least half of each.

        Of the catalogue's exports no two of different vendors share more than 54 % of all, except
        three whose headers are the same throughout. A file that lost three headers of ten and has
        three new ones still shares 70 %.
        """
        both = self.of_template * self.of_table
        part = 2 * both / ((self.of_template + self.of_table) or 1)
        return min(self.of_template, self.of_table) >= _LEAST and part >= _MOST


def fit(template: Template, headers: Sequence[str]) -> Drift:
    """How these headers differ from the template's."""
    theirs = [_named(header) for header in template.headers]
    names = [_named(header) for header in headers]
    pairs = _pairs(theirs, names)
    same = tuple(sorted(pairs.items(), key=lambda pair: pair[1]))
    missing = [place for place in range(len(theirs)) if place not in pairs]
    new = [at for at in range(len(names)) if at not in set(pairs.values())]
    renamed = _renamed(theirs, names, missing, new)
    gone, come = {place for place, _ in renamed}, {at for _, at in renamed}
    return Drift(
        same,
        renamed,
        tuple(at for at in new if at not in come),
        tuple(place for place in missing if place not in gone),
    )


def shared(template: Template, headers: Sequence[str]) -> Shared:
    """How much of the headers the template and these have in common."""
    theirs = [_named(header) for header in template.headers]
    names = [_named(header) for header in headers]
    both = [theirs[place] for place in _pairs(theirs, names)]
    weighed, mine, whole = (sum(map(_weight, group)) for group in (both, theirs, names))
    return Shared(
        len(both) / max(len(theirs), 1),
        len(both) / max(len(names), 1),
        2 * weighed / max(mine + whole, 1e-9),
    )


def _pairs(theirs: Sequence[HeaderName], names: Sequence[HeaderName]) -> dict[int, int]:
    """The table's position of each place that has the same header."""
    pairs: dict[int, int] = {}
    for key in (_by_text, _by_key):
        pairs |= _paired(theirs, names, pairs, key)
    return pairs


def _paired(
    theirs: Sequence[HeaderName],
    names: Sequence[HeaderName],
    known: dict[int, int],
    key: Callable[[HeaderName], Hashable],
) -> dict[int, int]:
    """Further pairs of one key, in the order in which they stand."""
    waiting: dict[Hashable, list[int]] = {}
    taken = set(known.values())
    for at, name in enumerate(names):
        if at not in taken:
            waiting.setdefault(key(name), []).append(at)
    found = {}
    for place, name in enumerate(theirs):
        if place not in known and (places := waiting.get(key(name))):
            found[place] = places.pop(0)
    return found


def _by_text(name: HeaderName) -> Hashable:
    return name.text


def _by_key(name: HeaderName) -> Hashable:
    # In another unit or currency it is another column, unless the user says that it is not.
    return name.key or name.text, name.unit, name.currency, name.percent, name.scale


def _renamed(
    theirs: Sequence[HeaderName],
    names: Sequence[HeaderName],
    missing: Iterable[int],
    new: Sequence[int],
) -> tuple[tuple[int, int], ...]:
    left = list(new)
    found = []
    for place in missing:
        likes = [at for at in left if _alike(theirs[place], names[at], in_place=at == place)]
        if len(likes) > 1:
            likes = [at for at in likes if at == place]
        if len(likes) == 1:
            found.append((place, likes[0]))
            left.remove(likes[0])
    return tuple(found)


def _alike(one: HeaderName, other: HeaderName, *, in_place: bool) -> bool:
    """Whether one header may be the other: its words in another order, ending or unit."""
    if not one.words or not other.words:
        return False
    if sorted(one.words) == sorted(other.words):
        return True
    if len(one.words) != len(other.words):
        return False
    return all(
        _inflected(word, like) or (in_place and word.isdigit() and like.isdigit())
        for word, like in zip(one.words, other.words, strict=True)
    )


def _inflected(word: str, like: str) -> bool:
    """Whether two words have one stem: open and opened, письма and письмо."""
    if word == like:
        return True
    stem = next(
        (at for at, pair in enumerate(zip(word, like, strict=False)) if pair[0] != pair[1]),
        min(len(word), len(like)),
    )
    return stem >= _STEM and max(len(word), len(like)) - stem <= _ENDING


def _weight(name: HeaderName) -> float:
    """A header that many exports have says little of which export it is."""
    return (1 + _exports_with()[name.key]) ** -0.5


@cache
def _exports_with() -> Counter[str]:
    """In how many known exports a header stands."""
    return Counter(
        key for exports in systems().values() for export in exports for key in export.columns
    )


@lru_cache(maxsize=20_000)
def _named(header: str) -> HeaderName:
    return read_name(header)
