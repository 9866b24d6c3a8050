"""Each channel or segment against all others together, with an account of how many are compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from crm_metrics.metrics import intervals
from crm_metrics.metrics.comparing.change import (
    BASE_SENT,
    base_of,
    bases_differ,
    declared,
    differences_of,
    excludes_zero,
    goes_its_way,
)
from crm_metrics.metrics.comparing.model import AgainstRest
from crm_metrics.metrics.comparing.pooled import adds_up, may_overlap, rests
from crm_metrics.metrics.comparing.several import Adjustment, adjusted
from crm_metrics.metrics.comparing.spreads import Pairs, Spread, Spreads, is_spread
from crm_metrics.metrics.model import Metric, Value
from crm_metrics.metrics.values import known

REST_NOT_ALL = "rest_not_all"
_TOO_SMALL = ("small_n", "few_units")
_CONTRADICTIONS = ("impossible", "impossible_rows")
_NOT_ADDED = (*_CONTRADICTIONS, "rate_only")


def against_the_rest(
    values: Sequence[Value],
    adjust: Adjustment = "holm",
    alpha: float = intervals.ALPHA,
    spreads: Spreads | None = None,
) -> tuple[AgainstRest, ...]:
    """Each group's value against that of all other groups together, in the order given.

    `values` are by disjoint groups, of one metric or of several, each for itself. The rest is made
    from components, of groups with the same metric, variant and currency. Of these all that are
    large enough are one family: Holm (or "bh") adjusts their p, and each interval stands at the
    level at which its group was tested. Where no group is clear, all carry "none_apart": a ranking
    of them would be one of noise. Where some are of the
    sent messages and others of the delivered, all carry "base_sent" and none is good or bad.
    Quantiles are no sums: they are compared where `spreads` has the values of the groups.
    Groups without a value, alone in their base, or too small to be judged are flagged and kept out
    of the family. Where a group of the same base contradicts itself or has only a stated rate, the
    rest is without it, and all others carry "rest_not_all".
    """
    found: dict[int, AgainstRest] = {}
    lacking = {base_of(value) for value in values if _reason(value, spreads) in _NOT_ADDED}
    for places in _families(values, spreads):
        own = _compared([values[place] for place in places], adjust, alpha, spreads)
        if base_of(values[places[0]]) in lacking:
            own = [replace(one, flags=(*one.flags, REST_NOT_ALL)) for one in own]
        found |= dict(zip(places, own, strict=True))
    return tuple(
        found.get(place) or _alone(value, adjust, alpha, spreads)
        for place, value in enumerate(values)
    )


def _families(values: Sequence[Value], spreads: Spreads | None) -> list[list[int]]:
    """The places of groups that can be compared with each other, two or more."""
    bases: dict[tuple[object, ...], list[int]] = {}
    for place, value in enumerate(values):
        if _reason(value, spreads) is None:
            bases.setdefault(base_of(value), []).append(place)
    return [places for places in bases.values() if len(places) > 1]


def _reason(value: Value, spreads: Spreads | None) -> str | None:
    """Why a value has no rest to be compared with, whatever the others are."""
    metric = declared(value)
    told = spreads is not None and value.value is None
    if metric is None or not (adds_up(metric) or told or _spread(value, metric, spreads)):
        return "not_additive"
    if contradiction := next((flag for flag in _CONTRADICTIONS if flag in value.flags), None):
        return contradiction
    if value.value is None:
        return next(iter(value.flags), "no_data")
    if value.is_stated:
        return "rate_only"
    return None if metric.interval and metric.kind != "total" else "no_interval"


def _spread(value: Value, metric: Metric, spreads: Spreads | None) -> Spread | None:
    """The values behind a quantile of a group, where they are known."""
    return spreads.get(tuple(value.group.values())) if spreads and is_spread(metric) else None


def _pairs(values: Sequence[Value], spreads: Spreads | None) -> Pairs | None:
    metric = declared(values[0])
    if metric is None or adds_up(metric):
        return None
    own = [one for value in values if (one := _spread(value, metric, spreads)) is not None]
    return Pairs(values, own, metric.quantile or 0.5)


def _compared(
    values: list[Value], adjust: Adjustment, alpha: float, spreads: Spreads | None
) -> list[AgainstRest]:
    metric = declared(values[0])
    quantiles = _pairs(values, spreads)
    others = quantiles.others if quantiles else rests(values)
    pairs = list(zip(values, others, strict=True))
    kind = metric.kind if metric is not None else "proportion"
    if quantiles:
        raw = quantiles.pvalues()
    else:
        raw = [known(float(p)) for p in differences_of(kind, pairs, alpha).pvalue]
    family = [
        place
        for place, (value, other) in enumerate(pairs)
        if not any(flag in _TOO_SMALL for flag in (*value.flags, *other.flags))
    ]
    # Of two groups each is the other's rest: one comparison, said twice.
    asked = family[:1] if len(values) == 2 else family
    adjustments = adjusted([raw[place] for place in asked], alpha, adjust)
    if len(values) == 2:
        adjustments = adjustments * len(family)
    of_family = dict(zip(family, adjustments, strict=True))
    levels = [of_family[place][1] if place in of_family else alpha for place in range(len(values))]
    if quantiles:
        sides = quantiles.ends(np.array(levels))
    else:
        ends = differences_of(kind, pairs, np.array(levels))
        sides = ends.low, ends.high
    lows, highs = ([known(float(end)) for end in side] for side in sides)
    clear = [
        place in of_family and excludes_zero(low, high)
        for place, (low, high) in enumerate(zip(lows, highs, strict=True))
    ]
    shared = ["may_overlap"] if metric is not None and may_overlap(metric) else []
    shared += ["none_apart"] if family and not any(clear) else []
    mixed = bases_differ(values)
    shared += [BASE_SENT] if mixed else []
    result = []
    for place, (value, other) in enumerate(pairs):
        difference = (value.value or 0.0) - other.value if other.value is not None else None
        flags = [flag for flag in (*_TOO_SMALL, "heavy_tail") if flag in value.flags]
        if place not in of_family and not any(flag in _TOO_SMALL for flag in flags):
            flags.append("small_rest")
        if lows[place] is None or highs[place] is None:
            flags.append("no_interval")
        result.append(
            AgainstRest(
                value=value,
                rest=other.value,
                rest_n=other.n,
                difference=difference,
                low=lows[place],
                high=highs[place],
                pvalue=raw[place],
                pvalue_adjusted=of_family[place][0] if place in of_family else None,
                level=levels[place],
                adjustment=adjust,
                clear=clear[place],
                good=goes_its_way(metric, difference) if clear[place] and not mixed else None,
                flags=(*flags, *shared),
            )
        )
    return result


def _alone(value: Value, adjust: Adjustment, alpha: float, spreads: Spreads | None) -> AgainstRest:
    """A group that has nothing to be compared with."""
    return AgainstRest(
        value=value,
        rest=None,
        rest_n=None,
        difference=None,
        low=None,
        high=None,
        pvalue=None,
        pvalue_adjusted=None,
        level=alpha,
        adjustment=adjust,
        clear=False,
        good=None,
        flags=(_reason(value, spreads) or "no_rest",),
    )
