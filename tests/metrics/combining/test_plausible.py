"""Campaigns whose numbers contradict themselves: what is stated, and clicks far above the usual."""

from __future__ import annotations

import pandas as pd
import pytest

from crm_metrics.metrics import compute
from tests.metrics.stand_in import FrameEngine

DAY = pd.Timestamp("2026-05-04")


def campaigns(**columns: object) -> FrameEngine:
    frame = pd.DataFrame({"channel": ["email"] * 10, "sent": 1000, "delivered": 900, **columns})
    frame["date"] = DAY
    frame["campaign_name"] = [f"c{place}" for place in range(10)]
    return FrameEngine(campaigns=frame)


@pytest.mark.parametrize(
    ("rate", "differs"),
    [
        (90 / 900, False),
        (0.09, False),
        (90 / 400, False),
        (0.1004, True),
        (0.5, True),
    ],
)
def test_a_stated_rate_of_no_base_is_marked_and_the_counts_win(rate, differs):
    engine = campaigns(clicks_unique=90, opens_unique=400, click_rate=[rate] + [0.1] * 9)
    (value,) = compute(engine, ["click_rate"]).values
    assert value.components == {"x": 900, "n": 9000}
    assert ("rate_differs" in value.flags) is differs


def test_clicks_far_above_the_usual_are_marked_where_they_are():
    values = compute(
        campaigns(clicks_unique=[30] * 9 + [120]), ["click_rate"], by=["campaign_name"]
    ).values
    marked = [value.group["campaign_name"] for value in values if "clicks_far_above" in value.flags]
    assert marked == ["c9"]
    same = compute(campaigns(clicks_unique=[30] * 9 + [80]), ["click_rate"]).values
    assert "clicks_far_above" not in same[0].flags


def test_rates_without_counts_are_not_added():
    rates = campaigns(click_rate=[0.5] * 5 + [None] * 5, clicks_unique=[None] * 5 + [90] * 5)
    (value,) = compute(rates, ["click_rate"]).values
    # A rate beside its base is as good as a count.
    assert value.components == {"x": 450 * 5 + 90 * 5, "n": 9000}
    alone = FrameEngine(
        campaigns=pd.DataFrame(
            {"delivered": [900, None], "clicks_unique": [90, None], "click_rate": [None, 0.5]}
        )
    )
    (value,) = compute(alone, ["click_rate"]).values
    assert value.components == {"x": 90, "n": 900}
    assert "rate_only" in value.flags
