"""Two-sided confidence intervals from components, vectorised over groups.

Arguments and results are float arrays of one shape; where an interval is not defined, it is NaN.
The level is 95 % unless alpha or a critical value says otherwise.
"""

from __future__ import annotations

from crm_metrics.metrics.intervals.clustered import clustered_quantile, effective_size
from crm_metrics.metrics.intervals.combined import Estimate, square_and_add, weighted_sum
from crm_metrics.metrics.intervals.critical import (
    ALPHA,
    Floats,
    Interval,
    Z,
    normal_critical,
    normal_two_sided,
    student,
    student_two_sided,
)
from crm_metrics.metrics.intervals.exact import fisher_midp
from crm_metrics.metrics.intervals.nps import nps_adjusted
from crm_metrics.metrics.intervals.proportions import n_to_show_below, wilson
from crm_metrics.metrics.intervals.quantiles import quantile_ranks
from crm_metrics.metrics.intervals.rank_correlation import spearman, spearman_interval
from crm_metrics.metrics.intervals.score import (
    score_difference,
    score_ratio,
    score_z,
    smallest_expected,
)
from crm_metrics.metrics.intervals.shares import shares_of_count, shares_of_sum, shares_of_units
from crm_metrics.metrics.intervals.sums import (
    fieller,
    heavy_tail,
    mean_variance,
    ratio_variance,
    welch_freedom,
)
from crm_metrics.metrics.intervals.survival import survival_quantile

__all__ = [
    "ALPHA",
    "Estimate",
    "Floats",
    "Interval",
    "Z",
    "clustered_quantile",
    "effective_size",
    "fieller",
    "fisher_midp",
    "heavy_tail",
    "mean_variance",
    "n_to_show_below",
    "normal_critical",
    "normal_two_sided",
    "nps_adjusted",
    "quantile_ranks",
    "ratio_variance",
    "score_difference",
    "score_ratio",
    "score_z",
    "shares_of_count",
    "shares_of_sum",
    "shares_of_units",
    "smallest_expected",
    "spearman",
    "spearman_interval",
    "square_and_add",
    "student",
    "student_two_sided",
    "survival_quantile",
    "weighted_sum",
    "welch_freedom",
    "wilson",
]
