"""What a metric is, what it is asked over, and what it returns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import ibis.expr.types as ir

MetricKind = Literal["proportion", "ratio", "mean", "quantile", "nps", "total"]
Unit = Literal["share", "points", "money", "count", "seconds", "days", "times", "score"]
Direction = Literal["up", "down", "neutral"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits that the user sets: seconds in which a first reply counts as in time."""

    first_reply: float = 7200.0


Column = Callable[[ir.Table, Limits], ir.Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One metric on one grain, declared as data.

    Its words are `metric.<key>.name`, `.help` and, where there is one, `.trap` in texts.
    `numerator` and `denominator` give a value per row of the grain: the name of a field (a number,
    or a flag counted as 0/1), or a function of the grain's table. Components are their sums (for a ratio also
    squares and products, by the unit `per`); rows where either is null count for neither.
    A quantile or mean metric has only a numerator. `needs` names fields of which each group must
    be mapped ("a|b" = either). `variant` names the formula's base where vendors differ.
    """

    key: str
    grain: str
    kind: MetricKind
    numerator: str | Column
    denominator: str | Column | None = None
    per: str | None = None
    quantile: float | None = None
    unit: Unit
    direction: Direction
    needs: tuple[str, ...]
    variant: str
    formula: str
    minimum_n: int = 30
    where: Callable[[ir.Table, Limits], ir.BooleanValue] | None = None


@dataclass(frozen=True, slots=True)
class Filters:
    """Which facts count: an inclusive period, channels, campaigns, and fields equal to values."""

    start: date | None = None
    end: date | None = None
    channels: tuple[str, ...] = ()
    campaigns: tuple[str, ...] = ()
    equal: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Value:
    """A metric's value for one group, with its base.

    `value`, `low`, `high` are None where undefined, and then `flags` says why (codes, `flag.<code>`
    in texts). `n` counts the denominator's units (people, messages, posts, answers).
    Rates are fractions, durations seconds, NPS from -100 to 100.
    """

    metric: str
    variant: str
    grain: str
    group: dict[str, str | None]
    value: float | None
    low: float | None
    high: float | None
    n: float
    components: dict[str, float]
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """A metric that can't be computed, and the fields that would make it computable."""

    metric: str
    grain: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """Values and what is missing, in the order of the catalogue."""

    values: tuple[Value, ...]
    missing: tuple[Missing, ...] = field(default=())
