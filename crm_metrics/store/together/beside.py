"""The data sets of a workspace beside each other: what they share, and what was chosen about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from crm_metrics.store.dataset import Dataset
from crm_metrics.store.locks import lock_of
from crm_metrics.store.together.authors import Authors
from crm_metrics.store.together.choices import CHOICES, Choices, read_choices, write_choices
from crm_metrics.store.together.compared import read_found, write_found
from crm_metrics.store.together.money import Amounts, Money, amounts_of
from crm_metrics.store.together.overlap import How, Overlap
from crm_metrics.store.together.overlaps import Found, overlaps, shared_of
from crm_metrics.store.together.zones import Times, Zones, times_of


class Together:
    """What the data sets that `datasets` gives have in common; choices are kept in `folder`."""

    def __init__(self, folder: Path, datasets: Callable[[], list[Dataset]]) -> None:
        self._folder = folder
        self._datasets = datasets
        # Comparing may take seconds: two pages that ask at once wait for one answer.
        self._comparing = lock_of(folder / CHOICES)
        self._compared: Found | None = None
        self._amounts: dict[str, Amounts | None] = {}

    @property
    def choices(self) -> Choices:
        """What was chosen about data sets together."""
        return read_choices(self._folder)

    def overlaps(self) -> list[Overlap]:
        """What data sets share with each other, and how it is counted."""
        with self._comparing:
            if self._compared is None:
                self._compared = read_found(self._folder)
            before = set(self._compared)
            found = overlaps(self._datasets(), self.choices.by_pair, self._compared)
            if before != set(self._compared):
                write_found(self._folder, self._compared)
            return found

    def shared(self, overlap: Overlap, limit: int | None = None) -> pa.Table:
        """The records of an overlap as both data sets have them; see `overlaps.shared_of`."""
        return shared_of(self._datasets(), overlap, limit)

    def settle(self, overlap: Overlap, how: How | None) -> None:
        """Count an overlap in this way from now on; by default again with None."""
        self._change(lambda choices: choices.with_overlap(overlap.pair, how))

    def amounts(self) -> list[Amounts]:
        """The currencies of every data set that has amounts."""
        with self._comparing:
            return amounts_of(self._datasets(), self._amounts)

    def set_money(self, money: Money) -> None:
        """Show amounts in this currency at these rates from now on."""
        self._change(lambda choices: replace(choices, money=money))

    def times(self) -> list[Times]:
        """The data sets that have times of day, with their zones."""
        return times_of(self._datasets(), self.choices.zones)

    def zone(self) -> str | None:
        """The zone of the times of all data sets; None where it is not known, or differs."""
        zones = {one.shown or one.written for one in self.times()}
        return zones.pop() if len(zones) == 1 else None

    def set_zones(self, zones: Zones) -> None:
        """Keep what was told of zones; `Workspace.set_zones` moves the times."""
        self._change(lambda choices: replace(choices, zones=zones))

    def set_authors(self, authors: Authors) -> None:
        """Take these authors of chats for ours and for bots from now on."""
        self._change(lambda choices: replace(choices, authors=authors))

    def _change(self, change: Callable[[Choices], Choices]) -> None:
        with self._comparing:
            write_choices(self._folder, change(self.choices))
