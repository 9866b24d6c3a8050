"""Components of one metric that come from several grains or engines, added up."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from crm_metrics.metrics.combining.strata import stratified
from crm_metrics.metrics.components import Components, Group
from crm_metrics.metrics.intervals import heavy_tail
from crm_metrics.metrics.model import Distinct, Metric, Weeks
from crm_metrics.metrics.people import PEOPLE
from crm_metrics.metrics.respondents import are_by_person, of_single_answers

MESSAGE_GRAINS = ("recipients", "campaigns")
"""Grains that tell of the same messages, the finest first: of a campaign one of them counts."""
UPPER_BOUND = "upper_bound"
COUNTED_BY = "counted_by_"
"""Begins the marks that tell what field people are told apart by; two of them are a doubt."""
SEVERAL_ENGINES = "several_engines"
"""Rows of one quantile stand in several places, each of which knows its own order only."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A metric's components in one group, and the grains that they come from, finest first."""

    metric: Metric
    components: Components
    grains: tuple[str, ...]


def added(found: Sequence[Components]) -> Components:
    """The components of one metric and group, from parts that share no row; at least one.

    Sums add; marks and currencies are those of any part. Order statistics do not add: a sum of
    several parts has none.
    """
    if len(found) == 1:
        return found[0]
    sums: dict[str, float] = {}
    by_person = any(are_by_person(one.sums) for one in found)
    for one in found:
        single = by_person and not are_by_person(one.sums)
        for name, number in (of_single_answers(one.sums) if single else one.sums).items():
            sums[name] = sums.get(name, 0.0) + number
    codes = {code for one in found for code in one.currencies}
    return Components(
        group=found[0].group,
        sums=sums,
        counted=sum(one.counted for one in found),
        marks=tuple(dict.fromkeys(mark for one in found for mark in one.marks)),
        # A currency that is not known stands last, as components of one grain have it.
        currencies=(*sorted(codes - {""}), *(codes & {""})),
        above=any(one.above for one in found),
        young=sum(one.young for one in found),
        stated=sum(one.stated for one in found),
        stated_rows=sum(one.stated_rows for one in found),
        stated_currency=next((one.stated_currency for one in found if one.stated_currency), None),
    )


def may_add(one: Metric, other: Metric) -> bool:
    """Whether values of both are one number: the same formula over rows of which none is in both.

    Of messages one grain counts, so that their grains add up; other grains may tell of one thing
    twice (the orders of a campaign are among all orders), and stay apart.
    """
    if (one.key, one.variant, one.kind, one.unit) != (
        other.key,
        other.variant,
        other.kind,
        other.unit,
    ):
        return False
    return comparable(one.grain, other.grain)


def comparable(grain: str, other: str) -> bool:
    """Whether rows of both grains can stand behind one value: one grain, or both of messages."""
    return grain == other or {grain, other} <= set(MESSAGE_GRAINS)


def pooled(parts: Iterable[tuple[Metric, Sequence[Components]]]) -> list[list[Counted]]:
    """For each metric in turn what it counts by group, those that may be added made one.

    Each part is a metric of one grain and engine with its components. Quantiles of two grains stay
    apart, and those of one grain in two engines are not known. A count of people over parts that
    may share them is an upper bound, and says so.
    """
    runs: list[list[tuple[Metric, Sequence[Components]]]] = []
    for metric, components in parts:
        near = (run for run in runs if _adds(run[0][0], metric))
        run = next(near, None)
        if run is None:
            runs.append([(metric, components)])
        else:
            run.append((metric, components))
    return [_by_group(run) for run in runs]


def _adds(one: Metric, other: Metric) -> bool:
    """Whether both are one run: of quantiles only one metric that several engines count."""
    return one is other or (other.kind != "quantile" and may_add(one, other))


def _by_group(run: list[tuple[Metric, Sequence[Components]]]) -> list[Counted]:
    groups: dict[Group, list[tuple[Metric, Components]]] = {}
    for metric, components in run:
        for one in components:
            groups.setdefault(one.group, []).append((metric, one))
    return [_one(found) for found in groups.values()]


def _one(found: list[tuple[Metric, Components]]) -> Counted:
    """What one group counts; a grain without a row that counts is not named."""
    counting = [(metric, one) for metric, one in found if one.counted] or found
    grains = sorted({metric.grain for metric, _ in counting}, key=_fineness)
    parts = [one for _, one in counting]
    if len(grains) > 1 and any(one.counted for one in parts):
        own = {g: added([one for metric, one in counting if metric.grain == g]) for g in grains}
        whole = _apart(found[0][0], own)
    else:
        whole = added(parts)
    # What a part without a row that counts left out is said all the same.
    marks = (mark for one in (*(one for _, one in found), whole) for mark in one.marks)
    whole = replace(whole, marks=tuple(dict.fromkeys(marks)))
    if len(parts) > 1 and whole.counted and found[0][0].kind == "quantile":
        whole = replace(whole, marks=(*whole.marks, SEVERAL_ENGINES))
    elif len(parts) > 1 and whole.counted and counts_people(found[0][0]):
        whole = replace(whole, marks=(*whole.marks, UPPER_BOUND))
    whole = replace(whole, marks=_without_ways(whole.marks))
    metric = next(metric for metric, _ in counting if metric.grain == grains[0])
    return Counted(metric, whole, tuple(grains))


def _apart(metric: Metric, of: Mapping[str, Components]) -> Components:
    """The parts of several grains added, with the units of each grain told apart.

    Those of a ratio are not alike then, and one of them may have a heavy tail.
    """
    parts = list(of.values())
    name = "m" if metric.kind == "ratio" else "n"
    whole = replace(added(parts), units={grain: one.sums[name] for grain, one in of.items()})
    if metric.kind != "ratio":
        return whole
    sums = stratified([one.sums for one in parts])
    heavy = any(heavy_tail(*(np.array(one.sums[s]) for s in ("y", "yy", "m"))) for one in parts)
    marks = (*whole.marks, *(["heavy_tail"] if heavy else []))
    return replace(whole, sums=sums, counted=int(sums["m"]), marks=marks)


def _without_ways(marks: Sequence[str]) -> tuple[str, ...]:
    """The marks as a value says them: people told apart in several ways may count twice."""
    ways = [mark for mark in marks if mark.startswith(COUNTED_BY)]
    said = [mark for mark in marks if mark not in ways]
    return tuple(dict.fromkeys([*said, UPPER_BOUND] if len(ways) > 1 else said))


def counts_people(metric: Metric, keys: Collection[str] = PEOPLE) -> bool:
    """Whether the metric counts different people, so that parts with the same ones do not add."""
    if metric.per is not None and not set(metric.per.split("|")).isdisjoint(keys):
        # Beside another denominator the people are only the units of the interval.
        return metric.denominator is None or isinstance(metric.denominator, Weeks)
    measures = (metric.numerator, metric.denominator)
    return any(isinstance(one, Distinct) and one.field in keys for one in measures)


def _fineness(grain: str) -> int:
    return MESSAGE_GRAINS.index(grain) if grain in MESSAGE_GRAINS else len(MESSAGE_GRAINS)
