"""A ratio over parts whose units differ: mailings here, people there."""

from __future__ import annotations

import math
from collections.abc import Sequence

_LEAST = 2  # units that a part needs, for there to be a spread
_SQUARES = (("yy", "y", "y"), ("xx", "x", "x"), ("xy", "x", "y"))


def stratified(parts: Sequence[dict[str, float]]) -> dict[str, float]:
    """Sums of a ratio over parts, so that `intervals.ratio_variance` of them is the stratified one.

    Units of one part are no sample of another's, and ten thousand people say nothing of how far
    three mailings lie apart. So each part's squares are about its own means (the combined ratio of
    Cochran 1977, Sampling Techniques, section 6.11), and `m` is how many units have the degrees of
    freedom of the whole (Satterthwaite 1946, Biometrics Bulletin 2, 110-114); 1, which gives no
    interval, where a part is a single unit. `y` and `x` are plain sums.
    """
    y, x = (sum(one[name] for one in parts) for name in ("y", "x"))
    plain = {name: sum(one[name] for one in parts) for name in ("yy", "xx", "xy")}
    if not x or any(one["m"] < _LEAST for one in parts):
        return {"y": y, "x": x, **plain, "m": 1.0}
    spreads = [_spread(one) for one in parts]
    ratio = y / x
    variances = [max(s["yy"] - 2 * ratio * s["xy"] + ratio**2 * s["xx"], 0.0) for s in spreads]
    squares = sum(v**2 / (one["m"] - 1) for v, one in zip(variances, parts, strict=True))
    whole = sum(variances)
    m = 1 + (whole**2 / squares if squares else sum(one["m"] - 1 for one in parts))
    # The variance of m units is their squares times m / (m - 1), which each part has by itself.
    added = {name: math.fsum(one[name] for one in spreads) * (m - 1) / m for name in plain}
    return {"y": y, "x": x, **added, "m": m}


def _spread(one: dict[str, float]) -> dict[str, float]:
    """Squares and products about the means, times m / (m - 1)."""
    m = one["m"]
    return {name: (one[name] - one[a] * one[b] / m) * m / (m - 1) for name, a, b in _SQUARES}
