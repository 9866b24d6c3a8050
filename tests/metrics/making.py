"""Generators of made-up columns with gaps in them, and what slow computations are made of."""

from __future__ import annotations

import numpy as np
import pandas as pd

N = 400


def frame(seed: int, **columns: object) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    days = pd.Timestamp("2026-05-01") + pd.to_timedelta(random.integers(0, 90, N), unit="D")
    made = pd.DataFrame({"date": days, "channel": random.choice(["email", "sms", "chat"], N)})
    for name, values in columns.items():
        made[name] = values(random) if callable(values) else values
    return made


def gaps(values, share=0.1):
    def make(random):
        column = pd.Series(values(random)).astype("float64")
        return column.mask(random.random(N) < share)

    return make


def yes(share, missing=0.1):
    def make(random):
        column = pd.Series(random.random(N) < share).astype("boolean")
        return column.mask(random.random(N) < missing)

    return make


def counts(low, high):
    return lambda random: random.integers(low, high, N)


def times(start="2026-05-01", spread=90 * 86400):
    def make(random):
        return pd.Timestamp(start) + pd.to_timedelta(random.integers(0, spread, N), unit="s")

    return make


Slow = tuple[float, float]


def over(numerator: pd.Series, denominator: pd.Series) -> Slow:
    """The ratio of sums over rows that have both, and the denominator."""
    both = numerator.notna() & denominator.notna()
    base = denominator[both].astype(float).sum()
    return numerator[both].astype(float).sum() / base, base


def by_rows(numerator: pd.Series, denominator: pd.Series) -> Slow:
    """The ratio of sums, and how many rows have both, and one of them above or below nought."""
    value, _ = over(numerator, denominator)
    y, x = (part.astype("Float64") for part in (numerator, denominator))
    both, some = y.notna() & x.notna(), (y.fillna(0) != 0) | (x.fillna(0) != 0)
    return value, float((both & some).sum())


def total(column: pd.Series) -> Slow:
    return column.sum(), float(column.count())


def ones(data: pd.DataFrame) -> pd.Series:
    return pd.Series(1.0, index=data.index)


def quantile(column: pd.Series, share: float) -> Slow:
    known = column.dropna()
    return known.quantile(share), float(len(known))


def rows(data: pd.DataFrame) -> Slow:
    return float(len(data)), float(len(data))


def each(numerator: pd.Series, denominator: pd.Series) -> Slow:
    """The median of ratios, and how many there are."""
    return quantile((numerator / denominator)[denominator > 0], 0.5)
