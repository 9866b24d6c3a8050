"""What the Channels page is made of: each channel's metrics now and before, pooled and apart."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from crm_metrics.findings.build import in_order
from crm_metrics.findings.compared import channel_rows
from crm_metrics.findings.report import ChannelRow, Period
from crm_metrics.metrics import periods
from crm_metrics.metrics.model import Filters, Limits, Missing
from crm_metrics.ui import cached
from crm_metrics.ui.choices import Choices
from crm_metrics.ui.state import engine


@dataclass(frozen=True, slots=True)
class Seen:
    """Rows by channel and rows of all channels together, each with its change since `earlier`."""

    rows: tuple[ChannelRow, ...]
    totals: tuple[ChannelRow, ...]
    missing: tuple[Missing, ...]
    filters: Filters
    earlier: Filters | None
    limits: Limits
    currency: str | None

    @property
    def period(self) -> Period | None:
        """The days shown, None where the facts have no dates."""
        return _days(self.filters)

    @property
    def before(self) -> Period | None:
        """The days that they are compared with."""
        return _days(self.earlier) if self.earlier else None

    @property
    def metrics(self) -> tuple[str, ...]:
        """Metrics that some channel has a value of, in the order of the catalogue."""
        return tuple(dict.fromkeys(row.metric for row in self.rows if row.now.value is not None))

    @property
    def shared(self) -> tuple[str, ...]:
        """Metrics with an interval, those of the most channels first."""
        counts = Counter(row.metric for row in self.rows if row.now.low is not None)
        return tuple(sorted(counts, key=lambda key: -counts[key]))

    def of(self, metric: str) -> tuple[ChannelRow, ...]:
        """The channels' rows of a metric that have a value."""
        return tuple(row for row in self.rows if row.metric == metric and row.now.value is not None)

    def together(self, metric: str) -> tuple[ChannelRow, ...]:
        """All channels together, a row a grain: what is counted differently is never pooled."""
        found = [row for row in self.totals if row.metric == metric and row.now.value is not None]
        return tuple(sorted(found, key=lambda row: -row.now.n))


def see(choices: Choices, filters: Filters, limits: Limits) -> Seen:
    """Compute the page: two periods, by channel and together; small results, all cached."""
    now, before = periods(engine(), filters)
    found = {}
    for by in ((), ("channel",)):
        result = cached.compute(by=by, filters=now, limits=limits)
        old = cached.compute(by=by, filters=before, limits=limits).values if before else ()
        found[by] = in_order(channel_rows(result.values, old))
    return Seen(
        rows=found["channel",],
        totals=found[()],
        missing=tuple(dict.fromkeys(result.missing)),
        filters=now,
        earlier=before,
        limits=limits,
        currency=choices.currency,
    )


def _days(filters: Filters) -> Period | None:
    return (filters.start, filters.end) if filters.start and filters.end else None
