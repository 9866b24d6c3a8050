"""Groups against the rest: p by scipy, Holm and BH by statsmodels, intervals that agree."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests

from crm_metrics.metrics import against_the_rest
from crm_metrics.metrics.comparing.several import adjusted
from tests.metrics.comparing.made import click_rates, ratios

COUNTS = {"email": (300, 9000), "sms": (90, 2000), "push": (150, 4100), "vk": (40, 1900)}


@pytest.mark.parametrize(("adjust", "name"), [("holm", "holm"), ("bh", "fdr_bh")])
def test_each_channel_against_all_others(adjust, name):
    found = against_the_rest(click_rates(COUNTS), adjust)
    x, n = np.array(list(COUNTS.values())).T
    tables = [[[x[i], n[i] - x[i]], [x.sum() - x[i], (n - x).sum() - (n - x)[i]]] for i in range(4)]
    raw = [stats.chi2_contingency(table, correction=False).pvalue for table in tables]
    assert [one.pvalue for one in found] == pytest.approx(raw)
    assert [one.pvalue_adjusted for one in found] == pytest.approx(
        multipletests(raw, method=name)[1]
    )
    assert [one.rest for one in found] == pytest.approx((x.sum() - x) / (n.sum() - n))
    assert [one.rest_n for one in found] == pytest.approx(n.sum() - n)
    assert {one.clear for one in found} == {True, False}
    assert found[1].good
    assert found[3].good is False


def test_a_ratio_against_the_rest_is_welchs():
    random = np.random.default_rng(3)
    units = {
        name: list(zip(random.gamma(2, scale, 60), np.ones(60), strict=True))
        for name, scale in (("email", 10), ("sms", 10), ("push", 25))
    }
    found = against_the_rest(ratios(units))
    first = np.array(units["push"])[:, 0]
    rest = np.concatenate([np.array(units[name])[:, 0] for name in ("email", "sms")])
    expected = stats.ttest_ind(first, rest, equal_var=False)
    assert found[2].pvalue == pytest.approx(expected.pvalue)
    level = expected.confidence_interval(1 - found[2].level)
    assert (found[2].low, found[2].high) == pytest.approx((level.low, level.high))


@given(
    st.dictionaries(
        st.sampled_from("abcdefgh"),
        st.tuples(st.integers(0, 3000), st.floats(0, 0.3)).map(
            lambda pair: (round(pair[0] * pair[1]), pair[0])
        ),
        min_size=1,
    ),
    st.sampled_from(["holm", "bh"]),
)
@settings(max_examples=100, deadline=None)
def test_an_interval_leaves_out_zero_exactly_when_the_group_is_clear(counts, adjust):
    found = against_the_rest(click_rates(counts), adjust)
    assert len(found) == len(counts)
    for one in found:
        if one.pvalue_adjusted is None:
            assert not one.clear
            continue
        assert one.low <= one.difference <= one.high
        assert one.clear == (one.low > 0 or one.high < 0) == (one.pvalue_adjusted < 0.05)
        assert (one.good is None) == (not one.clear)
    judged = [one for one in found if one.pvalue_adjusted is not None]
    none_apart = bool(judged) and not any(one.clear for one in judged)
    assert all(("none_apart" in one.flags) == none_apart for one in judged)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
@settings(max_examples=100, deadline=None)
def test_benjamini_and_hochberg_equal_statsmodels_and_their_level_decides(pvalues):
    found = adjusted(pvalues, 0.05, "bh")
    assert [p for p, _ in found] == pytest.approx(multipletests(pvalues, method="fdr_bh")[1])
    for (own, level), pvalue in zip(found, pvalues, strict=True):
        if abs(own - 0.05) > 1e-9:
            assert (own < 0.05) == (pvalue < level)


def test_small_groups_stay_out_of_the_family_and_are_said():
    small = against_the_rest(click_rates({**COUNTS, "post": (9, 10)}))
    assert small[-1].flags[0] == "small_n"
    assert (small[-1].pvalue_adjusted, small[-1].clear) == (None, False)
    assert small[-1].difference > 0.8
    # The others are adjusted as if it were not there: four, not five.
    raw = [one.pvalue for one in small[:4]]
    assert [one.pvalue_adjusted for one in small[:4]] == pytest.approx(
        multipletests(raw, method="holm")[1]
    )


def test_two_channels_are_one_comparison():
    found = against_the_rest(click_rates({"email": (300, 9000), "sms": (90, 2000)}))
    assert [one.pvalue_adjusted for one in found] == [found[0].pvalue] * 2
    assert found[0].difference == -found[1].difference
    assert (found[0].low, found[0].high) == pytest.approx((-found[1].high, -found[1].low))


def test_ranking_of_noise_is_said():
    random = np.random.default_rng(2)
    same = {str(place): (int(x), 1000) for place, x in enumerate(random.binomial(1000, 0.05, 12))}
    found = against_the_rest(click_rates(same))
    assert max(one.difference for one in found) > 0.008
    assert all("none_apart" in one.flags for one in found)


def test_of_equal_channels_one_is_called_in_one_set_of_twenty():
    random = np.random.default_rng(4)
    rounds, wrong = 150, 0
    for _ in range(rounds):
        x = random.binomial(2000, 0.04, 6)
        values = click_rates({str(place): (int(own), 2000) for place, own in enumerate(x)})
        wrong += any(one.clear for one in against_the_rest(values))
    # Holm promises 5 % or less; three standard errors of 150 rounds are 5.3 points.
    assert wrong / rounds < 0.103


def test_rates_of_sent_and_of_delivered_messages_are_neither_good_nor_bad():
    values = click_rates(COUNTS)
    mixed = [replace(values[0], flags=("base_sent",)), *values[1:]]
    assert [one.good for one in against_the_rest(values)][1] is True
    for one in against_the_rest(mixed):
        assert one.good is None
        assert "base_sent" in one.flags
    alike = [replace(one, flags=("base_sent",)) for one in values]
    assert not any("base_sent" in one.flags for one in against_the_rest(alike))


def test_what_has_no_rest():
    values = click_rates({"email": (300, 9000), "sms": (90, 2000)})
    assert against_the_rest([]) == ()
    alone = against_the_rest(values[:1])[0]
    assert (alone.flags, alone.rest, alone.rest_n) == (("no_rest",), None, None)
    other = [values[0], replace(values[1], variant="sent")]
    assert [one.flags for one in against_the_rest(other)] == [("no_rest",), ("no_rest",)]
    empty = against_the_rest(click_rates({"email": (300, 9000), "sms": (0, 0)}))
    assert empty[1].flags == ("no_data",)
    above = against_the_rest(click_rates({**COUNTS, "web": (30, 20)}))
    assert above[-1].flags == ("impossible",)
    assert above[0].rest_n == sum(n for _, n in COUNTS.values()) - 9000
    # Its "all others" are not all, and that is said; without such a group it is not.
    assert all("rest_not_all" in one.flags for one in above[:-1])
    assert not any("rest_not_all" in one.flags for one in against_the_rest(click_rates(COUNTS)))
    # Lines that contradict themselves may hide in a sum that looks possible: no verdict either.
    hidden = [replace(values[0], flags=("impossible_rows",)), *click_rates(COUNTS)[1:]]
    first, *others = against_the_rest(hidden)
    assert (first.flags, first.clear, first.good) == (("impossible_rows",), False, None)
    assert others[0].rest_n == sum(n for _, n in COUNTS.values()) - 9000 - 2000
    opens = [replace(one, metric="open_rate") for one in values]
    both = against_the_rest([*values, *opens])
    # Each metric is a family for itself.
    assert [one.rest for one in both] == [one.rest for one in against_the_rest(values)] * 2
