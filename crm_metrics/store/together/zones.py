"""The time zones of several data sets: which are known, and to which their times are moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from crm_metrics.facts.zones import Shift
from crm_metrics.intake.table import Table
from crm_metrics.mapping.model import Mapping
from crm_metrics.mapping.zones import UTC, zone_of
from crm_metrics.store.dataset import Dataset


@dataclass(frozen=True, slots=True)
class ToldZone:
    """The zone that the user told for tables with this header."""

    fingerprint: str
    zone: str


@dataclass(frozen=True, slots=True)
class Zones:
    """The zone of the report (None: every file keeps its own), and what the user told of files."""

    report: str | None = None
    told: tuple[ToldZone, ...] = field(default=())

    def with_zone(self, fingerprint: str, zone: str | None) -> Zones:
        """A copy in which tables with this header are in this zone, or again not known."""
        others = tuple(one for one in self.told if one.fingerprint != fingerprint)
        own = (ToldZone(fingerprint, zone),) if zone else ()
        return replace(self, told=(*others, *own))

    def of(self, table: Table, mapping: Mapping) -> str | None:
        """The zone in which a table writes its times, None where it is not known."""
        own = (one.zone for one in self.told if one.fingerprint == mapping.fingerprint)
        return next(own, None) or zone_of(mapping, table)

    def shift(self, table: Table, mapping: Mapping) -> Shift | None:
        """How the times of a table are moved, None where they are not."""
        return Shift(self.of(table, mapping), self.report) if self.report else None


@dataclass(frozen=True, slots=True)
class Times:
    """A data set with times of day: the zone they are written in, and to which they were moved.

    `written` is UTC where every cell has its offset, None where the zone is not known.
    """

    dataset: str
    written: str | None
    shown: str | None


def times_of(datasets: Sequence[Dataset], zones: Zones) -> list[Times]:
    """The data sets that have times of day, in their order."""
    found = []
    for item in datasets:
        if item.facts is None or item.remote or not item.facts.timed:
            continue
        offsets = all(recipe.zoned for recipe in item.facts.timed)
        written = UTC if offsets else zones.of(item.table, item.mapping)
        found.append(Times(item.id, written, item.facts.zone))
    return found


def differ(times: Sequence[Times]) -> bool:
    """Whether times of different zones, or known beside unknown ones, stand together."""
    zones = {one.shown or one.written for one in times}
    return len(zones) > 1
