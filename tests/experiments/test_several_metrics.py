"""Guardrails, secondary metrics, the smallest change worth acting on, and the rest of the list."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
import tea_tasting as tt
from scipy import stats

from crm_metrics.experiments import Arm, Margin, Measured, Metric, Setup, analyse, cuped


def pair(x0, n0, x, n):
    return Arm("A", n0, x0), Arm("B", n, x)


def guardrail(*counts, margin=None, direction="down", name="Unsubscribed", shape="proportion"):
    metric = Metric(name, shape, "guardrail", direction, margin)
    return Measured(metric, pair(*counts) if shape == "proportion" else counts)


def decided(*others, counts=(800, 10_000, 1000, 10_000), **setup):
    asked = Setup("A", "Clicked", "proportion", split=(1, 1), **setup)
    return analyse(asked, pair(*counts), others)


@pytest.mark.parametrize(
    ("counts", "margin", "standing", "code"),
    [
        ((10, 10_000, 10, 10_000), None, "kept", "WINNER"),  # Mee's interval: +-0.09 points
        ((20, 10_000, 22, 10_000), None, "open", "WINNER_BUT"),
        ((20, 10_000, 22, 10_000), Margin(0.002), "kept", "WINNER"),
        ((20, 10_000, 60, 10_000), None, "worse", "WINNER_BUT"),
        ((60, 10_000, 20, 10_000), None, "better", "WINNER"),
    ],
)
def test_a_guardrail_holds_where_the_whole_interval_is_within_its_margin(
    counts, margin, standing, code
):
    finding = decided(guardrail(*counts, margin=margin))
    assert finding.others[0].standings == (standing,)
    assert finding.code == code
    named = finding.params["worse"] + finding.params["open"]
    assert named == (("Unsubscribed",) if code == "WINNER_BUT" else ())


def test_other_guardrails_may_lose_five_percent_of_the_controls_value():
    def standing(x):
        item = guardrail(50_000, 100_000, x, 100_000, direction="up", name="Delivered")
        return decided(item).others[0].standings[0]

    assert [standing(x) for x in (50_000, 48_500, 47_500)] == ["kept", "kept", "worse"]


def test_a_secondary_metric_that_surely_gets_worse_takes_the_winner_back():
    worse = Measured(Metric("Converted", "proportion"), pair(900, 10_000, 700, 10_000))
    even = Measured(Metric("Converted", "proportion"), pair(900, 10_000, 880, 10_000))
    assert (decided(worse).code, decided(worse).next_step) == ("WINNER_BUT", "keep_for_worse")
    assert (decided(even).code, decided(even).others[0].standings) == ("WINNER", ("open",))


def test_arms_of_other_metrics_turn_with_the_control():
    item = guardrail(20, 10_000, 60, 10_000)
    finding = analyse(Setup("B", "m", "proportion"), pair(800, 10_000, 1000, 10_000), [item])
    assert [arm.name for arm in finding.others[0].arms] == ["B", "A"]
    assert finding.others[0].standings == ("better",)


def test_a_gain_must_surely_clear_the_smallest_change_worth_acting_on():
    """The interval of 8 % against 10 % is 1.2 to 2.8 points (Newcombe and Mee agree to 0.01)."""
    codes = [decided(smallest=change).code for change in (0.011, 0.013)]
    assert codes == ["WINNER", "REAL_BUT_SMALL"]
    alike = {"counts": (10_000, 100_000, 10_050, 100_000)}
    assert decided(**alike, smallest=0.004).code == "SAME_ENOUGH"
    assert decided(**alike, smallest=0.003).code == "NO_CLEAR"


def test_the_smallest_change_sets_the_size_still_needed():
    """8 % against 9 % by the formula of Fleiss, Statistical Methods for Rates and Proportions."""
    under_null, error = np.sqrt(2 * 0.085 * 0.915), np.sqrt(0.08 * 0.92 + 0.09 * 0.91)
    size = (stats.norm.isf(0.025) * under_null + stats.norm.isf(0.2) * error) ** 2 / 0.01**2
    assert decided(smallest=0.01).params["needed_per_arm"] == math.ceil(size)


def test_what_the_change_means_for_the_rest_of_the_list():
    finding = decided(rest=200_000, value_each=5.0)
    item = finding.comparisons[0]
    assert finding.next_step == "roll_out_rest"
    assert finding.params["rest_gain"] == pytest.approx(200_000 * 0.02)
    assert finding.params["rest_low"] == pytest.approx(200_000 * item.difference_low)
    assert finding.params["money_high"] == pytest.approx(1_000_000 * item.difference_high)
    down = decided(counts=(1000, 10_000, 800, 10_000), direction="down", rest=1000)
    assert down.params["rest_gain"] == pytest.approx(20)


def test_totals_of_amounts_say_what_is_missing_and_a_ratio_does_not_decide():
    arms = [Arm("A", 1000, 200, total=5000.0), Arm("B", 1000, 210, total=5600.0)]
    finding = analyse(Setup("A", "Revenue", "mean"), arms)
    assert (finding.code, finding.next_step) == ("CANNOT_SAY", "upload_totals_only")
    assert [arm.value for arm in finding.arms] == [5.0, 5.6]
    sums = {"total": 300.0, "squares": 400.0, "base": 900.0, "base_squares": 1200.0}
    arms = [Arm(name, 1000, 250, products=500.0, **sums) for name in "AB"]
    finding = analyse(Setup("A", "Clicks / Opens", "ratio", base_field="opens_total"), arms)
    assert (finding.code, finding.params["reason"]) == ("CANNOT_SAY", "ratio_decides")
    assert finding.comparisons[0].difference_low is not None
    sent = analyse(Setup("A", "Clicks / Sent", "ratio", base_field="sent"), arms)
    assert sent.code == "NO_CLEAR"


def covariate_arms(seed=5):
    random = np.random.default_rng(seed)
    frames = []
    for place, lift in enumerate((0.0, 1.0)):
        before = random.exponential(20, 800 + 100 * place)
        after = 0.7 * before + random.exponential(10, len(before)) + lift
        frames.append(pd.DataFrame({"variant": place, "y": after, "x": before}))
    arms = tuple(
        Arm(
            "AB"[place],
            len(frame),
            len(frame),
            total=frame.y.sum(),
            squares=(frame.y**2).sum(),
            base=frame.x.sum(),
            base_squares=(frame.x**2).sum(),
            products=(frame.x * frame.y).sum(),
        )
        for place, frame in enumerate(frames)
    )
    return pd.concat(frames, ignore_index=True), arms


def test_cuped_equals_tea_tasting():
    frame, arms = covariate_arms()
    result = tt.Experiment(m=tt.Mean("y", covariate="x")).analyze(frame)["m"]
    item = analyse(Setup("A", "y", "mean"), arms).comparisons[0]
    assert item.method == "welch_cuped"
    assert item.pvalue == pytest.approx(result.pvalue, rel=1e-9)
    assert item.difference == pytest.approx(result.effect_size, rel=1e-9)
    bounds = (result.effect_size_ci_lower, result.effect_size_ci_upper)
    assert (item.difference_low, item.difference_high) == pytest.approx(bounds, rel=1e-9)
    plain = analyse(Setup("A", "y", "mean"), [cuped_free(arm) for arm in arms]).comparisons[0]
    width = item.difference_high - item.difference_low
    assert width < 0.8 * (plain.difference_high - plain.difference_low)


def cuped_free(arm):
    return Arm(arm.name, arm.n, arm.successes, total=arm.total, squares=arm.squares)


def test_a_covariate_without_spread_changes_nothing():
    still = [
        Arm("A", 100, 50, total=60.0, squares=90.0, base=100.0, base_squares=100.0, products=60.0),
        Arm("B", 100, 50, total=80.0, squares=99.0, base=100.0, base_squares=100.0, products=80.0),
    ]
    assert cuped.adjusted(still) is None
    assert analyse(Setup("A", "y", "mean"), still).comparisons[0].method == "welch"
