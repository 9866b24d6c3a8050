"""A second view of a test of shares: chances to be best, and what a wrong choice would cost.

No verdict comes from here. Every number is an integral by quadrature, so that the same counts give
the same numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from crm_metrics.experiments.model import ArmResult, Direction, Finding

CLEAR = 0.975
"""Chance that goes with a two-sided level of 0.05; at 0.95 one test in ten has a false winner."""
_NODES = 24
_STEPS = (0.5, 1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9, 11, 14, 18, 24, 32, 45)
"""Breaks of the integral, in standard deviations from each mean: far ones for skewed beliefs."""

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Belief:
    """What the counts say of one arm under a flat prior, Beta(1, 1).

    `best` is the chance that its rate is the best of all, `beats_control` that it is better than
    the control's (None for the control). `loss` is how much of the rate is lost on average by
    choosing it, as a fraction; `loss_events` and `loss_money` are that for the rest of the list.
    """

    arm: str
    best: float
    beats_control: float | None
    loss: float
    loss_events: float | None = None
    loss_money: float | None = None

    @property
    def clear(self) -> bool:
        """Whether the chance is high or low enough to be coloured."""
        return self.best >= CLEAR or self.best <= 1 - CLEAR


def beliefs(finding: Finding) -> tuple[Belief, ...]:
    """Every arm's belief, in the finding's order; () where it has no shares or a gate forbids.

    Sources: Evan Miller, Formulas for Bayesian A/B Testing (2015), for two and three arms in closed
    form; Chris Stucchio, Bayesian A/B Testing at VWO (2015), for the expected loss.
    """
    setup = finding.setup
    if setup.shape != "proportion" or finding.code in ("DO_NOT_USE", "CANNOT_SAY"):
        return ()
    counts = [_counts(arm, setup.direction) for arm in finding.arms]
    best, losses = chances(counts)
    beside = [chances([counts[0], own])[0][1] for own in counts[1:]]
    found = []
    for arm, chance, loss, beats in zip(finding.arms, best, losses, (None, *beside), strict=True):
        events = None if setup.rest is None else loss * setup.rest
        money = None if events is None or setup.value_each is None else events * setup.value_each
        found.append(Belief(arm.name, chance, beats, loss, events, money))
    return tuple(found)


def chances(counts: Sequence[tuple[int, int]]) -> tuple[list[float], list[float]]:
    """Chances to be the highest, and expected losses, of arms with (successes, recipients).

    The loss of an arm is E[max(0, the best of the others - its own)], a fraction.
    """
    shapes = [_Beta(1.0 + x, 1.0 + n - x) for x, n in counts]
    nodes, weights = _grid(shapes)
    below = np.array([_below(shape, nodes) for shape in shapes])
    best, losses = [], []
    for place, shape in enumerate(shapes):
        others = np.delete(below, place, axis=0).prod(axis=0)
        density = _density(shape, nodes) * weights
        best.append(float((density * others).sum() / density.sum()))
        losses.append(float((weights * below[place] * (1 - others)).sum()))
    return best, losses


class _Beta(NamedTuple):
    a: float
    b: float

    @property
    def mean(self) -> float:
        return self.a / (self.a + self.b)

    @property
    def deviation(self) -> float:
        total = self.a + self.b
        return float(np.sqrt(self.a * self.b / (total + 1)) / total)


def _counts(arm: ArmResult, direction: Direction) -> tuple[int, int]:
    """Successes and recipients; where lower is better, those without the event count."""
    successes = arm.successes or 0
    return (successes if direction == "up" else arm.n - successes), arm.n


def _grid(shapes: Sequence[_Beta]) -> tuple[Numbers, Numbers]:
    """Nodes and weights on [0, 1]: Gauss and Legendre's between breaks that fit every belief."""
    breaks = {0.0, 1.0}
    for shape in shapes:
        breaks.add(shape.mean)
        for step in _STEPS:
            breaks |= {shape.mean - step * shape.deviation, shape.mean + step * shape.deviation}
    ends = np.array(sorted(value for value in breaks if 0 <= value <= 1))
    points, weights = np.polynomial.legendre.leggauss(_NODES)
    half = np.diff(ends)[:, None] / 2
    return (ends[:-1, None] + half * (points + 1)).ravel(), (half * weights).ravel()


def _density(shape: _Beta, nodes: Numbers) -> Numbers:
    """The density up to a factor, 1 at its mode: no great logarithms are taken off each other."""
    up, down = shape.a - 1, shape.b - 1
    mode = up / (up + down) if up + down else 0.5
    log = np.zeros_like(nodes)
    if up:
        log += up * np.log1p((nodes - mode) / mode)
    if down:
        log += down * np.log1p((mode - nodes) / (1 - mode))
    return np.asarray(np.exp(log))


def _below(shape: _Beta, nodes: Numbers) -> Numbers:
    from scipy.special import betainc  # noqa: PLC0415 - half a second of start

    return np.asarray(betainc(shape.a, shape.b, nodes))
