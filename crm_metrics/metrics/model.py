"""What a metric is, what it is asked over, and what it returns."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import ibis.expr.types as ir

from crm_metrics.metrics.hours.schedule import Schedule
from crm_metrics.metrics.segments.segment import Segment

MetricKind = Literal["proportion", "ratio", "mean", "quantile", "nps", "total"]
Unit = Literal[
    "share", "points", "money", "count", "seconds", "days", "times", "score", "correlation"
]
Direction = Literal["up", "down", "neutral"]

# Under these an interval does not exist (quantiles: Conover 1999, section 3.2) or says little.
_LEAST: dict[str, int] = {"proportion": 30, "ratio": 20, "mean": 30, "nps": 30, "total": 1}
_LEAST_OF_QUANTILE = {0.5: 6, 0.75: 13, 0.9: 36, 0.95: 72}


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits that the user sets.

    `first_reply` and `resolution`: seconds in which a first reply, and a resolution, count as in
    time; `call_answer`: seconds in which a call is picked up in time, and `short_abandon`: those
    in which a caller who hangs up has not waited at all; `hours`: when people are at work, None
    where that is not told; `contacts_per_week`: messages
    a week of which a person may get as many and no more; `response_days` and `conversion_days`: how
    long after a send its opens, clicks and replies, and its conversions, are waited for;
    `mature_only`: whether younger sends are left out, not only marked.
    """

    first_reply: float = 7200.0
    resolution: float = 7200.0
    call_answer: float = 20.0
    short_abandon: float = 5.0
    hours: Schedule | None = None
    contacts_per_week: float = 3.0
    response_days: float = 3.0
    conversion_days: float = 5.0
    mature_only: bool = False


Column = Callable[[ir.Table, Limits], ir.Value]
Condition = Callable[[ir.Table, Limits], ir.BooleanValue]


@dataclass(frozen=True, slots=True)
class Distinct:
    """A count of the different values of a field; a row without one counts for itself."""

    field: str


@dataclass(frozen=True, slots=True)
class Weeks:
    """How many weeks the period asked for has (of months, each one), the same for every unit.

    At least one: three days of a week are no three sevenths in which more would have come.
    """


Measure = str | Column | Distinct | Weeks


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One metric on one grain, declared as data.

    Its words are `metric.<key>.name`, `.help` and, where there is one, `.trap` in texts.
    `numerator` and `denominator` give a value per row of the grain: the name of a field (a number,
    or a flag counted as 0/1), a function of the grain's table (every field of the grain is there,
    null where it is not mapped), or a count of different values. Components are their sums (for a
    ratio also squares and products); rows where either is null, or not `where`, count for neither.
    A quantile or mean metric has only a numerator, or is of the units' ratios. `per` names the
    field whose values are the units of the interval ("a|b" = the first that the row has; a row that
    has none is a unit by itself): sums are taken per unit first, and without a denominator each
    unit counts as one. `at_least` makes a proportion of units whose sum reaches it, `above` of
    those whose sum is over a limit of the user's; with `fullest`, a unit's sum is that of its
    fullest calendar week. `needs` names fields of which each group must be
    mapped ("a|b" = either). `variant` names the formula's base where vendors differ.
    A quantile with `censored` is of times some of which still run: where the condition holds, the
    numerator is how long a row has waited so far (Kaplan and Meier 1958). With `clusters`, a column
    of the ground, rows hang together within the same value of it: the interval takes its values as
    units (of a quantile always; else where the ground says that it has several rows of one value).
    `marks` are flags that a value carries where any row that counts meets the condition, `left_out`
    where any row that does not count does; `empty` is the flag where no row counts. `money` says
    that amounts are added, so that currencies must not mix; `interval` is False where the data
    can't carry one. `dated` names the field whose day stands for the row in periods, where that is
    not the grain's own date (when a deal was closed, not created). `limit` names the seconds of
    `Limits` within which a row counts as in time, "limit" in the formula. `overlaps` says that rows
    count people whom other rows count again, so that sums are an upper bound of people; `signed`
    that a share may be below zero. `stated` names the field of the same rate as files give it:
    where a group is a single row with the rate alone (`left_out` says "rate_only"), the value is
    what its file states, without n and interval.
    Under `minimum_n` a value is marked "small_n"; 0 stands for what its kind needs.
    """

    key: str
    grain: str
    kind: MetricKind
    numerator: Measure
    denominator: Measure | None = None
    per: str | None = None
    at_least: float | None = None
    above: Callable[[Limits], float] | None = None
    fullest: Literal["week"] | None = None
    quantile: float | None = None
    censored: Condition | None = None
    clusters: str | None = None
    unit: Unit
    direction: Direction
    needs: tuple[str, ...]
    variant: str
    formula: str
    minimum_n: int = 0
    where: Condition | None = None
    marks: tuple[tuple[str, Condition], ...] = ()
    left_out: tuple[tuple[str, Condition], ...] = ()
    empty: str = "no_data"
    money: bool = False
    interval: bool = True
    overlaps: bool = False
    signed: bool = False
    stated: str | None = None
    dated: str | None = None
    limit: Literal["first_reply", "resolution", "call_answer"] | None = None

    def __post_init__(self) -> None:
        if not self.minimum_n:
            least = _LEAST.get(self.kind) or _LEAST_OF_QUANTILE[self.quantile or 0.5]
            object.__setattr__(self, "minimum_n", least)


def lacking(metric: Metric, mapped: Collection[str]) -> tuple[str, ...]:
    """The fields that would make the metric computable: the best of each need not met."""
    unmet = (need.split("|") for need in metric.needs)
    return tuple(dict.fromkeys(one[0] for one in unmet if not set(one) & set(mapped)))


def computable(metric: Metric, mapped: Collection[str]) -> bool:
    """Whether the fields give the metric, or at least rates of it that rows state."""
    return metric.stated in mapped or not lacking(metric, mapped)


@dataclass(frozen=True, slots=True)
class Filters:
    """Which facts count: an inclusive period, channels, campaigns, and fields equal to values.

    With a `segment` those of its people alone, whatever the period is that its rules look at.
    """

    start: date | None = None
    end: date | None = None
    channels: tuple[str, ...] = ()
    campaigns: tuple[str, ...] = ()
    equal: tuple[tuple[str, tuple[str, ...]], ...] = ()
    segment: Segment | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """A metric's value for one group, with its base.

    `grains` are those whose rows it counts, the finest first (`grain`): several where they tell of
    different messages. `value`, `low`, `high` are None where undefined, and then `flags` says why
    (codes, `flag.<code>` in texts). `n` counts the units that the value stands on: those of the
    denominator (people, messages, answers), for a ratio the rows or buyers of its interval; where
    several grains have units of their own (mailings, people), these stand in `units` by grain, and
    a ratio's `n` is what they share, the denominator; of answers of which one person gave several
    it counts people. `base` is what the denominator of a ratio or
    a proportion adds up to (visits, clicks, an amount, answers), None where there is none.
    `young` is the share of its denominator that is too young for its outcome (R10), None where
    units count that are no rows. `scale` is that of scores whose mean it is ("1-5").
    Rates are fractions, durations seconds, NPS from -100 to 100. `currency` is that of amounts,
    None where there are none or it is not known.
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
    currency: str | None = None
    grains: tuple[str, ...] = ()
    young: float | None = 0.0
    units: dict[str, float] = field(default_factory=dict)
    scale: str | None = None

    def __post_init__(self) -> None:
        """A value of one grain need not name it twice."""
        if not self.grains:
            object.__setattr__(self, "grains", (self.grain,))
        if not self.units:
            object.__setattr__(self, "units", {self.grain: self.n})

    @property
    def base(self) -> float | None:
        """What the denominator adds up to; None for a value that has none."""
        parts = self.components
        if self.answers is not None:
            return self.answers
        return parts.get("x" if "y" in parts else "n") if {"x", "y"} & set(parts) else None

    @property
    def answers(self) -> float | None:
        """How many answers stand behind it, where `n` counts the people who gave them."""
        parts = self.components
        return parts["n"] if {"m", "n"} <= set(parts) and parts["m"] < parts["n"] else None

    @property
    def is_stated(self) -> bool:
        """Whether it is a rate that a file states of one row, with nothing counted behind it."""
        return self.value is not None and not self.n


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


@dataclass(frozen=True, slots=True)
class Change:
    """The difference of two values of a metric, now less before, with its 95 % interval.

    `relative` is the difference over the earlier value, with its own interval where that can be
    bounded; `pvalue` is of the test that the interval agrees with, None for quantiles. `clear` is
    True only where the interval excludes 0; `good` is then whether the change goes the metric's
    way, and None for a neutral metric, a change that is not clear, one that may be undone by what
    still comes in ("immature"), or one between rates of sent and of delivered messages
    ("base_sent"). Where the difference or its
    interval is undefined, they are None and `flags` says why.
    """

    metric: str
    grain: str
    difference: float | None
    low: float | None
    high: float | None
    relative: float | None
    clear: bool
    good: bool | None
    flags: tuple[str, ...] = ()
    relative_low: float | None = None
    relative_high: float | None = None
    pvalue: float | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a funnel: people who reached it, and their share of the step before (Wilson).

    The first step of a grain has no share. All steps of a grain are counted over the same rows.
    """

    grain: str
    step: str
    count: float
    share: float | None
    low: float | None
    high: float | None
    flags: tuple[str, ...] = ()
