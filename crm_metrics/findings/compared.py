"""Values of two periods side by side: each channel's metric, and how surely it has moved."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Literal

from crm_metrics.findings.report import ChannelRow, Shift
from crm_metrics.metrics import Change, changes_from, metric_named
from crm_metrics.metrics.intervals import Z
from crm_metrics.metrics.model import Value
from crm_metrics.schema import CHANNELS

Reading = Literal[
    "better", "worse", "higher", "lower", "too_early", "no_clear", "no_interval", "none"
]
_LEVEL_AND_POWER = Z + 0.841621  # the 0.8 quantile: seen four times in five


def channel_rows(now: Sequence[Value], before: Sequence[Value] = ()) -> tuple[ChannelRow, ...]:
    """Values grouped by channel, each beside its own value of the period before.

    In the order of `now`. A value that only the period before has is left out: there is nothing
    to say of it now. Values whose formula variants differ are never compared.
    """
    rows = []
    for value, earlier in zip(now, changes_from(now, before), strict=True):
        metric = metric_named(value.metric, value.grain)
        rows.append(
            ChannelRow(
                channel=value.group.get("channel"),
                metric=value.metric,
                kind=metric.kind,
                unit=metric.unit,
                direction=metric.direction,
                now=value,
                before=earlier[0] if earlier else None,
                shift=shift(value, *earlier) if earlier else None,
            )
        )
    return tuple(rows)


def in_order(rows: Iterable[ChannelRow]) -> tuple[ChannelRow, ...]:
    """Rows as tables show them: metric after metric, in each the channels in their fixed order."""
    places = {channel: place for place, channel in enumerate(CHANNELS)}
    listed = list(rows)
    metrics = list(dict.fromkeys((row.metric, row.now.grain) for row in listed))
    return tuple(
        sorted(
            listed,
            key=lambda row: (
                metrics.index((row.metric, row.now.grain)),
                places.get(row.channel or "", len(places)),
                row.channel or "",
            ),
        )
    )


def shift(now: Value, before: Value, change: Change) -> Shift:
    """A change with the n that it would take to see it.

    Needed n: an interval's half-width falls with the root of n, and a difference is found four
    times in five where it is 2.80 / 1.96 half-widths (Fleiss, Statistical Methods for Rates and
    Proportions, ch. 4, for equal arms). It is rough, and is said so.
    """
    value, low, high = change.difference, change.low, change.high
    if value is None or low is None or high is None:
        return Shift(value, low, high, flags=change.flags)
    visible = (high - low) / 2 * _LEVEL_AND_POWER / Z
    needed = None
    if not change.clear and value != 0:
        needed = math.ceil((now.n + before.n) / 2 * (visible / abs(value)) ** 2)
    return Shift(value, low, high, change.clear, needed, visible, change.flags, change.good)


def reading(row: ChannelRow) -> Reading:
    """What a row's shift says; better or worse only where it is clear and the metric has a side.

    A clear change that may be undone by what still comes in is too early to read.
    """
    shifted = row.shift
    if shifted is None or shifted.value is None:
        return "none"
    if shifted.low is None:
        return "no_interval"
    if not shifted.clear:
        return "no_clear"
    if "immature" in shifted.flags:
        return "too_early"
    if shifted.good is None:
        return "higher" if shifted.value > 0 else "lower"
    return "better" if shifted.good else "worse"
