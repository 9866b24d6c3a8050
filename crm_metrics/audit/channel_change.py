"""Metrics of channels before an audit and after it, and how much of a change is another mix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from crm_metrics.metrics import compute
from crm_metrics.metrics.comparing import Simpson, Split, simpson, split
from crm_metrics.metrics.comparing.change import base_of
from crm_metrics.metrics.ground import Engine
from crm_metrics.metrics.model import Filters, Value
from crm_metrics.schema import CHANNELS

METRICS: Final = (
    *("delivery_rate", "open_rate", "click_rate", "reply_rate", "conversion_rate"),
    *("unsub_rate", "complaint_rate", "answered_within", "unanswered_rate"),
    *("call_answer_rate", "csat", "nps"),
)
"""Rates that people reach, answer and feel by, each of which can be told apart by channel."""
_LONGEST = 26
_WEEK = timedelta(days=7)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """Metrics by channel over whole weeks, so that two windows hold each weekday as often."""

    start: date
    end: date
    values: tuple[Value, ...] = ()


def window_of(engine: Engine, today: date, after: date | None = None) -> Window | None:
    """The channels' metrics of the last whole weeks, 26 at most, all of them `after` a day.

    None where less than a week has passed since. Groups are the product's own channels: a word of
    a file could be anybody's name.
    """
    weeks = _LONGEST if after is None else min(_LONGEST, (today - after) // _WEEK)
    if weeks < 1:
        return None
    start = today - weeks * _WEEK + _DAY
    found = compute(engine, METRICS, by=("channel",), filters=Filters(start, today))
    kept = (one for one in found.values if one.group.get("channel") in CHANNELS)
    return Window(start, today, tuple(_plain(one) for one in kept))


@dataclass(frozen=True, slots=True)
class ChannelChange:
    """One metric's change between two windows: exactly what rates did, and what the mix did.

    Observational: nobody drew lots over what was changed between the two.
    """

    metric: str
    grain: str
    variant: str
    split: Split
    simpson: Simpson | None


def channel_changes(now: Window, before: Window) -> tuple[ChannelChange, ...]:
    """Each metric that both windows have, in the order of `METRICS`."""
    sides = [_by_base(window.values) for window in (now, before)]
    shared = [base for base in sides[0] if base in sides[1]]
    shared.sort(key=lambda base: METRICS.index(sides[0][base][0].metric))
    changes = []
    for base in shared:
        found = split(sides[0][base], sides[1][base])
        first = sides[0][base][0]
        changes.append(
            ChannelChange(first.metric, first.grain, first.variant, found, simpson(found))
        )
    return tuple(changes)


def _by_base(values: Sequence[Value]) -> dict[tuple[object, ...], list[Value]]:
    found: dict[tuple[object, ...], list[Value]] = {}
    for one in values:
        if one.metric in METRICS and one.value is not None:
            found.setdefault(base_of(one), []).append(one)
    return found


def _plain(value: Value) -> Value:
    """The value with numbers that JSON holds."""
    return replace(
        value,
        n=float(value.n),
        components={name: float(part) for name, part in value.components.items()},
        units={name: float(part) for name, part in value.units.items()},
    )
