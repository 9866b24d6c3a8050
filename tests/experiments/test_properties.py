"""What must hold for any numbers: signs, agreement of interval and test, money, more data."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from crm_metrics.experiments import Arm, Setup, analyse
from crm_metrics.metrics.comparing.several import holm
from crm_metrics.metrics.intervals import score_difference, score_ratio, score_z

SHARE = Setup("A", "m", "proportion")
MONEY = Setup("A", "m", "mean")


def drawn(seed: int, count: int, arms: int, least: float = 1.3):
    """Successes and sizes of random tables: rates of 0.2 to 97 %, sizes of 20 to 100,000."""
    random = np.random.default_rng(seed)
    rate = 10 ** random.uniform(-2.7, -0.01, (count, 1))
    n = (10 ** random.uniform(least, 5, (count, arms))).astype(int)
    lift = np.where(random.random((count, arms)) < 0.4, 1, random.uniform(0.5, 1.8, (count, arms)))
    return random.binomial(n, np.minimum(rate * lift, 0.99)).astype(float), n.astype(float)


def test_interval_and_test_agree_in_ten_thousand_tables_at_every_step_of_holm():
    x, n = drawn(41, 10_000, 4)
    control = np.repeat(x[:, :1], 3, axis=1), np.repeat(n[:, :1], 3, axis=1)
    z = score_z(x[:, 1:], n[:, 1:], *control)
    raw = 2 * stats.norm.sf(np.abs(z))
    adjusted, levels = np.ones(z.shape), np.full(z.shape, 0.05)
    for row, values in enumerate(raw):
        known = [None if np.isnan(p) else float(p) for p in values]
        for place, (p, level) in enumerate(holm(known, 0.05)):
            adjusted[row, place] = 1.0 if p is None else p
            levels[row, place] = level
    clear = np.abs(adjusted - 0.05) > 1e-9
    low, high = score_difference(x[:, 1:], n[:, 1:], *control, levels)
    assert (((low > 0) | (high < 0)) == (adjusted < 0.05))[clear].all()
    low, high = score_ratio(x[:, 1:], n[:, 1:], *control, levels)
    defined = clear & (control[0] > 0)
    assert (((low > 1) | (high < 1)) == (adjusted < 0.05))[defined].all()
    assert {0.05, 0.025} < set(np.round(levels.ravel(), 10))
    assert 0.1 < (adjusted < 0.05).mean() < 0.9


def test_swapping_the_arms_turns_every_sign():
    x, n = drawn(42, 80, 2, least=2.4)
    for (x0, x1), (n0, n1) in zip(x.astype(int).tolist(), n.astype(int).tolist(), strict=True):
        arms = [Arm("A", n0, x0), Arm("B", n1, x1)]
        one, other = (analyse(Setup(name, "m", "proportion"), arms).comparisons[0] for name in "AB")
        if one.pvalue is None or other.pvalue is None:
            assert one.pvalue is other.pvalue
            continue
        assert one.pvalue == pytest.approx(other.pvalue, rel=1e-12)
        turned = (-other.difference, -other.difference_high, -other.difference_low)
        found = (one.difference, one.difference_low, one.difference_high)
        assert found == pytest.approx(turned, abs=1e-9)
        if one.lift and other.lift and one.lift_low > -1 and other.lift_high is not None:
            assert 1 + one.lift == pytest.approx(1 / (1 + other.lift))
            assert 1 + one.lift_low == pytest.approx(1 / (1 + other.lift_high), rel=1e-6)


def money(seed: int, scale: float = 1.0, copies: int = 1):
    random = np.random.default_rng(seed)
    arms = []
    for name in "AB":
        n = int(random.integers(50, 5000))
        y = scale * np.where(random.random(n) < 0.3, random.exponential(30, n), 0.0)
        arms.append(Arm(name, copies * n, total=copies * y.sum(), squares=copies * (y * y).sum()))
    return analyse(MONEY, arms).comparisons[0]


@pytest.mark.parametrize("seed", range(8))
def test_money_in_other_units_changes_no_verdict_and_more_of_the_same_narrows(seed):
    one, cents, twice = money(seed), money(seed, scale=100.0), money(seed, copies=2)
    assert cents.pvalue == pytest.approx(one.pvalue, rel=1e-9)
    assert cents.difference_low == pytest.approx(100 * one.difference_low, rel=1e-9)
    assert (cents.lift_low, cents.lift_high) == pytest.approx((one.lift_low, one.lift_high))
    assert twice.difference == pytest.approx(one.difference)
    assert twice.difference_high - twice.difference_low < one.difference_high - one.difference_low
    assert twice.lift_high - twice.lift_low < one.lift_high - one.lift_low


def test_a_copy_of_counts_narrows_what_is_said():
    x, n = drawn(43, 30, 2, least=2.4)
    for (x0, x1), (n0, n1) in zip(x.astype(int).tolist(), n.astype(int).tolist(), strict=True):
        widths = []
        for copies in (1, 2):
            arms = [Arm("A", copies * n0, copies * x0), Arm("B", copies * n1, copies * x1)]
            item = analyse(SHARE, arms).comparisons[0]
            widths.append(item.difference_high - item.difference_low)
        assert widths[1] < widths[0]
