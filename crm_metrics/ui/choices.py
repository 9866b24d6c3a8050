"""What the data let a person filter by: their period, channels, campaigns and currency."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

import ibis

from crm_metrics.metrics import periods
from crm_metrics.metrics.dimensions import segment_names
from crm_metrics.metrics.ground import parts_of
from crm_metrics.metrics.model import Filters
from crm_metrics.metrics.segments.persons import any_people
from crm_metrics.schema import CHANNELS
from crm_metrics.store import Engine, Engines
from crm_metrics.ui import cached
from crm_metrics.ui.state import workspace
from crm_metrics.ui.words import dataset_name

Span = tuple[date, date]
_MOST_CAMPAIGNS = 500


@dataclass(frozen=True, slots=True)
class Choices:
    """The span of dates, channels in the product's order, campaigns by name, and grains.

    `segments` are fields and headers with a few values, by which some rows can be told apart.
    `undated` counts records without a date, which no period holds, `undated_of` those of a grain.
    `currency` is the only currency of the data, None where there is none or more than one.
    `spans` are the names of data sets with the days that each holds, None where it has no dates,
    and `kinds` their grains, one each;
    `latest` is the period that is shown where none is chosen; `people` says that some rows name
    who they are about.
    """

    period: tuple[date, date] | None
    channels: tuple[str, ...]
    campaigns: tuple[str, ...]
    currency: str | None
    grains: tuple[str, ...]
    segments: tuple[str, ...] = ()
    undated: int = 0
    undated_of: tuple[tuple[str, int], ...] = ()
    spans: tuple[tuple[str, Span | None], ...] = ()
    latest: Span | None = None
    people: bool = False
    kinds: tuple[str, ...] = ()

    def of_kinds(self, grains: Collection[str]) -> Choices:
        """The same with the days and undated records of data sets of these grains, if any."""
        each = zip(self.spans, self.kinds, strict=True)
        own = [(span, kind) for span, kind in each if kind in grains]
        days = [days for (_, days), _ in own if days]
        if not own:
            return self
        spans, kinds = zip(*own, strict=True)
        period = (min(one[0] for one in days), max(one[1] for one in days)) if days else None
        undated = sum(count for kind, count in self.undated_of if kind in grains)
        return replace(self, spans=spans, period=period, undated=undated, kinds=kinds)

    def outside(self, days: Span) -> tuple[str, ...]:
        """The data sets of which nothing is dated within these days."""
        return tuple(
            name
            for name, span in self.spans
            if span is None or span[1] < days[0] or span[0] > days[1]
        )

    @property
    def more_campaigns(self) -> bool:
        """Whether there are more campaigns than a list can offer."""
        return len(self.campaigns) >= _MOST_CAMPAIGNS

    def surely_has(self, filters: Filters) -> bool:
        """Whether some record is within these days, where nothing but days is asked for."""
        if filters.channels or filters.campaigns or filters.equal or filters.segment:
            return False
        if filters.start is None or filters.end is None:
            return True
        return len(self.outside((filters.start, filters.end))) < len(self.spans)

    def everything(self, filters: Filters) -> bool:
        """Whether the period asked for is all there is, so that undated records count as well."""
        return self.period is not None and (filters.start, filters.end) == self.period

    def counted(self, filters: Filters) -> Filters:
        """The filters that records are counted by: without days where these are all there is."""
        return replace(filters, start=None, end=None) if self.everything(filters) else filters


def choices() -> Choices:
    """The choices of the session's data, remembered until they change."""
    found, datasets = cached.asked(_choices), workspace().datasets()
    ready = [(dataset_name(item), item.facts) for item in datasets if item.facts]
    return replace(
        found,
        spans=tuple((name, facts.period) for name, facts in ready),
        kinds=tuple(facts.grain for _, facts in ready),
    )


def _choices(known: Engine | Engines) -> Choices:
    days: list[date] = []
    undated: Counter[str] = Counter()
    channels: set[str] = set()
    campaigns: set[str] = set()
    currencies: set[str] = set()
    for part in parts_of(known):
        by_grain = {grain: part.table(grain) for grain in part.grains}
        if not by_grain:
            continue
        tables = tuple(by_grain.values())
        rows = ibis.union(*(_row(table, grain) for grain, table in by_grain.items()))
        found = rows.group_by("grain", "channel", "currency").aggregate(
            first=rows.date.min(), last=rows.date.max(), undated=rows.date.isnull().sum()
        )
        for line in found.to_pyarrow().to_pylist():
            days += [line[end] for end in ("first", "last") if line[end] is not None]
            undated[line["grain"]] += int(line["undated"] or 0)
            channels |= {str(line["channel"])} if line["channel"] is not None else set()
            currencies |= {str(line["currency"])} if line["currency"] is not None else set()
        for table in tables:
            named = (name for name in ("campaign_name", "campaign_id") if name in table.columns)
            if name := next(named, None):
                campaigns |= _distinct(table, name)
    now, _ = periods(known)
    return Choices(
        period=(min(days), max(days)) if days else None,
        channels=_in_order(channels),
        campaigns=tuple(sorted(campaigns, key=str.casefold)[:_MOST_CAMPAIGNS]),
        currency=currencies.pop() if len(currencies) == 1 else None,
        grains=tuple(known.grains),
        segments=tuple(
            dict.fromkeys(name for grain in known.grains for name in segment_names(known, grain))
        ),
        undated=undated.total(),
        undated_of=tuple(undated.items()),
        people=any_people(known),
        latest=(now.start, now.end) if now.start and now.end else None,
    )


def _row(table: ibis.Table, grain: str) -> ibis.Table:
    return table.select("channel", "currency", "date").mutate(grain=ibis.literal(grain))


def _distinct(table: ibis.Table, column: str) -> set[str]:
    found = table.select(column).distinct().limit(_MOST_CAMPAIGNS * 4).to_pyarrow()
    return {str(value) for value in found.column(0).to_pylist() if value is not None}


def _in_order(channels: set[str]) -> tuple[str, ...]:
    known = [channel for channel in CHANNELS if channel in channels]
    return (*known, *sorted(channels - set(known)))
