"""What the user chose about several data sets together, kept in the workspace."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path

from crm_metrics.store.manifest import write_json
from crm_metrics.store.records import from_plain, to_plain
from crm_metrics.store.together.authors import Authors
from crm_metrics.store.together.money import Money
from crm_metrics.store.together.overlap import How
from crm_metrics.store.together.zones import Zones

CHOICES = "together.json"
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class PairChoice:
    """How what two data sets share is counted."""

    first: str
    second: str
    how: How


@dataclass(frozen=True, slots=True)
class Choices:
    """Every choice about data sets beside each other; what is not here goes by default."""

    overlaps: tuple[PairChoice, ...] = field(default=())
    money: Money = field(default=Money())
    zones: Zones = field(default=Zones())
    authors: Authors = field(default=Authors())

    @property
    def by_pair(self) -> dict[Pair, How]:
        """How overlaps are counted, by the pair of ids in order."""
        return {(one.first, one.second): one.how for one in self.overlaps}

    def with_overlap(self, pair: Pair, how: How | None) -> Choices:
        """A copy in which a pair is counted so, or again by default (None)."""
        first, second = sorted(pair)
        others = tuple(one for one in self.overlaps if (one.first, one.second) != (first, second))
        own = (PairChoice(first, second, how),) if how else ()
        return replace(self, overlaps=(*others, *own))


def read_choices(folder: Path) -> Choices:
    """The choices kept in a folder; none where there are none or they are damaged."""
    try:
        return from_plain(Choices, json.loads((folder / CHOICES).read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Choices()


def write_choices(folder: Path, choices: Choices) -> None:
    """Keep the choices in a folder."""
    write_json(folder / CHOICES, to_plain(choices))
