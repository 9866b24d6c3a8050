"""The net promoter score's interval, alone and as a difference."""

from __future__ import annotations

import numpy as np

from crm_metrics.metrics.intervals.critical import Floats


def nps_adjusted(promoters: Floats, detractors: Floats, n: Floats) -> tuple[Floats, Floats]:
    """The adjusted net promoter score (-100..100) and its standard error.

    Adjusted Wald: 3 is added to the answers, 3/4 to the promoters and 3/4 to the detractors; Lewis
    and Sauro (2021), measuringu.com, "Confidence intervals for Net Promoter Scores".
    """
    size = n + 3
    plus, minus = (promoters + 0.75) / size, (detractors + 0.75) / size
    net = plus - minus
    error = np.sqrt((plus + minus - net**2) / size)
    return 100 * net, 100 * error
