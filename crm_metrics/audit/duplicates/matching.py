"""Duplicates among contacts: which pairs are one person, how surely, and what says so.

A pair needs a name that agrees, and something beside it. How much that is worth is told by chance:
of how many other contacts the same would hold if names, companies and cities met at random
(contacts x the product of shares, as in Fellegi and Sunter, 1969, "A theory for record linkage").
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from rapidfuzz.fuzz import ratio
from rapidfuzz.process import cpdist

from crm_metrics.audit.duplicates.blocking import Blocks, Ints, Pairs, combined, pairs_of
from crm_metrics.audit.duplicates.grouping import Groups, groups_of
from crm_metrics.audit.duplicates.likeness import Likeness, likeness
from crm_metrics.audit.duplicates.name_keys import folded_word, skeleton
from crm_metrics.audit.duplicates.records import NONE, Records

SURE, LIKELY, ASK, NO = 0, 1, 2, 3
TIERS: Final = ("sure", "likely", "ask")
WHYS: Final = (
    *(
        "same_mailbox",
        "meant_mailbox",
        "same_phone",
        "same_local_part",
        "same_company",
        "same_domain",
    ),
    *("same_city", "rare_name"),
)
_KINDS: Final = ("mailbox", "meant", "phone", "local", "company", "domain", "city")
# Others with the same by chance: in one contact of two hundred, and of two thousand where only a
# place or nothing stands beside the name, for families live in one place.
_CHANCE, _CHANCE_OF_NAMES = 0.005, 0.0005
# A word that is only alike could be one of so many.
_ALIKE = 10
# Of those who call their mailbox by their name, how many call it in the same way, and how many add
# the same year of birth.
_SAME_STYLE, _SAME_YEAR = 0.3, 0.02
_YEAR = re.compile(r"19[4-9]\d|20[01]\d")
_DIGITS = re.compile(r"\d+")
_IN_NAME = 4
_FEWEST = 3
# Of so many with one name in one city, or with one name before "@", none is another's duplicate
# for that alone: chance explains them.
_NAMESAKES = 6
_LEAST_RATIO = 40


@dataclass(frozen=True, slots=True)
class Matches:
    """Pairs that are one person: tier and why (places in TIERS and WHYS), and their groups."""

    first: Ints
    second: Ints
    tier: Ints
    why: Ints
    groups: Groups
    pairs: Pairs


def matches(found: Records, limit: int) -> Matches:
    """The duplicates among contacts, compared in blocks of at most `limit`."""
    pairs = pairs_of(_blocks(found), len(found), limit)
    tier, why = _judged(found, pairs)
    kept = tier < NO
    first, second = pairs.first[kept], pairs.second[kept]
    groups = groups_of(first, second, found.rank, tier[kept])
    return Matches(first, second, tier[kept], why[kept], groups, pairs)


def _blocks(found: Records) -> list[Blocks]:
    """What contacts share: a key of their own, or a wider one together with words of the name."""
    contact, token = _entries(found)
    every = np.arange(len(found))
    both = _both(contact, token, len(found))
    made = []
    for kind in _KINDS:
        value = found.values[kind]
        has = value != NONE
        inside = has[contact]
        finer = Blocks(kind, contact[inside], combined(value[contact[inside]], token[inside]))
        whole = Blocks(kind, every[has], combined(value[has], both[has]))
        if kind in {"mailbox", "meant", "phone"}:
            made.append(Blocks(kind, every[has], value[has], finer))
        elif kind == "local":
            made.append(Blocks(kind, every[has], value[has], limit=_NAMESAKES))
        elif kind == "city":
            made.append(replace(whole, limit=_NAMESAKES))
        else:
            made.append(replace(finer, finer=whole))
    long = np.array([len(one) > 2 for one in found.names.tokens] + [False])[found.names.of]
    made.append(Blocks("name", every[long], found.names.of[long], limit=_NAMESAKES))
    return made


def _entries(found: Records) -> tuple[Ints, Ints]:
    """An entry for each word of each contact's name but initials: the contact, its skeleton."""
    known: dict[str, int] = {}
    codes = [
        [known.setdefault(skeleton(token), len(known)) for token in tokens if len(token) > 1]
        for tokens in found.names.tokens
    ]
    sizes = np.array([len(one) for one in codes] + [0])
    flat = np.array([code for one in codes for code in one], dtype=np.int64)
    begins = np.r_[0, np.cumsum(sizes[:-1])][: len(sizes)]
    of = found.names.of
    count = sizes[of]
    contact = np.repeat(np.arange(len(of)), count)
    inside = np.arange(len(contact)) - np.repeat(np.cumsum(count) - count, count)
    return contact, flat[begins[of][contact] + inside]


def _both(contact: Ints, token: Ints, contacts: int) -> Ints:
    """A number for the words of each contact's name together, whatever their order."""
    mixed = (token + 1) * np.int64(0x9E3779B97F4A7C1) % (1 << 61)
    found = np.zeros(contacts, dtype=np.int64)
    np.add.at(found, contact, mixed % (1 << 40))
    return found


def _judged(found: Records, pairs: Pairs) -> tuple[Ints, Ints]:
    """The tier of each pair (NO: none) and what says so."""
    least, share, words, initials = _names(found, pairs)
    same = {
        kind: (value[pairs.first] != NONE) & (value[pairs.first] == value[pairs.second])
        for kind, value in found.values.items()
    }
    chance = np.maximum(len(found) * share, 0)
    shares = {kind: _share(found.values[kind], pairs.first) for kind in _KINDS}
    # A company has its domain and its city: together they say no more than the rarest of them.
    of_work = np.minimum(
        np.where(same["company"], shares["company"], 1),
        np.where(same["domain"], shares["domain"], 1),
    )
    of_mailbox = _of_mailboxes(found, pairs, same["local"], shares["local"])
    of_place = np.where(same["city"] & (of_work == 1), shares["city"], 1)
    chance = chance * of_work * of_mailbox * of_place
    agree, exact, whole = least > 0, least == 1, (words > 1) & ~initials
    strong = same["mailbox"] | same["meant"] | same["phone"]
    # Two mailboxes that one company gave are two people's.
    own = same["domain"] & ~same["meant"]
    beside = ((of_mailbox <= _SAME_YEAR) | same["company"] | same["domain"]) & ~own
    apart = own | _differ(found, pairs, "company") | _differ(found, pairs, "city")
    tier = np.select(
        [
            agree & strong & exact & whole,
            agree & strong,
            agree & beside & exact & whole & (chance <= _CHANCE),
            agree & beside & whole & (chance <= _CHANCE),
            agree & exact & whole & ~apart & (chance <= _CHANCE_OF_NAMES),
        ],
        [SURE, LIKELY, LIKELY, ASK, ASK],
        NO,
    )
    why = np.select([same[kind] for kind in _KINDS], range(len(_KINDS)), len(_KINDS))
    return tier, why


def _differ(found: Records, pairs: Pairs, kind: str) -> np.ndarray:
    """Whether both have a value of this kind, and not the same."""
    one, other = found.values[kind][pairs.first], found.values[kind][pairs.second]
    return (one != NONE) & (other != NONE) & (one != other)


def _of_mailboxes(found: Records, pairs: Pairs, same: np.ndarray, share: np.ndarray) -> np.ndarray:
    """How likely two with such names have the same part before "@" by chance; 1 where they don't.

    A mailbox that is called by the name says only what stands beside it: digits, or the way.
    """
    chance = np.ones(len(same))
    for place in np.flatnonzero(same & (found.names.of[pairs.first] != NONE)).tolist():
        contact = pairs.first[place]
        local = found.locals_[found.values["local"][contact]]
        letters = folded_word("".join(one for one in local if one.isalpha()))
        tokens = found.names.tokens[found.names.of[contact]]
        named = any(token in letters for token in tokens if len(token) >= _IN_NAME)
        digits = "".join(_DIGITS.findall(local))
        of_digits = _SAME_YEAR if _YEAR.fullmatch(digits) else 0.1 ** len(digits)
        chance[place] = _SAME_STYLE * of_digits if named else share[place]
    return chance


def _share(value: Ints, contact: Ints) -> np.ndarray:
    """The share of contacts with the value that this one has, of those that have any."""
    known = value[value != NONE]
    counts = np.bincount(known, minlength=1)
    own = np.maximum(counts[np.maximum(value[contact], 0)], _FEWEST)
    return np.minimum(own / max(len(known), 1), 1)


def _names(found: Records, pairs: Pairs) -> tuple[np.ndarray, np.ndarray, Ints, np.ndarray]:
    """Of each pair's names: likeness (0: none), their share, words that meet, whether initials."""
    of = found.names.of
    one, other = of[pairs.first], of[pairs.second]
    low, high = np.minimum(one, other), np.maximum(one, other)
    names = len(found.names.tokens)
    codes, back = np.unique(low * (names + 1) + high, return_inverse=True)
    counts: Counter[str] = Counter()
    for tokens, count in zip(
        found.names.tokens, np.bincount(of[of != NONE], minlength=names).tolist(), strict=True
    ):
        for token in tokens:
            counts[token] += count
    left, right = codes // (names + 1), codes % (names + 1)
    told = _told(found, left, right, counts)
    total = max(int((of != NONE).sum()), 1)
    table = np.array([_row(like, counts, total) for like in told], dtype=float).reshape(-1, 4)
    least, share, words, initials = table[back].T
    return least, share, words.astype(np.int64), initials > 0


def _told(found: Records, left: Ints, right: Ints, counts: Counter[str]) -> list[Likeness | None]:
    """Likeness of each pair of names; those that have little in common are not looked at closer."""
    tokens = found.names.tokens
    texts = np.array([" ".join(one) for one in tokens], dtype=object)
    known = (left >= 0) & (right >= 0)
    near = np.zeros(len(left), dtype=bool)
    places = np.flatnonzero(known)
    scores = cpdist(texts[left[places]], texts[right[places]], scorer=ratio, workers=2)
    near[places] = scores >= _LEAST_RATIO
    return [
        likeness(tokens[one], tokens[other], counts) if close else None
        for one, other, close in zip(left.tolist(), right.tolist(), near.tolist(), strict=True)
    ]


def _row(like: Likeness | None, counts: Counter[str], total: int) -> tuple[float, ...]:
    if like is None:
        return (0.0, 1.0, 0.0, 0.0)
    share = 1.0
    for token in like.tokens:
        share *= min(max(counts.get(token, 0), _FEWEST) / total, 1)
    if like.least < 1:
        share = min(share * _ALIKE, 1)
    return (like.least, share, float(len(like.tokens)), float(like.initials))
