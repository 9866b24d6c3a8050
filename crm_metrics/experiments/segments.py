"""Whether the effect differs by segment, whether the mix does, and Simpson's reversal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from crm_metrics.experiments.beside import Segment
from crm_metrics.experiments.comparing import compared, moments
from crm_metrics.experiments.distributions import chi_square_above
from crm_metrics.experiments.looks import Looks
from crm_metrics.experiments.model import Arm, Comparison, MetricShape
from crm_metrics.metrics.comparing.several import benjamini_hochberg

FALSE_SHARE = 0.10
"""The share of false ones among segments that are said to differ (Benjamini and Hochberg)."""
MIX_DIFFERS = 0.001
_LEAST = 2


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """One value of a column: the arm against the control there."""

    value: str
    n: int
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class SegmentFinding:
    """A column: whether the effect differs between its values.

    `pvalue` is the interaction's, `differs` its call at 10 % over all columns; `simpson` says that
    the effect has the other sign within every value than in all; `mix_pvalue` that of equal mixes.
    """

    column: str
    rows: tuple[SegmentRow, ...]
    test: str
    pvalue: float | None
    pvalue_adjusted: float | None
    differs: bool
    simpson: bool
    mix_pvalue: float | None


def by_segment(
    shape: MetricShape,
    segments: Sequence[Segment],
    place: int,
    *,
    difference: float | None,
    alpha: float,
) -> tuple[SegmentFinding, ...]:
    """Every column's finding for the arm at `place` (the control is at 0) against the control.

    `difference` is that of all recipients. Intervals of the values are plain ones at `alpha`: they
    describe, the interaction's test calls.
    """
    columns: dict[str, list[Segment]] = {}
    for segment in segments:
        columns.setdefault(segment.column, []).append(segment)
    found = []
    for parts in columns.values():
        pairs = [(segment, segment.arms[place], segment.arms[0]) for segment in parts]
        rows = tuple(
            SegmentRow(
                segment.value,
                arm.n + control.n,
                compared(shape, (control, arm), alpha=alpha, looks=Looks(1), quickly=True)[0],
            )
            for segment, arm, control in pairs
        )
        both = [(arm, control) for _, arm, control in pairs]
        test, pvalue = _interaction(shape, both)
        found.append((rows, test, pvalue, _mix(both)))
    called = benjamini_hochberg([pvalue for _, _, pvalue, _ in found], FALSE_SHARE)
    return tuple(
        SegmentFinding(
            column=column,
            rows=rows,
            test=test,
            pvalue=pvalue,
            pvalue_adjusted=adjusted,
            differs=adjusted is not None and adjusted < FALSE_SHARE,
            simpson=_reversed(rows, difference),
            mix_pvalue=mix,
        )
        for column, (rows, test, pvalue, mix), (adjusted, _) in zip(
            columns, found, called, strict=True
        )
    )


def breslow_day(pairs: Sequence[tuple[Arm, Arm]]) -> float | None:
    """P of equal odds ratios in all strata, with Tarone's correction; None where undefined.

    Sources: Breslow and Day, Statistical Methods in Cancer Research 1 (1980), 4.4; Tarone,
    Biometrika 72 (1985).
    """
    cells = [
        (arm.successes or 0, arm.n, control.successes or 0, control.n) for arm, control in pairs
    ]
    told = [(a, n, c, m) for a, n, c, m in cells if n and m and 0 < a + c < n + m]
    if len(told) < _LEAST:
        return None
    a, n, c, m = (np.array(part, dtype=float) for part in zip(*told, strict=True))
    total = n + m
    over, under = (a * (m - c) / total).sum(), (c * (n - a) / total).sum()
    if over <= 0 or under <= 0:
        return None
    odds = over / under
    events = a + c
    # The expected a solves a quadratic: a (m - events + a) = odds (n - a) (events - a).
    square, linear = 1 - odds, m - events + odds * (n + events)
    rest = -odds * n * events
    if abs(square) < 1e-12:
        expected = -rest / linear
    else:
        expected = (-linear + np.sqrt(linear**2 - 4 * square * rest)) / (2 * square)
    parts = (expected, n - expected, events - expected, m - events + expected)
    variance = 1 / sum(1 / part for part in parts)
    statistic = ((a - expected) ** 2 / variance).sum() - (a - expected).sum() ** 2 / variance.sum()
    return chi_square_above(max(float(statistic), 0.0), len(told) - 1)


def _interaction(shape: MetricShape, pairs: Sequence[tuple[Arm, Arm]]) -> tuple[str, float | None]:
    """Breslow and Day for shares; Cochran's Q of the differences (Biometrics 10, 1954) for others.

    Odds, since a change by a fifth everywhere is no difference between segments, though it is more
    points where the rate is high.
    """
    if shape == "proportion":
        return "breslow_day", breslow_day(pairs)
    gaps, weights = [], []
    for arm, control in pairs:
        own, base = moments(shape, arm), moments(shape, control)
        if own and base and own[1] + base[1] > 0:
            gaps.append(own[0] - base[0])
            weights.append(1 / (own[1] + base[1]))
    if len(gaps) < _LEAST:
        return "cochran_q", None
    gap, weight = np.array(gaps), np.array(weights)
    centre = (gap * weight).sum() / weight.sum()
    return "cochran_q", chi_square_above(float((weight * (gap - centre) ** 2).sum()), len(gaps) - 1)


def _mix(pairs: Sequence[tuple[Arm, Arm]]) -> float | None:
    """P of the same mix of values in both arms: chi-square."""
    sizes = np.array([(arm.n, control.n) for arm, control in pairs], dtype=float)
    sizes = sizes[sizes.sum(axis=1) > 0]
    if len(sizes) < _LEAST or (sizes.sum(axis=0) == 0).any():
        return None
    expected = sizes.sum(axis=1, keepdims=True) * sizes.sum(axis=0) / sizes.sum()
    return chi_square_above(float(((sizes - expected) ** 2 / expected).sum()), len(sizes) - 1)


def _reversed(rows: Sequence[SegmentRow], difference: float | None) -> bool:
    gaps = [row.comparison.difference for row in rows if row.comparison.difference is not None]
    if not difference or len(gaps) < _LEAST:
        return False
    return all(gap * difference < 0 for gap in gaps)
