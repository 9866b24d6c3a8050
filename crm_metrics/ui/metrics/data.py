"""What the Channels page is made of: each channel's metrics now and before, pooled and apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from crm_metrics.findings.compared import channel_rows, in_order
from crm_metrics.findings.report import ChannelRow, Period
from crm_metrics.findings.sentences.evidence import in_currency
from crm_metrics.metrics import periods
from crm_metrics.metrics.ground import grains_of
from crm_metrics.metrics.model import Filters, Limits, Missing, Value
from crm_metrics.metrics.per_row import RATE_ONLY
from crm_metrics.metrics.periods import Previous
from crm_metrics.ui import cached
from crm_metrics.ui.choices import Choices
from crm_metrics.ui.metrics.topic import CARDS, Topic
from crm_metrics.ui.state import engine


@dataclass(frozen=True, slots=True)
class Seen:
    """Rows by channel, each with its change since `earlier`, and all values of then."""

    rows: tuple[ChannelRow, ...]
    values_before: tuple[Value, ...]
    missing: tuple[Missing, ...]
    filters: Filters
    earlier: Filters | None
    limits: Limits
    currency: str | None
    topic: Topic

    @property
    def period(self) -> Period | None:
        """The days shown, None where the facts have no dates."""
        return _days(self.filters)

    @property
    def before(self) -> Period | None:
        """The days that they are compared with."""
        return _days(self.earlier) if self.earlier else None

    @property
    def moved(self) -> bool:
        """Whether any value has one before it to be compared with."""
        return any(row.shift is not None and row.shift.value is not None for row in self.rows)

    @property
    def metrics(self) -> tuple[str, ...]:
        """Metrics that some channel has a value of, in the order of the catalogue."""
        return tuple(dict.fromkeys(row.metric for row in self.rows if row.now.value is not None))

    @property
    def shared(self) -> tuple[str, ...]:
        """Metrics with an interval, those of the most channels first."""
        counts = Counter(row.metric for row in self.rows if row.now.low is not None)
        return tuple(sorted(counts, key=lambda key: -counts[key]))

    @property
    def headlines(self) -> tuple[str, ...]:
        """The metrics of the cards: what is asked first and carried by most channels.

        What is neither asked first nor shared has no card, unless nothing else has one.
        """
        ways = {row.metric: row.direction for row in self.rows}
        carried = {key: len({row.channel for row in self.of(key)}) for key in self.shared}
        asked = [key for key in carried if ways[key] != "neutral" and "open" not in key]
        place_of, last = self.topic.place_of, len(self.topic.first)
        known = sorted(asked, key=lambda key: (place_of(key) == last, -carried[key]))
        main = [key for key in known if place_of(key) < last or carried[key] > 1]
        return tuple(sorted((main or known[: CARDS // 2])[:CARDS], key=place_of))

    def rank(self, metric: str, rows: Sequence[ChannelRow]) -> tuple[int, ...]:
        """Where a metric stands by its rows of one formula among the others, the first lowest.

        What compares channels comes first, for which it takes two with an interval; of that what is
        asked first, by the kinds of the topic; and of a kind what the most channels have.
        """
        # A channel with values of several kinds of rows is still one, and rows of no channel none.
        named = {row.channel for row in rows if row.now.low is not None} - {None}
        known = len({row.channel for row in rows if row.now.value is not None})
        sure, place = len(named), self.topic.place_of(metric)
        kind = self.topic.kind_of({row.now.grain for row in rows})
        return -min(sure, 2), place // len(self.topic.first), kind, -sure, -known, place

    def usual(self, metric: str) -> str:
        """The formula variant of most channels' values of a metric."""
        return Counter(row.now.variant for row in self.of(metric)).most_common(1)[0][0]

    def of(self, metric: str) -> tuple[ChannelRow, ...]:
        """The channels' rows of a metric that have a value."""
        return tuple(row for row in self.rows if row.metric == metric and row.now.value is not None)

    def stated(self, metric: str) -> tuple[ChannelRow, ...]:
        """The channels' rows of a metric of which files state nothing but rates."""
        return tuple(row for row in self.rows if row.metric == metric and is_stated(row))


def is_stated(row: ChannelRow) -> bool:
    """Whether the channel has rates of single campaigns alone, which do not add up to its own."""
    return row.now.value is None and RATE_ONLY in row.now.flags


def see(
    topic: Topic, choices: Choices, filters: Filters, limits: Limits, previous: Previous
) -> Seen:
    """Compute a topic's metrics in two periods by channel; small results, all cached."""
    now, before = periods(engine(), filters, previous=previous)
    if choices.everything(filters):
        now, before = choices.counted(filters), None
    each = (now, before) if before else (now,)
    keys = topic.asked(cached.asked(grains_of))
    result, *old = cached.compute_each(keys, each=each, by=("channel",), limits=limits)
    values_before = old[0].values if old else ()
    return Seen(
        rows=_in_currency(in_order(channel_rows(result.values, values_before)), choices.currency),
        values_before=values_before,
        missing=tuple(dict.fromkeys(result.missing)),
        filters=now,
        earlier=before,
        limits=limits,
        currency=choices.currency,
        topic=topic,
    )


def together(seen: Seen, metrics: tuple[str, ...]) -> dict[str, tuple[ChannelRow, ...]]:
    """All channels together: a metric's rows, one a grain, the largest n first.

    What is counted differently is never pooled. Only what is shown is asked for, all of it at once:
    the time goes into the number of questions and of metrics, not of rows.
    """
    each = (seen.filters, seen.earlier) if seen.earlier else (seen.filters,)
    known = set(seen.metrics)
    shown = dict.fromkeys((*seen.headlines, *seen.topic.beside))
    usual = tuple(key for key in shown if key in known)
    asked = usual if set(metrics) & known <= set(usual) else metrics
    if not asked:
        return dict.fromkeys(metrics, ())
    now, *old = cached.compute_each(asked, each=each, limits=seen.limits)
    rows = _in_currency(channel_rows(now.values, old[0].values if old else ()), seen.currency)
    valued = sorted((row for row in rows if row.now.value is not None), key=lambda row: -row.now.n)
    return {key: tuple(row for row in valued if row.metric == key) for key in metrics}


def _in_currency(rows: Sequence[ChannelRow], currency: str | None) -> tuple[ChannelRow, ...]:
    """The rows, amounts that name no currency in the only one of the data, which is then said."""
    priced = in_currency(rows, currency)
    return tuple(
        now
        if now is own or "currency_unknown" in now.now.flags
        else replace(now, now=replace(now.now, flags=(*now.now.flags, "currency_unknown")))
        for own, now in zip(rows, priced, strict=True)
    )


def _days(filters: Filters) -> Period | None:
    return (filters.start, filters.end) if filters.start and filters.end else None
