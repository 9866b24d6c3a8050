"""CUPED: what recipients did before the test takes out of a mean what the test did not do.

Source: Deng, Xu, Kohavi and Walker, WSDM 2013, section 3. One theta for all arms, pooled, so that
it can't favour one of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from crm_metrics.experiments.model import Arm


def adjusted(arms: Sequence[Arm]) -> tuple[Arm, ...] | None:
    """The arms' sums of y - theta * (x - mean of x), x being an arm's `base`.

    None where the arms hold no x, or x does not vary. The adjusted arms have no `base`.
    """
    theta = slope(arms)
    if theta is None:
        return None
    people = sum(arm.n for arm in arms)
    centre = sum(arm.base or 0.0 for arm in arms) / people
    return tuple(_adjusted(arm, theta, centre) for arm in arms)


def slope(arms: Sequence[Arm]) -> float | None:
    """Theta: the covariance of x and y over the variance of x, all arms together."""
    if any(arm.base is None or arm.base_squares is None or arm.products is None for arm in arms):
        return None
    people = sum(arm.n for arm in arms)
    if people < 2:
        return None
    x, y = sum(arm.base or 0.0 for arm in arms), sum(arm.total or 0.0 for arm in arms)
    squares = sum(arm.base_squares or 0.0 for arm in arms)
    spread = squares - x * x / people
    if spread <= 1e-12 * squares:
        return None
    return (sum(arm.products or 0.0 for arm in arms) - x * y / people) / spread


def _adjusted(arm: Arm, theta: float, centre: float) -> Arm:
    x, xx = arm.base or 0.0, arm.base_squares or 0.0
    y, yy, xy = arm.total or 0.0, arm.squares or 0.0, arm.products or 0.0
    total = y - theta * (x - arm.n * centre)
    squares = yy - 2 * theta * (xy - centre * y)
    squares += theta**2 * (xx - 2 * centre * x + arm.n * centre**2)
    return replace(
        arm,
        total=total,
        squares=squares,
        base=None,
        base_squares=None,
        products=None,
        adjusted=True,
    )
