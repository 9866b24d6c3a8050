"""Ranks, times to an answer, capped amounts and the best of several, against scipy."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from scipy import stats

from crm_metrics.experiments import Arm, Setup, analyse, ranks, waits
from crm_metrics.experiments.beside import Beside, Waits


def scored(values):
    return tuple(sorted(Counter(float(value) for value in values).items()))


def waits_of(arm, hours, ended):
    different = np.unique(hours)
    counts = [
        np.array([((hours == hour) & (ended == how)).sum() for hour in different])
        for how in (True, False)
    ]
    return Waits(arm, different, *counts)


def waits_at(arm, seconds, ended):
    different, at = np.unique(seconds, return_inverse=True)
    counts = (np.bincount(at, part, len(different)).astype(int) for part in (ended, 1 - ended))
    return Waits(arm, different / 3600, *counts)


def test_ranks_equal_scipy():
    random = np.random.default_rng(4)
    for size, high in [(40, 6), (300, 11), (25, 3)]:
        own, base = (
            random.integers(1, high, size) + 0.0,
            random.integers(0, high - 1, 2 * size) + 0.0,
        )
        found = ranks.mann_whitney(scored(own), scored(base), alpha=0.05)
        expected = stats.mannwhitneyu(own, base, use_continuity=False, method="asymptotic")
        assert found.pvalue == pytest.approx(expected.pvalue, rel=1e-9)
        assert found.superiority == pytest.approx(expected.statistic / (size * 2 * size))
        # Brunner and Munzel's statistic is the distance from one half in its own errors.
        munzel = stats.brunnermunzel(own, base, distribution="normal")
        error = (found.high - found.low) / 2 / stats.norm.isf(0.025)
        if found.low > 0 and found.high < 1:
            assert abs(found.superiority - 0.5) / error == pytest.approx(
                abs(munzel.statistic), rel=1e-9
            )
    same = ranks.mann_whitney(((5.0, 30),), ((5.0, 20),), alpha=0.05)
    assert (same.pvalue, same.superiority) == (None, 0.5)


def test_times_equal_scipy():
    random = np.random.default_rng(8)
    made = []
    for name, scale in (("A", 30), ("B", 22)):
        hours = np.ceil(random.exponential(scale, 400) * 10) / 10
        ended = hours < random.choice([20.0, 48.0], 400)
        hours = np.where(ended, hours, np.minimum(hours, 48.0))
        made.append((name, hours, ended))
    first, second = (waits_of(*part) for part in made)
    censored = [stats.CensoredData.right_censored(h, ~e) for _, h, e in made]
    expected = stats.logrank(*censored)
    assert waits.log_rank(first, second) == pytest.approx(expected.pvalue, rel=1e-9)
    curve = dict(waits.answered_by(first))
    ecdf = stats.ecdf(censored[0]).cdf
    for hour, share in zip(ecdf.quantiles, ecdf.probabilities, strict=True):
        if hour in curve:
            assert curve[hour] == pytest.approx(share, abs=1e-12)
    ranges = dict(zip(curve, waits.likely(first, alpha=0.05), strict=True))
    expected = stats.ecdf(censored[0]).sf.confidence_interval(method="log-log")
    ends = zip(ecdf.quantiles, expected.low.probabilities, expected.high.probabilities, strict=True)
    known = [(hour, 1 - high, 1 - low) for hour, low, high in ends if hour in ranges]
    assert len(known) > 100
    for hour, low, high in known:
        assert (ranges[hour] is None) == bool(np.isnan(low))
        assert ranges[hour] is None or ranges[hour] == pytest.approx((low, high), abs=1e-9)
    _, hours, ended = made[0]
    arm = waits.within(first, 20.0)
    assert (arm.n, arm.successes) == (
        ((ended & (hours <= 20)) | (hours >= 20)).sum(),
        (ended & (hours <= 20)).sum(),
    )


def test_many_different_times_are_rounded_up_by_a_hundredth_at_most():
    random = np.random.default_rng(11)
    size = 100_000
    places = random.integers(0, 2, size)
    seconds = np.round(random.exponential(np.where(places, 40_000, 40_400)))
    ended = (random.random(size) < 0.5).astype(np.int64)
    own = [places == place for place in (0, 1)]
    exact = [
        waits_at(name, seconds[mine], ended[mine]) for name, mine in zip("AB", own, strict=True)
    ]
    found = waits.gathered("AB", places, seconds, ended, 1 - ended)
    assert sum(len(one.hours) for one in exact) > 70_000
    for one, all_of_it in zip(found, exact, strict=True):
        assert len(one.hours) < 1100
        assert (one.ended.sum(), one.running.sum()) == (
            all_of_it.ended.sum(),
            all_of_it.running.sum(),
        )
        places_of = np.searchsorted(one.hours, all_of_it.hours - 1e-12)
        up = one.hours[places_of] / np.maximum(all_of_it.hours, 1e-9)
        assert (up[all_of_it.hours > 100 / 3600] <= 1.02).all()
        whole, rounded = (dict(waits.answered_by(part)) for part in (all_of_it, one))
        shared = [hour for hour in rounded if hour in whole]
        assert len(shared) > 200
        assert max(abs(whole[hour] - rounded[hour]) for hour in shared) < 0.003
    p, near = waits.log_rank(*exact), waits.log_rank(*found)
    assert near == pytest.approx(p, rel=0.05)
    censored = [stats.CensoredData.right_censored(seconds[mine], ended[mine] == 0) for mine in own]
    whole = waits.log_ranks("AB", places, seconds, ended, 1 - ended)
    assert [(one.first, one.second) for one in whole] == [("A", "B")]
    assert whole[0].pvalue == pytest.approx(stats.logrank(*censored).pvalue, rel=1e-9)
    for order in ([0, 1], [1, 0]):
        arms = (Arm("A", 50_000, 25_000), Arm("B", 50_000, 25_000))
        beside = Beside(waits=found, log_ranks=whole).turned(order)
        setup = Setup("AB"[order[0]], "Replied", "proportion")
        line = analyse(setup, tuple(arms[i] for i in order), beside=beside).lines[-1]
        assert (line.kind, line.params["pvalue"]) == ("log_rank", whole[0].pvalue)
    assert waits.log_ranks("AB", places[:500], seconds[:500], ended[:500], 1 - ended[:500]) == ()
    few = waits.gathered("AB", places[:500], seconds[:500], ended[:500], 1 - ended[:500])
    assert sum(one.ended.sum() + one.running.sum() for one in few) == 500
    assert set(np.round(few[0].hours * 3600)) == set(seconds[:500][places[:500] == 0])


def test_the_gap_of_medians_equals_a_bootstrap_by_rows():
    random = np.random.default_rng(9)
    own, base = np.round(random.exponential(20, 301), 1), np.round(random.exponential(30, 401), 1)
    made = [waits_of("x", part, np.ones(len(part), bool)) for part in (own, base)]
    middle, low, high = waits.median_gap(*made, alpha=0.05)
    assert middle == pytest.approx(np.median(own) - np.median(base))
    slow = stats.bootstrap(
        (own, base),
        lambda a, b, axis: np.median(a, axis) - np.median(b, axis),
        method="percentile",
        n_resamples=4000,
        random_state=1,
    ).confidence_interval
    assert (low, high) == pytest.approx((slow.low, slow.high), abs=0.15 * (slow.high - slow.low))


def test_lines_stand_beside_the_verdict():
    arms = [Arm(n, 1000, 300, total=t, squares=4 * t) for n, t in (("A", 900.0), ("B", 960.0))]
    capped = tuple(Arm(arm.name, 1000, total=arm.total - 50, squares=3 * arm.total) for arm in arms)
    few = (Arm("A", 2000, 1000), Arm("B", 2000, 900))
    scores = (((1.0, 500), (3.0, 500)), ((1.0, 400), (3.0, 600)))
    beside = Beside(capped=capped, cap=7.5, answered=few, scores=scores)
    finding = analyse(Setup("A", "Score", "mean"), arms, beside=beside)
    assert [line.kind for line in finding.lines] == ["answered", "capped", "ranks"]
    expected = stats.chi2_contingency([[1000, 900], [1000, 1100]], correction=False).pvalue
    assert finding.lines[0].comparisons[0].pvalue == pytest.approx(expected)
    assert finding.lines[1].params == {"cap": 7.5}
    unread = analyse(Setup("A", "Score", "mean", unread=1900), arms, beside=beside)
    assert unread.gates[0].detail == "unanswered"
    assert finding.lines[1].comparisons[0].difference == pytest.approx(0.06)
    turned = analyse(Setup("B", "Score", "mean"), arms, beside=beside)
    assert turned.lines[2].params["superiority"] == pytest.approx(
        1 - finding.lines[2].params["superiority"]
    )


def test_the_best_of_several_needs_its_own_comparison():
    def best(x):
        arms = [Arm("A", 1000, 80), Arm("B", 1000, 130), Arm("C", 1000, x)]
        line = analyse(Setup("A", "m", "proportion"), arms).lines[0]
        return line.kind, line.comparisons[0].arm, line.params["rival"], line.params["sure"]

    assert best(132) == ("best", "C", "B", False)
    assert best(180) == ("best", "C", "B", True)
