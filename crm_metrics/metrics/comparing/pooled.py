"""Values of groups put together again, by their components."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from crm_metrics.metrics.combining.adding import Counted
from crm_metrics.metrics.comparing.change import declared, sums_of
from crm_metrics.metrics.components import Components
from crm_metrics.metrics.model import Distinct, Metric, Value
from crm_metrics.metrics.values import values_of

# Flags that follow from the size of a value, and so not from those of its parts.
_OF_SIZE = frozenset(
    {"small_n", "few_units", "heavy_tail", "no_interval", "no_data", "no_denominator"}
)


def adds_up(metric: Metric) -> bool:
    """Whether components of groups can be added at all: order statistics are no sums.

    Nor is a proportion of units: who bought once in each of two channels came back in neither.
    """
    return metric.kind != "quantile" and metric.at_least is None


def may_overlap(metric: Metric) -> bool:
    """Whether one unit may count in several groups, so that they add up to more than all.

    It may where different values are counted (orders), each unit as one (buyers), or people whom
    other rows count again.
    """
    counted = any(isinstance(part, Distinct) for part in (metric.numerator, metric.denominator))
    return counted or metric.overlaps or (metric.per is not None and metric.denominator is None)


def pooled(values: Sequence[Value]) -> Value:
    """The value of all groups together; their metric `adds_up`."""
    sums = {name: float(part.sum()) for name, part in sums_of(values).items()}
    return _valued(values, [sums])[0]


def rests(values: Sequence[Value]) -> list[Value]:
    """For each group the value of all others together; there are two groups or more.

    What stands before and what stands after it is added: nothing is lost as by subtraction.
    """
    before: dict[str, np.ndarray] = {}
    for name, part in sums_of(values).items():
        ahead = np.concatenate([[0.0], part.cumsum()[:-1]])
        behind = np.concatenate([part[::-1].cumsum()[::-1][1:], [0.0]])
        before[name] = ahead + behind
    each = [
        {name: float(part[place]) for name, part in before.items()} for place in range(len(values))
    ]
    return _valued(values, each)


def _valued(values: Sequence[Value], each: Sequence[dict[str, float]]) -> list[Value]:
    metric = declared(values[0])
    assert metric is not None
    flags = (flag for one in values for flag in one.flags if flag not in _OF_SIZE)
    marks = tuple(dict.fromkeys(flags))
    currencies = tuple(sorted({one.currency for one in values if one.currency}))
    counted = "m" if metric.kind == "ratio" else "n"
    found = [
        Components(
            group=(),
            sums=sums,
            counted=int(sums[counted]),
            marks=marks,
            currencies=currencies,
        )
        for sums in each
    ]
    return values_of([Counted(metric, one, values[0].grains) for one in found], ())
