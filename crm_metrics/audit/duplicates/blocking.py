"""Pairs worth comparing: contacts that share a key, where not too many do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Blocks:
    """Keys of one kind: the contact and its key, an entry each; a contact may have several.

    Where a key has too many contacts, the entries of `finer` say how it is split. `limit` is a
    lower one for keys that tell nothing once a few share them.
    """

    kind: str
    contact: Ints
    key: Ints
    finer: Blocks | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of contacts, the lesser first and each once.

    `skipped` counts by kind the contacts with a key that more than its limit have: these were not
    compared for it. `uncompared` counts the contacts of all kinds, each once.
    """

    first: Ints
    second: Ints
    skipped: Mapping[str, int] = field(default_factory=dict)
    uncompared: int = 0


def pairs_of(blocks: Iterable[Blocks], contacts: int, limit: int) -> Pairs:
    """All pairs of contacts within a block of at most `limit`."""
    codes, skipped, uncompared = [], {}, np.zeros(contacts, dtype=bool)
    for one in blocks:
        found, large = _within(one, contacts, min(limit, one.limit or limit))
        codes.append(found)
        if len(large):
            skipped[one.kind] = len(large)
            uncompared[large] = True
    every = np.unique(np.concatenate(codes)) if codes else np.empty(0, np.int64)
    return Pairs(every // contacts, every % contacts, skipped, int(uncompared.sum()))


def combined(*columns: Ints) -> Ints:
    """One key of several, the same where all are."""
    key = columns[0]
    for column in columns[1:]:
        _, key = np.unique(key, return_inverse=True)
        key = key * (column.max(initial=0) + 1) + column
    return key


def runs(key: Ints) -> tuple[Ints, Ints]:
    """Where each run of equal keys begins in ordered ones, and how long it is."""
    begins = np.flatnonzero(np.r_[True, key[1:] != key[:-1]][: len(key)])
    return begins, np.diff(np.r_[begins, len(key)])


def _within(blocks: Blocks, contacts: int, limit: int) -> tuple[Ints, Ints]:
    """Pairs as one number each, and the contacts that stand in blocks over the limit."""
    order = np.lexsort((blocks.contact, blocks.key))
    contact, key = blocks.contact[order], blocks.key[order]
    _, sizes = runs(key)
    size = np.repeat(sizes, sizes)
    large = np.unique(contact[size > limit])
    own = (size > 1) & (size <= limit)
    contact, key = contact[own], key[own]
    found = []
    for apart in range(1, int(sizes[sizes <= limit].max(initial=1))):
        same = key[apart:] == key[:-apart]
        if not same.any():
            break
        left, right = contact[:-apart][same], contact[apart:][same]
        found.append(np.unique(np.minimum(left, right) * contacts + np.maximum(left, right)))
    codes = np.concatenate(found) if found else np.empty(0, np.int64)
    codes = codes[codes // contacts != codes % contacts]
    if blocks.finer is None or not len(large):
        return codes, large
    inside = np.isin(blocks.finer.contact, large)
    finer = Blocks(blocks.kind, blocks.finer.contact[inside], blocks.finer.key[inside])
    more, still = _within(finer, contacts, limit)
    return np.concatenate([codes, more]), still
