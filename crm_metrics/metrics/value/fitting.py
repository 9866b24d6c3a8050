"""A maximum of a likelihood over positive parameters, with the spread of its estimates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from crm_metrics.metrics.intervals import Floats

_BOUND = 9.0  # of a logarithm: beyond it a parameter says "infinite" or "none"
_STEP = 1e-3


@dataclass(frozen=True, slots=True)
class Fit:
    """Estimates, the log-likelihood there, and the covariance of their logarithms.

    `covariance` is None where the likelihood has no clear top within sensible bounds.
    """

    estimates: tuple[float, ...]
    log_likelihood: float
    covariance: Floats | None

    @property
    def errors(self) -> tuple[float, ...] | None:
        """Standard errors of the estimates, by the delta method from their logarithms'."""
        if self.covariance is None:
            return None
        roots = np.sqrt(np.diag(self.covariance)) * np.array(self.estimates)
        return tuple(float(root) for root in roots)

    def drawn(self, many: int, seed: int) -> Floats:
        """So many draws of the parameters, a row each, log-normal around the estimates."""
        assert self.covariance is not None
        random = np.random.default_rng(seed)
        centre = np.log(self.estimates)
        return np.exp(random.multivariate_normal(centre, self.covariance, size=many))


def fitted(
    log_likelihood: Callable[[Sequence[float] | Floats], float], starts: Sequence[Sequence[float]]
) -> Fit:
    """The best of several climbs from `starts`, over the logarithms of the parameters."""
    from scipy.optimize import minimize  # noqa: PLC0415 - half a second of the app's start

    def cost(logs: Floats) -> float:
        value = -log_likelihood(np.exp(logs))
        return value if np.isfinite(value) else 1e300

    climbs = [
        minimize(
            cost,
            np.log(start),
            method="L-BFGS-B",
            bounds=[(-_BOUND, _BOUND)] * len(start),
            options={"maxiter": 500, "ftol": 1e-12, "gtol": 1e-6},
        )
        for start in starts
    ]
    best = min(climbs, key=lambda one: float(one.fun))
    inside = bool(np.all(np.abs(best.x) < _BOUND - 1e-3))
    covariance = _covariance(cost, best.x) if inside else None
    return Fit(tuple(float(one) for one in np.exp(best.x)), -float(best.fun), covariance)


def _covariance(cost: Callable[[Floats], float], at: Floats) -> Floats | None:
    """The inverse of the observed information, by central differences; None if it is no top."""
    size = len(at)
    steps = np.eye(size) * _STEP
    hessian = np.empty((size, size))
    for i in range(size):
        for j in range(i + 1):
            corners = (
                cost(at + steps[i] + steps[j])
                - cost(at + steps[i] - steps[j])
                - cost(at - steps[i] + steps[j])
                + cost(at - steps[i] - steps[j])
            )
            hessian[i, j] = hessian[j, i] = corners / (4 * _STEP**2)
    try:
        np.linalg.cholesky(hessian)
    except np.linalg.LinAlgError:
        return None
    return np.asarray(np.linalg.inv(hessian), dtype=float)
