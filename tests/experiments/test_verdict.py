"""The verdict: codes, levels over several arms and looks, and what is undefined."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.oneway import anova_oneway

from crm_metrics.errors import CrmMetricsError
from crm_metrics.experiments import Arm, Setup, analyse
from crm_metrics.experiments.looks import looks_named
from crm_metrics.metrics.comparing.several import holm


def verdict(x0, n0, x, n, **setup):
    asked = Setup("A", "clicked", "proportion", **({"split": (n0, n)} | setup))
    return analyse(asked, (Arm("A", n0, x0), Arm("B", n, x)))


@pytest.mark.parametrize(
    ("table", "code", "step"),
    [
        ((80, 1000, 130, 1000), "WINNER", "roll_out"),
        ((80, 1000, 50, 1000), "WORSE", "keep_control"),
        ((80, 1000, 100, 1000), "PROMISING", "collect"),
        ((100, 1000, 80, 1000), "NO_CLEAR", "collect"),
        ((2000, 100_000, 2010, 100_000), "NO_CLEAR", "decide_otherwise"),
        ((3, 60, 4, 60), "TOO_SMALL", "collect"),
        ((0, 60, 0, 60), "TOO_SMALL", "collect_least"),
        ((0, 500, 120, 500), "DO_NOT_USE", "check_plausibility"),
        ((900, 800, 120, 500), "DO_NOT_USE", "check_plausibility"),
        ((1000, 1000, 1000, 1000), "CANNOT_SAY", "upload_no_variation"),
    ],
)
def test_codes_and_steps(table, code, step):
    finding = verdict(*table)
    assert (finding.code, finding.next_step) == (code, step)


def test_a_mismatch_replaces_the_verdict_but_keeps_the_numbers():
    finding = verdict(400, 4790, 700, 5210, split=(50, 50))
    assert finding.code == "DO_NOT_USE"
    assert finding.params["gate"] == "sample_ratio"
    assert finding.comparisons[0].pvalue < 0.001


def test_undefined_numbers_are_none():
    finding = verdict(1000, 1000, 1000, 1000)
    assert finding.params["reason"] == "no_variation"
    assert finding.comparisons[0].pvalue is None
    assert finding.comparisons[0].pvalue_adjusted is None
    assert verdict(0, 1000, 30, 1000).comparisons[0].lift is None


def test_fewer_unsubscribes_win_where_down_is_better():
    assert verdict(130, 1000, 80, 1000, direction="down").code == "WINNER"
    assert verdict(80, 1000, 130, 1000, direction="down").code == "WORSE"


def test_size_still_needed_is_for_the_planned_change_not_the_seen_one():
    small = verdict(5, 100, 6, 100)
    assert small.params["needed_per_arm"] == verdict(5, 100, 19, 100).params["needed_per_arm"]
    assert verdict(80, 1000, 100, 1000, planned_n=1000).code == "NO_CLEAR"
    assert verdict(80, 1000, 100, 1000, planned_n=3000).params["more_per_arm"] == 2000


def test_opens_that_win_ask_for_clicks():
    setup = Setup("A", "open_rate", "proportion", split=(1, 1))
    finding = analyse(setup, [Arm("A", 1000, 80), Arm("B", 1000, 130)])
    assert (finding.code, finding.next_step) == ("WINNER", "roll_out_after_clicks")


def test_the_control_comes_first_with_its_part_of_the_split():
    setup = Setup("B", "clicked", "proportion", split=(25, 75))
    finding = analyse(setup, [Arm("A", 250, 30), Arm("B", 750, 90)])
    assert [arm.name for arm in finding.arms] == ["B", "A"]
    assert finding.setup.split == (75, 25)
    assert finding.gates[2].status == "pass"


def test_the_same_numbers_give_the_same_finding():
    assert repr(verdict(4, 130, 12, 120)) == repr(verdict(4, 130, 12, 120))


def test_three_arms_equal_chi_square_and_holm():
    arms = [Arm("A", 1000, 80), Arm("B", 1000, 108), Arm("C", 1000, 112)]
    finding = analyse(Setup("A", "clicked", "proportion", split=(1, 1, 1)), arms)
    table = [[80, 108, 112], [920, 892, 888]]
    expected = stats.chi2_contingency(table, correction=False)
    assert finding.overall["pvalue"] == pytest.approx(expected.pvalue)
    raw = [item.pvalue for item in finding.comparisons]
    adjusted = [item.pvalue_adjusted for item in finding.comparisons]
    assert adjusted == pytest.approx(multipletests(raw, method="holm")[1])
    assert raw[1] < raw[0] < 0.05
    for item in finding.comparisons:
        excluded = item.difference_low > 0 or item.difference_high < 0
        assert excluded == (item.pvalue_adjusted < 0.05)
    assert finding.params["arm"] == "C"


def test_welch_anova_equals_statsmodels():
    random = np.random.default_rng(11)
    samples = [random.exponential(mean, 300 + 50 * i) for i, mean in enumerate((50, 55, 70))]
    arms = [
        Arm("ABC"[i], len(y), len(y), total=y.sum(), squares=(y * y).sum())
        for i, y in enumerate(samples)
    ]
    overall = analyse(Setup("A", "revenue", "mean"), arms).overall
    expected = anova_oneway(samples, use_var="unequal")
    assert overall["statistic"] == pytest.approx(expected.statistic)
    assert overall["pvalue"] == pytest.approx(expected.pvalue)


@given(st.lists(st.floats(0, 1) | st.none(), min_size=1, max_size=8))
@settings(max_examples=100, deadline=None)
def test_holm_adjusts_by_its_definition_and_levels_fit_the_decision(pvalues):
    result = holm(pvalues, 0.05)
    known = [1.0 if p is None else p for p in pvalues]
    expected = [
        max(min(1.0, sum(other >= q for other in known) * q) for q in known if q <= p)
        for p in known
    ]
    for (adjusted, level), pvalue, other in zip(result, pvalues, expected, strict=True):
        assert (adjusted is None) == (pvalue is None)
        if pvalue is not None:
            assert adjusted == pytest.approx(other)
            if abs(adjusted - 0.05) > 1e-9:
                assert (adjusted < 0.05) == (pvalue < level)


def test_planned_looks_share_the_level():
    once, five = verdict(80, 1000, 108, 1000), verdict(80, 1000, 108, 1000, looks="5")
    assert once.code == "WINNER"
    assert five.code == "PROMISING"
    assert five.comparisons[0].pvalue_adjusted == pytest.approx(once.comparisons[0].pvalue * 5)
    assert five.comparisons[0].difference_low < 0 < once.comparisons[0].difference_low


def test_looking_at_any_time_costs_what_the_paper_says():
    looks = looks_named("any", planned_n=5000)
    level = looks.level(0.05, 10_000)
    assert stats.norm.isf(level / 2) == pytest.approx(3.03, abs=0.01)
    for n in (500, 10_000, 90_000):
        assert looks.adjusted(looks.level(0.05, n), n) == pytest.approx(0.05)


@given(st.integers(60, 4000), st.floats(0.05, 0.5), st.floats(-0.5, 0.8), st.sampled_from("135"))
@settings(max_examples=60, deadline=None)
def test_interval_and_adjusted_p_agree_for_every_way_of_looking(n, rate, lift, looks):
    looks = "any" if looks == "3" else looks
    x0, x = round(n * rate), round(n * min(rate * (1 + lift), 1))
    item = verdict(x0, n, x, n, looks=looks).comparisons[0]
    if item.pvalue_adjusted is not None and abs(item.pvalue_adjusted - 0.05) > 1e-9:
        shows = item.difference_low > 0 or item.difference_high < 0
        assert shows == (item.pvalue_adjusted < 0.05)


@pytest.mark.parametrize(
    ("code", "setup", "arms"),
    [
        ("one_arm", {}, [Arm("A", 10, 1)]),
        ("unknown_arm", {"control": "Z"}, [Arm("A", 10, 1), Arm("B", 10, 1)]),
        ("same_arm", {}, [Arm("A", 10, 1), Arm("A", 10, 1)]),
        ("split_arms", {"split": (1, 1, 1)}, [Arm("A", 10, 1), Arm("B", 10, 1)]),
        ("split_arms", {"split": (1, -1)}, [Arm("A", 10, 1), Arm("B", 10, 1)]),
        ("arm_sums", {}, [Arm("A", 10), Arm("B", 10, 1)]),
        ("arm_sums", {}, [Arm("A", -1, 0), Arm("B", 10, 1)]),
        ("arm_sums", {"shape": "mean"}, [Arm("A", 10, 1), Arm("B", 10, 1)]),
        ("bad_value_each", {"value_each": -5.0}, [Arm("A", 10, 1), Arm("B", 10, 1)]),
        ("bad_level", {"alpha": 5.0}, [Arm("A", 10, 1), Arm("B", 10, 1)]),
        ("bad_looks", {"looks": "often"}, [Arm("A", 10, 1), Arm("B", 10, 1)]),
        ("too_many_arms", {}, [Arm(str(i), 10, 1) for i in range(11)]),
    ],
)
def test_wrong_input_is_named(code, setup, arms):
    asked = {"control": "A", "metric": "m", "shape": "proportion"} | setup
    with pytest.raises(CrmMetricsError) as caught:
        analyse(Setup(**asked), arms)
    assert caught.value.code == code


@pytest.mark.parametrize("n", [1, 2, 3, 10])
def test_looking_at_any_time_at_a_handful_is_too_small_not_a_failure(n):
    assert verdict(0, n, n, n, looks="any").code == "TOO_SMALL"
