"""Medians of groups against the rest: by hand in numpy, and how often chance is called clear."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from crm_metrics.metrics import Filters, Limits, against_the_rest, compute
from crm_metrics.metrics.comparing.spreads import Pairs, Spread, spreads
from tests.metrics.stand_in import FrameEngine

AGENTS = {"Ann": (80, 60.0), "Boris": (120, 60.0), "Vera": (90, 30.0), "New": (4, 900.0)}


def replies(seed: int = 3) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    parts = [
        pd.DataFrame(
            {
                "agent": name,
                "first_reply_time": np.round(60 * random.lognormal(np.log(minutes), 0.9, n)),
            }
        )
        for name, (n, minutes) in AGENTS.items()
    ]
    frame = pd.concat(parts, ignore_index=True)
    created = pd.Timestamp("2026-03-01") + pd.to_timedelta(np.arange(len(frame)), "h")
    return frame.assign(created_at=created, date=created.normalize())


def mover(own: np.ndarray, rest: np.ndarray, level: float, p: float) -> tuple[float, float, float]:
    """The difference of two quantiles, from scipy's intervals of each joined by squares."""
    (value, low, high), (other, under, over) = (
        (np.quantile(one, p), *stats.quantile_test(one, p=p).confidence_interval(1 - level))
        for one in (own, rest)
    )
    away = value - other
    return (
        away,
        away - np.hypot(value - low, over - other),
        away + np.hypot(high - value, other - under),
    )


@pytest.mark.parametrize(("metric", "p"), [("frt_median", 0.5), ("frt_p90", 0.9)])
def test_each_agent_is_held_against_the_others(metric, p):
    frame = replies()
    engine = FrameEngine(conversations=frame)
    values = [
        one for one in compute(engine, (metric,), by=("agent",)).values if one.value is not None
    ]
    found = against_the_rest(values, spreads=spreads(engine, metric, by=("agent",)))
    family = [one for one in found if one.pvalue_adjusted is not None]
    small = {"frt_median": {"New"}, "frt_p90": {"New"}}[metric]
    assert {one.value.group["agent"] for one in found} - small == {
        one.value.group["agent"] for one in family
    }
    for one in found:
        name = one.value.group["agent"]
        own, rest = (
            frame.first_reply_time[mask].to_numpy()
            for mask in (frame.agent == name, frame.agent != name)
        )
        away, low, high = mover(own, rest, one.level, p)
        assert one.difference == pytest.approx(away)
        assert one.rest == pytest.approx(np.quantile(rest, p))
        if one.low is not None and one.high is not None:
            assert (one.low, one.high) == pytest.approx((low, high))
            assert one.clear == (one.pvalue_adjusted is not None and (low > 0 or high < 0))
        if one.pvalue_adjusted is not None:
            assert one.clear == (one.pvalue_adjusted < 0.05)
    clear = {one.value.group["agent"]: one.good for one in found if one.clear}
    assert clear.get("Vera") is (True if metric == "frt_median" else clear.get("Vera"))


def test_without_the_values_behind_them_medians_are_not_compared():
    engine = FrameEngine(conversations=replies())
    values = compute(engine, ("frt_median",), by=("agent",)).values
    assert {one.flags for one in against_the_rest(values)} == {("not_additive",)}
    assert spreads(engine, "frt_km_median", by=("agent",)) == {}
    assert spreads(engine, "answered_within", by=("agent",)) == {}
    nobody = Filters(channels=("phone",))
    assert spreads(engine, "frt_median", by=("agent",), filters=nobody, limits=Limits()) == {}


def test_chance_is_called_clear_at_most_once_in_twenty():
    """Four groups of one distribution, 400 times: a false difference among them in 5 % at most."""
    random = np.random.default_rng(11)
    engine = FrameEngine(conversations=replies())
    (like, *_) = compute(engine, ("frt_median",), by=("agent",)).values
    wrong = 0
    for _ in range(400):
        draws = [np.round(random.lognormal(7, 1, n)) for n in (40, 60, 80, 200)]
        own = [Spread(*np.unique(one, return_counts=True)) for one in draws]
        low, high = Pairs([like] * 4, own, 0.5).ends(np.full(4, 0.05 / 4))
        wrong += bool(((low > 0) | (high < 0)).any())
    assert wrong / 400 <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 400)
