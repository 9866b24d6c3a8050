"""The own typical campaign: the median and the quartiles of the latest ones of the same kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from crm_metrics.metrics.combining.adding import MESSAGE_GRAINS
from crm_metrics.metrics.compute import compute, metrics_of
from crm_metrics.metrics.filtering import kept
from crm_metrics.metrics.ground import Engine, column_of, ground, parts_of
from crm_metrics.metrics.model import Filters, Limits, Value

LEAST = 8
MOST = 12
# A campaign that is too small, not ripe or impossible says nothing of a typical one.
_UNFIT = frozenset({"small_n", "immature", "impossible_rows"})
_Place = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class History:
    """A metric over the latest campaigns of a channel and kind of message, each counted once.

    `median`, `low` and `high` (quartiles, `numpy.quantile`'s definition 7) are None where there are
    fewer than 8 campaigns; `lacking` then says how many more it takes. Every campaign has one voice
    whatever its size, so this is no ratio of sums. `message_type` is None where it is not known.
    """

    metric: str
    grain: str
    variant: str
    channel: str | None
    message_type: str | None
    campaigns: int
    lacking: int
    median: float | None
    low: float | None
    high: float | None
    since: date
    until: date
    currency: str | None = None


def own_history(
    engine: Engine,
    keys: Sequence[str],
    *,
    before: date | None = None,
    filters: Filters | None = None,
    limits: Limits | None = None,
) -> tuple[History, ...]:
    """The typical campaign of each metric, channel and kind of message.

    From the last 8 to 12 campaigns that began before the day `before` (None: the last of all);
    campaign, flow and transactional messages are never mixed. `filters` narrow channels and
    fields; their period is not asked for. A campaign is its id, else its name on a day.
    """
    asked = replace(filters or Filters(), start=None, campaigns=())
    asked = replace(asked, end=before - timedelta(days=1) if before else None)
    found: list[History] = []
    for grain in MESSAGE_GRAINS:
        own = [key for key in keys if _has(key, grain)]
        if own and grain in engine.grains:
            found += _of_grain(engine, grain, own, asked, limits or Limits())
    return tuple(found)


def _of_grain(
    engine: Engine, grain: str, keys: Sequence[str], asked: Filters, limits: Limits
) -> list[History]:
    mapped = set(engine.mapped(grain))
    name = next((one for one in ("campaign_id", "campaign_name") if one in mapped), None)
    if name is None:
        return []
    kind = ("message_type",) if "message_type" in mapped else ()
    day = ("date",) if name == "campaign_name" else ()
    by = ("channel", *kind, name, *day)
    days = {} if day else _first_days(engine, grain, by, asked)
    groups: dict[_Place, list[tuple[date, Value]]] = defaultdict(list)
    for value in compute(engine, keys, by=by, filters=asked, limits=limits).values:
        start = _start(value, by, days)
        if value.grain == grain and start is not None and _fits(value, name):
            place = (value.metric, value.variant, value.currency, value.group["channel"])
            groups[*place, value.group.get("message_type")].append((start, value))
    return [_history(dated) for dated in groups.values()]


def _start(value: Value, by: Sequence[str], days: dict[_Place, date]) -> date | None:
    text = value.group.get("date")
    if text:
        return date.fromisoformat(text)
    return days.get(tuple(value.group.get(name) for name in by))


def _first_days(
    engine: Engine, grain: str, by: Sequence[str], asked: Filters
) -> dict[_Place, date]:
    """The first day of each campaign, wherever its facts stand."""
    found: dict[_Place, date] = {}
    for part in parts_of(engine):
        if grain in part.grains:
            for place, day in _days_of_part(part, grain, by, asked):
                found[place] = min(day, found.get(place, day))
    return found


def _days_of_part(
    engine: Engine, grain: str, by: Sequence[str], asked: Filters
) -> Iterator[tuple[_Place, date]]:
    table, _ = ground(engine, grain)
    keep = kept(engine, grain, table, asked)
    columns = {name: column_of(engine, grain, table, name) for name in by}
    texts = {name: one.cast("string") for name, one in columns.items() if one is not None}
    if keep is None or len(texts) < len(by):
        return
    rows = table.filter(keep).select(day=table.date.cast("date"), **texts)
    firsts = rows.group_by(list(by)).aggregate(first=rows.day.min())
    for line in firsts.to_pyarrow().to_pylist():
        if line["first"] is not None:
            yield tuple(line[name] for name in by), line["first"]


def _fits(value: Value, name: str) -> bool:
    named = value.group.get(name) is not None
    return (
        named and value.value is not None and not value.is_stated and _UNFIT.isdisjoint(value.flags)
    )


def _history(dated: list[tuple[date, Value]]) -> History:
    """The history of the latest campaigns of one place."""
    latest = sorted(dated, key=lambda pair: pair[0])[-MOST:]
    first = latest[0][1]
    low, median, high = (
        np.quantile([one.value for _, one in latest], (0.25, 0.5, 0.75))
        if len(latest) >= LEAST
        else (None, None, None)
    )
    return History(
        metric=first.metric,
        grain=first.grain,
        variant=first.variant,
        channel=first.group["channel"],
        message_type=first.group.get("message_type"),
        campaigns=len(latest),
        lacking=max(LEAST - len(latest), 0),
        median=None if median is None else float(median),
        low=None if low is None else float(low),
        high=None if high is None else float(high),
        since=latest[0][0],
        until=latest[-1][0],
        currency=first.currency,
    )


def _has(key: str, grain: str) -> bool:
    return any(one.key == key and one.kind != "total" for one in metrics_of(grain))
