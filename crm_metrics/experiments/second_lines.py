"""Second looks at the decision metric: they stand beside the verdict and call nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from crm_metrics.experiments import cuped, means, ranks, waits
from crm_metrics.experiments.beside import Beside
from crm_metrics.experiments.comparing import compared
from crm_metrics.experiments.looks import Looks
from crm_metrics.experiments.model import Arm, Comparison, MetricShape


@dataclass(frozen=True, slots=True)
class SecondLine:
    """One second look: its kind, each arm's comparison where it has one, and numbers by name.

    Kinds: "best" (the leading arm against the next), "capped", "before" (what CUPED took out),
    "answered" (who answered at all), "ranks", "log_rank".
    """

    kind: str
    comparisons: tuple[Comparison, ...] = ()
    params: dict[str, object] = field(default_factory=dict)


def second_lines(
    shape: MetricShape, arms: Sequence[Arm], beside: Beside, place: int, *, alpha: float
) -> tuple[SecondLine, ...]:
    """Every second look that the rows allow; `place` is the arm that the verdict speaks of."""
    lines = []
    if beside.answered:
        found = compared(
            "proportion", beside.answered, alpha=alpha, looks=Looks(1), corrected=False
        )
        lines.append(SecondLine("answered", found))
    if shape == "mean" and (adjusted := cuped.adjusted(arms)):
        lines.append(_before(arms, adjusted, alpha))
    if beside.capped:
        found = compared("mean", beside.capped, alpha=alpha, looks=Looks(1), corrected=False)
        lines.append(SecondLine("capped", found, {"cap": beside.cap}))
    if beside.scores:
        result = ranks.mann_whitney(beside.scores[place], beside.scores[0], alpha=alpha)
        numbers = {name: getattr(result, name) for name in ("pvalue", "superiority", "low", "high")}
        lines.append(SecondLine("ranks", params={"arm": arms[place].name} | numbers))
    if beside.waits:
        own, base = beside.waits[place], beside.waits[0]
        gap = waits.median_gap(own, base, alpha=alpha)
        exact = {frozenset((one.first, one.second)): one.pvalue for one in beside.log_ranks}
        pair = frozenset((own.arm, base.arm))
        pvalue = exact[pair] if pair in exact else waits.log_rank(own, base)
        numbers = {"pvalue": pvalue, "median_gap": gap}
        lines.append(SecondLine("log_rank", params={"arm": arms[place].name} | numbers))
    return tuple(lines)


def best_of(
    shape: MetricShape, arms: Sequence[Arm], leading: str, winners: Sequence[str], *, alpha: float
) -> SecondLine | None:
    """The leading arm against the best of the other winners: "best" needs a comparison of its own.

    Held to alpha over the number of the other winners (Bonferroni), since the next is chosen by its
    result.
    """
    rivals = [name for name in winners if name != leading]
    if not rivals:
        return None
    named = {arm.name: arm for arm in arms}
    level = alpha / len(rivals)
    found = [
        compared(shape, (named[name], named[leading]), alpha=level, looks=Looks(1))[0]
        for name in rivals
    ]
    nearest = max(found, key=lambda item: 1.0 if item.pvalue is None else item.pvalue)
    sure = nearest.pvalue is not None and nearest.pvalue < level
    return SecondLine("best", (nearest,), {"rival": nearest.control, "sure": sure})


def _before(arms: Sequence[Arm], adjusted: Sequence[Arm], alpha: float) -> SecondLine:
    """The comparisons without CUPED, and the share of the variance that it took out."""
    plain = compared("mean", arms, alpha=alpha, looks=Looks(1), corrected=False)
    variances = [
        sum(own[1] for arm in part if (own := means.mean_and_variance(arm)))
        for part in (arms, adjusted)
    ]
    removed = 1 - variances[1] / variances[0] if variances[0] else None
    return SecondLine("before", plain, {"removed": removed, "theta": cuped.slope(arms)})
