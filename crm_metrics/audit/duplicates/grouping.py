"""Pairs put together to groups, each around the record that stays."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from crm_metrics.audit.duplicates.blocking import Ints

LARGEST = 50


@dataclass(frozen=True, slots=True)
class Groups:
    """Members of groups, an entry each: the contact, its group, and the pair that it came by.

    `pair` is -1 for the record that stays. Groups are numbered from 1 in the order of those.
    """

    contact: Ints
    group: Ints
    pair: Ints


def groups_of(first: Ints, second: Ints, rank: Ints, tier: Ints) -> Groups:
    """Groups of the pairs: each member is paired with the record that stays, none by a third.

    `rank` orders contacts, the least stays; `tier` orders pairs, the least first. So a chain of
    records that are alike two by two does not make one of its ends a duplicate of the other. A
    group has at most LARGEST members, those of the surest pairs.
    """
    near: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for place, (one, other, how) in enumerate(
        zip(first.tolist(), second.tolist(), tier.tolist(), strict=True)
    ):
        near[one].append((how, other, place))
        near[other].append((how, one, place))
    taken: set[int] = set()
    entries: list[tuple[int, int, int]] = []
    number = 0
    ranks = rank.tolist()
    for centre in sorted(near, key=lambda one: ranks[one]):
        if centre in taken:
            continue
        own = [one for one in sorted(near[centre]) if one[1] not in taken][: LARGEST - 1]
        if not own:
            continue
        number += 1
        entries.append((centre, number, -1))
        entries += [(member, number, place) for _, member, place in own]
        taken.update([centre, *(member for _, member, _ in own)])
    table = np.array(entries, dtype=np.int64).reshape(-1, 3)
    return Groups(table[:, 0], table[:, 1], table[:, 2])
