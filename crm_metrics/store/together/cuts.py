"""Sums over days in two data sets: the same rows, or the same sums broken down otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import ibis

from crm_metrics.schema import fields_of, kind_of
from crm_metrics.store.dataset import dimension_name
from crm_metrics.store.together.comparing import (
    counted,
    is_unique,
    one_export,
    one_system,
    shared_days,
)
from crm_metrics.store.together.overlap import Overlap, Total
from crm_metrics.store.together.parts import Part
from crm_metrics.store.together.record_keys import DIMENSIONS
from crm_metrics.store.together.same_records import days_alone, overlap_of

_WHOSE = ("channel", "platform", "account")
_SUMMED = frozenset({"count", "money"})
_MOST_NAMES = 100
_AGREE, _AGREE_UNKNOWN = 0.05, 0.02
"""How near sums are that count the same: of one system, and where the system is not known."""
_AGREE_WHOLE, _EXACTLY = 0.005, 1e-9
"""How near they are where the days are not known to be the same."""


def shared_sums(first: Part, second: Part) -> Overlap | None:
    """What two data sets of a grain of days count in common, None where nothing is known to be."""
    if not _may_meet(first, second):
        return None
    differ = () if one_export(first, second) else _broken_down_by(first, second)
    return _cut(first, second, differ) if differ else _rows(first, second)


def _may_meet(first: Part, second: Part) -> bool:
    """Whether systems, days, channels, platforms and accounts could be the same."""
    if one_system(first, second) is False or not first.measures & second.measures:
        return False
    if first.facts.period and second.facts.period and shared_days(first, second) is None:
        return False
    both = first.filled & second.filled
    return all(_names(first, name) & _names(second, name) for name in _WHOSE if name in both)


def _names(part: Part, column: str) -> set[object]:
    def found() -> set[object]:
        rows = part.rows.select(column).distinct().limit(_MOST_NAMES).to_pyarrow()
        return set(rows.column(column).to_pylist()) - {None}

    return part.once(("names", column), found)


def _broken_down_by(first: Part, second: Part) -> tuple[str, ...]:
    """The columns that only one data set is broken down by."""
    dimensions = ("date", *DIMENSIONS)
    alone = (first.filled ^ second.filled).intersection(dimensions)
    varied = _varied(first, alone & first.filled) | _varied(second, alone & second.filled)
    if not varied and one_system(first, second):
        own, others = _texts(first), _texts(second)
        varied = _varied(first, own - others) | _varied(second, others - own)
    return tuple(sorted(varied))


def _texts(part: Part) -> frozenset[str]:
    """The unmapped columns that hold words, not numbers."""
    return frozenset(
        name
        for item in part.dataset.mapping.columns
        if item.field is None
        and item.kind == "text"
        and (name := dimension_name(item.name)) in part.filled
    )


def _varied(part: Part, columns: Iterable[str]) -> set[str]:
    """Those of the columns that hold more than one value."""
    names = sorted(columns)
    if not names:
        return set()
    ends = {name: part.rows[name].min() != part.rows[name].max() for name in names}
    row = part.rows.aggregate(**ends).to_pyarrow().to_pylist()[0]
    return {name for name in names if row[name]}


def _rows(first: Part, second: Part) -> Overlap | None:
    """Rows of the same day and breakdown."""
    both = first.filled & second.filled
    days = ("date",) if "date" in both else ()
    if not days and first.facts.period != second.facts.period:
        return days_alone(first, second)
    columns = [name for name in DIMENSIONS if name in both]
    if not (is_unique(first, [*days, *columns]) and is_unique(second, [*days, *columns])):
        columns += sorted(_texts(first) & _texts(second))
    if not days and not columns:
        return days_alone(first, second)
    identity, beside = (days, columns) if days else (columns[:1], columns[1:])
    found = counted(first, second, identity, beside, _main_measure(first, second))
    if found.shared == 0:
        return None
    # The rows of two sites or accounts have the same days and sources, and other sums.
    is_known = one_export(first, second) or bool(one_system(first, second))
    agreeing = max(found.same, found.alike) if is_known else found.same
    doubt = None if 2 * agreeing >= found.shared else "sums_differ"
    if doubt and not is_known:
        return None
    return overlap_of(first, second, (identity, beside), found, doubt)


def _main_measure(first: Part, second: Part) -> tuple[str, ...]:
    """The one number that tells most about a row: money, else the largest that both have."""
    grain = first.facts.grain
    both = [name for name in fields_of(grain) if name in first.measures & second.measures]
    money = [name for name in both if kind_of(name, grain) == "money"]
    if money or not both:
        return tuple(money[:1])
    sums = second.once(("sums", *both), lambda: _sums(second, both, None))
    return (max(both, key=lambda name: sums[name]),)


def _cut(first: Part, second: Part, differ: tuple[str, ...]) -> Overlap | None:
    """The same sums in two breakdowns: the second, which counts, is the one that says more."""
    first, second = sorted((first, second), key=_worth)
    measures = tuple(sorted(first.measures & second.measures))
    summed = [name for name in measures if kind_of(name, first.facts.grain) in _SUMMED]
    if not summed:
        return None
    days = shared_days(first, second)
    comparable = days is not None and all(
        "date" in part.filled or part.facts.period == days for part in (first, second)
    )
    totals = _totals(first, second, summed, days) if comparable else ()
    is_known = one_system(first, second)
    near = _AGREE if is_known else _AGREE_UNKNOWN
    agree = any(total.first and total.agrees(near) for total in totals)
    whole = () if agree else _totals(first, second, summed, None)
    if _tell(whole):
        # A file without days, or with a row per month, sums up all days of the other.
        totals, agree = whole, True
    if not agree and not is_known:
        return None
    doubt = None if agree else "totals_differ" if totals else "totals_unknown"
    return Overlap(
        grain=first.facts.grain,
        first=first.id,
        second=second.id,
        kind="cut",
        key=differ,
        only_first=first.facts.rows,
        only_second=second.facts.rows,
        period=days,
        measures=measures,
        totals=totals,
        doubt=doubt,
    )


def _tell(totals: Sequence[Total]) -> bool:
    """Whether all sums agree so well, and are so many, that it is no chance."""
    filled = [total for total in totals if total.first or total.second]
    near = _AGREE_WHOLE if len(filled) > 1 else _EXACTLY
    return bool(filled) and all(total.agrees(near) for total in filled)


def _worth(part: Part) -> tuple[bool, int, int]:
    return "date" in part.filled, len(part.measures), part.facts.rows


def _totals(
    first: Part, second: Part, measures: Sequence[str], days: tuple[date, date] | None
) -> tuple[Total, ...]:
    sums = [_sums(part, measures, days) for part in (first, second)]
    return tuple(Total(name, sums[0][name], sums[1][name]) for name in measures)


def _sums(part: Part, measures: Sequence[str], days: tuple[date, date] | None) -> dict[str, float]:
    rows = part.rows
    if days and "date" in part.filled:
        rows = rows.filter(rows.date.between(ibis.literal(days[0]), ibis.literal(days[1])))
    row = rows.aggregate(**{name: rows[name].sum() for name in measures}).to_pyarrow()
    return {name: float(value or 0) for name, value in row.to_pylist()[0].items()}
