"""Goals judged by intervals: edges, both directions, relative goals, and what can't be told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from crm_metrics.errors import CrmMetricsError
from crm_metrics.metrics.goals import Goal, checked, judge, judge_all, with_goal, without
from crm_metrics.metrics.model import Missing, Value


def value(metric: str = "click_rate", **more: object) -> Value:
    fields: dict = {
        "variant": "of_delivered",
        "grain": "campaigns",
        "group": {},
        "value": 0.25,
        "low": 0.20,
        "high": 0.30,
        "n": 400,
        "components": {},
        **more,
    }
    return Value(metric=metric, **fields)


@pytest.mark.parametrize(
    ("target", "up", "down"),
    [
        (0.19, "met", "missed"),
        (0.20, "met", "unclear"),  # an interval that ends at the target has reached it
        (0.21, "unclear", "unclear"),
        (0.30, "unclear", "met"),
        (0.31, "missed", "met"),
    ],
)
def test_the_whole_interval_decides_and_the_direction_is_the_metrics(target, up, down):
    now = value()
    judged = judge(Goal("click_rate", target), now)
    assert judged.status == up
    assert judged.distance == pytest.approx(0.25 - target)
    assert (judged.low, judged.high) == pytest.approx((0.20 - target, 0.30 - target))
    assert judge(Goal("unsub_rate", target), replace(now, metric="unsub_rate")).status == down


def test_a_metric_without_a_side_goes_the_way_the_goal_says():
    now = value("messages_sent", value=100.0, low=None, high=None, variant="sum")
    assert judge(Goal("messages_sent", 90, aim="up"), now).status == "met"
    assert judge(Goal("messages_sent", 90, aim="down"), now).status == "missed"
    assert judge(Goal("messages_sent", 100, aim="down"), now).status == "met"


@pytest.mark.parametrize("metric", ["click_rate", "unsub_rate"])
@pytest.mark.parametrize("change", [0.15, -0.10])
def test_a_relative_goal_stands_on_both_intervals(metric, change):
    """The distance to an unchanged share is Newcombe's difference, as statsmodels has it."""
    counts = (392, 18_400, 320, 17_900)
    now, before = (
        value(
            metric,
            value=x / n,
            **dict(zip(("low", "high"), proportion_confint(x, n, method="wilson"), strict=True)),
            n=n,
        )
        for x, n in (counts[:2], counts[2:])
    )
    still = judge(Goal(metric, 0.0, relative=True), now, before)
    ends = confint_proportions_2indep(*counts, method="newcomb")
    assert (still.low, still.high) == pytest.approx(ends, rel=1e-6)
    judged = judge(Goal(metric, change, relative=True), now, before)
    assert judged.target == pytest.approx((1 + change) * 320 / 17_900)
    sign = 1 if metric == "click_rate" else -1
    ends = sorted((sign * judged.low, sign * judged.high))
    expected = "met" if ends[0] >= 0 else "missed" if ends[1] < 0 else "unclear"
    assert judged.status == expected


def wilson(counts, n):
    return zip(counts, *proportion_confint(np.array(counts), n, method="wilson"), strict=True)


def test_coverage_of_a_relative_goal_that_is_reached_exactly():
    """At the very target the verdict may be wrong no more often than the interval: 2.5 % a side."""
    random = np.random.default_rng(5)
    share, change, n, runs = 0.02, 0.15, 20_000, 1500
    before, now = random.binomial(n, share, runs), random.binomial(n, share * (1 + change), runs)
    said = []
    for counts in zip(now, before, strict=True):
        pair = [value(value=x / n, low=low, high=high, n=n) for x, low, high in wilson(counts, n)]
        said.append(judge(Goal("click_rate", change, relative=True), *pair).status)
    assert said.count("met") / runs < 0.04
    assert said.count("missed") / runs < 0.04


@pytest.mark.parametrize(
    ("goal", "now", "before", "status", "reason"),
    [
        (Goal("click_rate", 0.1), None, None, "na", "no_value"),
        (Goal("none_such", 0.1), value("none_such"), None, "na", "unknown_metric"),
        (Goal("click_rate", 0.1), value(value=None, flags=("no_data",)), None, "na", "no_data"),
        (Goal("click_rate", 0.1, relative=True), value(), None, "na", "no_previous"),
        (
            Goal("click_rate", 0.1, relative=True),
            value(),
            value(value=0.0),
            "na",
            "previous_not_positive",
        ),
        (Goal("click_rate", 0.1), value(flags=("small_n",)), None, "unclear", "small_n"),
        (Goal("click_rate", 0.9), value(flags=("immature",)), None, "unclear", "immature"),
        (Goal("click_rate", 0.1), value(flags=("immature",)), None, "met", None),
        (
            Goal("click_rate", 0.1, relative=True),
            value(),
            value(value=0.01, low=0.005, high=0.015, flags=("small_n",)),
            "unclear",
            "small_n",
        ),
        (Goal("click_rate", 0.1), value(low=None, high=None), None, "unclear", "no_interval"),
        (Goal("click_rate", 0.25), value(), None, "unclear", "holds_target"),
        (Goal("click_rate", 0.1), value(flags=("mpp_raw",)), None, "met", None),
    ],
)
def test_what_the_data_do_not_carry_is_said_with_its_reason(goal, now, before, status, reason):
    judged = judge(goal, now, before)
    assert (judged.status, judged.reason) == (status, reason)


def test_goals_find_their_channel_formula_and_previous_value():
    total, email = value(value=0.2, low=0.19, high=0.21), value(group={"channel": "email"})
    sent = replace(total, variant="of_sent", n=1000, value=0.1, low=0.09, high=0.11)
    goals = (
        Goal("click_rate", 0.15),
        Goal("click_rate", 0.15, channel="email"),
        Goal("click_rate", 0.15, variant="of_delivered"),
        Goal("click_rate", 0.15, channel="sms"),
        Goal("csat", 0.9),
    )
    lacking = (Missing("csat", "surveys", ("score",)),)
    judged = judge_all(goals, (total, sent, email), missing=lacking)
    assert [one.value for one in judged] == [sent, email, total, None, None]
    assert [one.reason for one in judged] == [None, None, None, "no_value", "needs"]
    assert judged[-1].needs == ("score",)


def test_a_better_value_never_has_a_worse_status():
    order = ("missed", "unclear", "met")
    random = np.random.default_rng(3)
    for middle, below, above, target, better in random.random((400, 5)) * (1, 0.2, 0.2, 1, 0.3):
        first, second = (
            judge(Goal("click_rate", target), value(value=at, low=at - below, high=at + above))
            for at in (middle, middle + better)
        )
        assert order.index(first.status) <= order.index(second.status)


@pytest.mark.parametrize(
    ("goal", "code"),
    [
        (Goal("clik_rate", 0.1), "unknown_metric"),
        (Goal("click_rate", float("nan")), "goal_number"),
        (Goal("click_rate", 2.0), "goal_share"),
        (Goal("click_rate", -1.0, relative=True), "goal_fall"),
        (Goal("messages_sent", 5.0), "goal_aim"),
        (Goal("click_rate", 0.1, label="x" * 121), "goal_label"),
    ],
)
def test_a_goal_that_means_nothing_is_refused(goal, code):
    with pytest.raises(CrmMetricsError) as raised:
        checked(goal)
    assert raised.value.code == code


def test_one_goal_a_metric_and_channel():
    first, other = Goal("click_rate", 0.1), Goal("click_rate", 0.2, channel="sms")
    goals = with_goal(with_goal((), first), other)
    changed = Goal("click_rate", 0.3, label="plan")
    assert with_goal(goals, changed) == (changed, other)
    assert without(goals, changed) == (other,)
