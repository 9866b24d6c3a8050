"""The split of a change: exact, by hand and by simulation; Simpson's paradox."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_metrics.errors import UsageError
from crm_metrics.metrics import compute, simpson, split
from tests.metrics.comparing.made import click_rates, ratios
from tests.metrics.stand_in import FrameEngine

_COUNTS = st.tuples(st.integers(0, 500), st.floats(0, 1)).map(
    lambda pair: (round(pair[0] * pair[1]), pair[0])
)
_SIDE = st.dictionaries(st.sampled_from("abcdef"), _COUNTS, min_size=1)
_UNITS = st.lists(st.tuples(st.integers(0, 900), st.integers(1, 50)), min_size=1, max_size=6)


def rate(counts) -> float:
    return sum(x for x, _ in counts.values()) / sum(n for _, n in counts.values())


@given(_SIDE, _SIDE)
@settings(max_examples=60, deadline=None)
def test_within_and_mix_add_up_to_the_change(now, before):
    found = split(click_rates(now), click_rates(before))
    if not (sum(n for _, n in now.values()) and sum(n for _, n in before.values())):
        assert found.flags == ("no_difference",)
        assert (found.within.value, found.mix.value, found.groups) == (None, None, ())
        return
    change = rate(now) - rate(before)
    assert found.total.difference == pytest.approx(change)
    assert found.within.value + found.mix.value == pytest.approx(change, abs=1e-12)
    assert sum(one.within for one in found.groups) == pytest.approx(found.within.value)
    assert sum(one.mix for one in found.groups) == pytest.approx(found.mix.value)
    for one in found.groups:
        if one.appeared or one.vanished:
            assert (one.within, one.change) == (0, None)
    for part in (found.within, found.mix):
        assert part.low <= part.value <= part.high
        assert part.clear == (part.low > 0 or part.high < 0)
    turned = split(click_rates(before), click_rates(now))
    for own, other in ((found.within, turned.within), (found.mix, turned.mix)):
        assert (own.value, own.low, own.high) == pytest.approx(
            (-other.value, -other.high, -other.low), abs=1e-12
        )


@given(
    st.dictionaries(st.sampled_from("abc"), _UNITS, min_size=1),
    st.dictionaries(st.sampled_from("abc"), _UNITS, min_size=1),
)
@settings(max_examples=60, deadline=None)
def test_a_ratio_is_split_by_the_shares_of_its_denominator(now, before):
    found = split(ratios(now), ratios(before))
    totals = [
        np.array([row for rows in side.values() for row in rows]).sum(axis=0)
        for side in (now, before)
    ]
    change = totals[0][0] / totals[0][1] - totals[1][0] / totals[1][1]
    assert found.within.value + found.mix.value == pytest.approx(change, abs=1e-9)


def test_kitagawa_by_hand():
    """Email 10 % to 12 %, its share from 0.8 to 0.5; SMS 2 % to 3 %."""
    before = click_rates({"email": (80, 800), "sms": (4, 200)})
    now = click_rates({"email": (60, 500), "sms": (15, 500)})
    found = split(now, before)
    assert found.within.value == pytest.approx(0.65 * 0.02 + 0.35 * 0.01)
    assert found.mix.value == pytest.approx(0.11 * -0.3 + 0.025 * 0.3)
    email, sms = found.groups
    assert (email.weight_now, email.weight_before) == (0.5, 0.8)
    # Against the average of both totals: email is above it and shrank, SMS below it and grew.
    average = (0.084 + 0.075) / 2
    assert email.mix == pytest.approx((0.11 - average) * -0.3)
    assert sms.mix == pytest.approx((0.025 - average) * 0.3)
    assert email.mix < 0
    assert sms.mix < 0


def test_a_group_that_appears_is_all_mix():
    before = click_rates({"email": (100, 1000), "sms": (0, 0)})
    now = click_rates({"email": (100, 1000), "sms": (10, 1000)})
    found = split(now, before)
    assert found.within.value == 0
    assert found.mix.value == pytest.approx(0.055 - 0.1)
    assert [one.appeared for one in found.groups] == [False, True]
    assert (found.groups[1].before, found.groups[1].change) == (None, None)
    gone = split(before, now)
    assert [one.vanished for one in gone.groups] == [False, True]


def test_the_intervals_hold_the_truth():
    """Shares as they are, rates drawn: within and mix are held nineteen times in twenty."""
    random = np.random.default_rng(8)
    sizes = np.array([[4000, 900, 150], [1500, 2500, 400]])
    rates = np.array([[0.03, 0.1, 0.35], [0.035, 0.1, 0.3]])
    weights = sizes / sizes.sum(axis=1, keepdims=True)
    within = (weights.mean(axis=0) * (rates[0] - rates[1])).sum()
    mix = (rates.mean(axis=0) * (weights[0] - weights[1])).sum()
    held = np.zeros(2)
    rounds = 150
    for _ in range(rounds):
        now, before = (
            click_rates({name: (x, n) for name, x, n in zip("abc", drawn, size, strict=True)})
            for drawn, size in zip(random.binomial(sizes, rates), sizes, strict=True)
        )
        found = split(now, before)
        held += [
            found.within.low <= within <= found.within.high,
            found.mix.low <= mix <= found.mix.high,
        ]
    # Three standard errors of 150 rounds are 5.3 points.
    assert (np.abs(held / rounds - 0.95) < 0.053).all()


BETTER_EVERYWHERE = (
    {"email": (2400, 20000), "sms": (2400, 80000)},
    {"email": (8000, 80000), "sms": (400, 20000)},
)


def test_a_total_that_falls_while_every_channel_rises_is_said():
    now, before = (click_rates(side) for side in BETTER_EVERYWHERE)
    found = split(now, before)
    assert found.total.difference < 0 < found.within.value
    assert found.reversed
    paradox = simpson(found)
    assert paradox.code == "total_falls_groups_rise"
    assert paradox.clear
    assert (paradox.groups, paradox.one_sided) == (2, 0)
    assert paradox.difference == pytest.approx(paradox.within + paradox.mix)
    assert simpson(split(before, now)).code == "total_rises_groups_fall"


def test_a_paradox_of_few_is_one_of_figures_only():
    now, before = (
        click_rates({name: (x / 400, n / 400) for name, (x, n) in side.items()})
        for side in BETTER_EVERYWHERE
    )
    assert not simpson(split(now, before)).clear


def test_no_paradox_where_one_channel_goes_along_or_stands_still():
    now, before = (click_rates(side) for side in BETTER_EVERYWHERE)
    push = click_rates({"push": (50, 1000)})
    assert simpson(split([*now, *push], [*before, *push])) is None
    assert simpson(split(before, before)) is None
    assert simpson(split(now[:1], before[:1])) is None


def test_what_can_not_be_split():
    now, before = (click_rates(side) for side in BETTER_EVERYWHERE)
    with pytest.raises(UsageError, match="no_values"):
        split([], [])
    with pytest.raises(UsageError, match="other_metric"):
        split(now, [replace(before[0], metric="open_rate")])
    assert split(now, []).flags == ("no_difference",)
    assert split(now, [replace(one, variant="sent") for one in before]).flags == ("other_base",)
    above = click_rates({"email": (30, 20)})
    assert split(above, before).flags == ("impossible",)
    assert simpson(split(above, before)) is None


def test_a_median_has_no_parts():
    frame = pd.DataFrame({"first_reply_time": range(40), "channel": ["chat", "email"] * 20})
    values = compute(FrameEngine(conversations=frame), ["frt_median"], by=["channel"]).values
    assert split(values, values).flags == ("not_additive",)


def test_buyers_of_several_channels_are_said():
    rows = {"amount": [10.0, 20.0, 30.0] * 20, "customer_id": [str(i % 40) for i in range(60)]}
    frame = pd.DataFrame(rows | {"channel": ["web", "shop"] * 30})
    values = compute(FrameEngine(orders=frame), ["revenue_per_buyer"], by=["channel"]).values
    found = split(values, values)
    assert found.flags == ("may_overlap",)
    assert (found.within.value, found.mix.value) == (0, 0)
