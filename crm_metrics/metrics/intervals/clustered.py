"""Values that hang together: the replies of one conversation, the answers of one person."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from crm_metrics.metrics.intervals.critical import ALPHA, Floats, Z
from crm_metrics.metrics.intervals.sums import ratio_variance

_LEAST = 5  # clusters under which a variance between them says nothing


def clustered_quantile(
    values: Floats, clusters: npt.NDArray[np.int64], p: float
) -> tuple[float, float, float]:
    """The p-quantile of all values, and an interval that takes whole clusters as its units.

    Woodruff (1952): the interval of the share of values up to the quantile, as a ratio of sums over
    clusters (Student's t with one degree less than clusters), is read off the ordered values.
    `clusters` are numbers from 0. NaN for an interval of under 5 clusters.
    """
    if not len(values):
        return np.nan, np.nan, np.nan
    value = float(np.quantile(values, p))
    sizes = np.bincount(clusters)
    sizes = sizes[sizes > 0]
    below = np.bincount(clusters, weights=values <= value)[np.bincount(clusters) > 0]
    m, n = len(sizes), len(values)
    if m < _LEAST:
        return value, np.nan, np.nan
    from scipy.special import stdtrit  # noqa: PLC0415 - half a second of the app's start

    rest = below - below.sum() / n * sizes
    error = np.sqrt(m / (m - 1) * np.sum(rest**2)) / n
    width = stdtrit(m - 1, 1 - ALPHA / 2) * error
    ordered = np.sort(values)
    low, high = np.floor((p - width) * n), np.ceil((p + width) * n)
    return (
        value,
        float(ordered[int(low) - 1]) if low >= 1 else np.nan,
        float(ordered[int(high)]) if high < n else np.nan,
    )


def effective_size(
    y: Floats, n: Floats, spread: Floats, *, yy: Floats, xx: Floats, xy: Floats, m: Floats
) -> Floats:
    """How many independent values n values of m clusters are worth for the mean y/n; at most n.

    Kish (1965), Survey Sampling, section 8.2: n over the design effect, which is the variance by
    clusters (the delta method, from their sums' squares and products) over `spread` / n, the one of
    independent values. Corrected for how few clusters tell that variance: Korn and Graubard (1998),
    Survey Methodology 24, 193-201. Where values do not differ, or under 2 clusters, nothing tells
    how alike those of a cluster are: they count as wholly alike.
    """
    from scipy.special import stdtrit  # noqa: PLC0415 - half a second of the app's start

    variance = ratio_variance(y=y, x=n, yy=yy, xx=xx, xy=xy, m=m)
    with np.errstate(divide="ignore", invalid="ignore"):
        effect = variance * n / spread
        alike = (spread <= 0) | np.isnan(variance)
        effect = np.maximum(np.where(alike, xx / n, effect), 1.0)
        few = (Z / stdtrit(np.where(m > 1, m - 1, 1.0), 1 - ALPHA / 2)) ** 2
        return np.where(m < n, np.minimum(n / effect * np.where(alike, 1.0, few), n), n)
