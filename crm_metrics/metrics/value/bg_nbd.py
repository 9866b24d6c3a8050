"""BG/NBD: how often customers will buy, when nobody says that they have left.

Fader, Hardie and Lee (2005), "Counting Your Customers the Easy Way", Marketing Science 24, 275-284.
A customer buys as a Poisson process of rate Gamma(r, alpha), and after each purchase leaves with a
chance Beta(a, b). Times are in weeks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np

from crm_metrics.metrics.intervals import Floats
from crm_metrics.metrics.value.fitting import Fit, fitted
from crm_metrics.metrics.value.purchases import Purchases

_STARTS = ((0.5, 5.0, 0.5, 2.0), (1.0, 10.0, 1.0, 5.0), (0.2, 2.0, 0.2, 1.0))


def fit_bg_nbd(bought: Purchases, *, near: tuple[float, ...] | None = None) -> Fit:
    """Estimates of (r, alpha, a, b), by one climb from where they are `near`, else by several."""
    # Customers alike in all three are one term of the sum.
    each = np.stack((bought.x, bought.recency, bought.known), axis=1)
    alike, times = np.unique(each, axis=0, return_counts=True)
    x, recency, known = alike.T
    starts = (near,) if near else _STARTS
    return fitted(lambda one: float(log_likelihood(one, x, recency, known) @ times), starts)


def log_likelihood(
    parameters: Sequence[float] | Floats, x: Floats, recency: Floats, known: Floats
) -> Floats:
    """The logarithm of each customer's likelihood: equation (6) of the paper."""
    from scipy.special import betaln, gammaln  # noqa: PLC0415 - half a second of the app's start

    r, alpha, a, b = parameters
    bought = x > 0
    common = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    stays = betaln(a, b + x) - betaln(a, b) - (r + x) * np.log(alpha + known)
    later = np.where(bought, x, 1.0)
    left = betaln(a + 1, b + later - 1) - betaln(a, b) - (r + x) * np.log(alpha + recency)
    whole = np.where(bought, np.logaddexp(stays, left), stays)
    return cast("Floats", common + whole)


def expected_of_new(parameters: Floats, weeks: Floats) -> Floats:
    """Repeat purchases of a customer in so many weeks after the first: equation (9).

    `parameters` are rows of (r, alpha, a, b), `weeks` times; a row of the result a row of these.
    """
    from scipy.special import hyp2f1  # noqa: PLC0415 - half a second of the app's start

    r, alpha, a, b = (column[:, None] for column in np.atleast_2d(parameters).T)
    alive = (alpha / (alpha + weeks)) ** r * hyp2f1(r, b, a + b - 1, weeks / (alpha + weeks))
    return cast("Floats", (a + b - 1) / (a - 1) * (1 - alive))


def expected_of_known(parameters: Sequence[float], bought: Purchases, weeks: float) -> Floats:
    """Purchases of each known customer in the next so many weeks: equation (10)."""
    from scipy.special import hyp2f1  # noqa: PLC0415 - half a second of the app's start

    r, alpha, a, b = parameters
    x, recency, known = bought.x, bought.recency, bought.known
    ahead = hyp2f1(r + x, b + x, a + b + x - 1, weeks / (alpha + known + weeks))
    ratio = ((alpha + known) / (alpha + known + weeks)) ** (r + x)
    top = (a + b + x - 1) / (a - 1) * (1 - ratio * ahead)
    later = np.where(x > 0, x, 1.0)
    gone = a / (b + later - 1) * ((alpha + known) / (alpha + recency)) ** (r + x)
    return cast("Floats", top / (1 + np.where(x > 0, gone, 0.0)))
