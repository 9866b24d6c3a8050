"""Gamma-Gamma: what a customer's average purchase is worth.

Fader and Hardie (2013), "The Gamma-Gamma Model of Monetary Value", brucehardie.com/notes/025;
Fader, Hardie and Lee (2005), "RFM and CLV", Journal of Marketing Research 42, 415-430. A purchase
of a customer is Gamma(p, nu) and nu is Gamma(q, v) over customers; how much does not depend on how
often.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np

from crm_metrics.metrics.intervals import Floats
from crm_metrics.metrics.value.fitting import Fit, fitted


def fit_gamma_gamma(x: Floats, value: Floats) -> Fit:
    """Estimates of (p, q, v) from customers' repeat purchases `x` > 0 of mean `value` > 0.

    Amounts are measured in their own mean while climbing: v is as large as they are.
    """
    scale = float(value.mean())
    own = value / scale
    starts = ((5.0, 4.0, 1.0), (1.0, 3.0, 2.0), (3.0, 10.0, 3.0))
    found = fitted(lambda one: float(log_likelihood(one, x, own).sum()), starts)
    p, q, v = found.estimates
    # The density of amounts is over their own unit again: each customer's is divided by the scale.
    likelihood = found.log_likelihood - len(x) * float(np.log(scale))
    return Fit((p, q, v * scale), likelihood, found.covariance)


def log_likelihood(parameters: Sequence[float] | Floats, x: Floats, value: Floats) -> Floats:
    """The logarithm of each customer's likelihood: equation (1a) of the note."""
    from scipy.special import betaln  # noqa: PLC0415 - half a second of the app's start

    p, q, v = parameters
    shape = p * x
    return cast(
        "Floats",
        -betaln(shape, q)
        + q * np.log(v)
        + (shape - 1) * np.log(value)
        + shape * np.log(x)
        - (shape + q) * np.log(x * value + v),
    )


def mean_value(parameters: Floats) -> Floats:
    """The mean of a purchase over all customers, of each row (p, q, v); NaN where q <= 1."""
    p, q, v = np.atleast_2d(parameters).T
    return np.where(q > 1, p * v / np.where(q > 1, q - 1, 1.0), np.nan)
