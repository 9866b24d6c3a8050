"""Rates without the counts behind them: each shown as its file states it, never added up."""

from __future__ import annotations

import pandas as pd
import pytest

from crm_metrics.metrics import against_the_rest, compare, compute
from crm_metrics.metrics.goals import Goal, judge
from crm_metrics.metrics.model import Missing
from tests.metrics.stand_in import FrameEngine

DAY = pd.Timestamp("2026-05-04")


def campaigns(recipients: pd.DataFrame | None = None, **columns: object) -> FrameEngine:
    made = {"date": DAY, "channel": "email", "campaign_name": ["A", "B", "C", "C"]}
    frames = {} if recipients is None else {"recipients": recipients}
    return FrameEngine(campaigns=pd.DataFrame({**made, **columns}), **frames)


def by_name(engine: FrameEngine, metric: str, **asked: object) -> dict:
    values = compute(engine, [metric], by=["campaign_name"], **asked).values
    return {value.group["campaign_name"]: value for value in values}


def test_a_campaign_shows_its_own_rate_and_no_total_does():
    engine = campaigns(open_rate=[0.2, 0.31, 0.4, 0.5])
    found = by_name(engine, "open_rate")
    assert {name: value.value for name, value in found.items()} == {"A": 0.2, "B": 0.31, "C": None}
    for value in found.values():
        assert (value.low, value.high, value.n) == (None, None, 0)
        assert value.flags == ("rate_only",)
    result = compute(engine, ["open_rate"])
    (total,) = result.values
    assert (total.value, total.flags) == (None, ("rate_only",))
    # What would make it a total is still said.
    assert result.missing == (Missing("open_rate", "campaigns", ("delivered",)),)


def test_a_stated_click_to_open_rate_is_shown_where_nothing_counts_it():
    engine = campaigns(
        opens_unique=[20, None, None, 10], clicks_unique=[5, None, None, 1],
        ctor=[0.25, 0.31, 0.4, 0.1],
    )  # fmt: skip
    found = by_name(engine, "ctor")
    assert {name: (v.value, v.n) for name, v in found.items()} == {
        "A": (0.25, 20), "B": (0.31, 0), "C": (0.1, 10),
    }  # fmt: skip
    (total,) = compute(engine, ["ctor"]).values
    assert (total.value, total.n) == (6 / 30, 30)
    assert "rate_only" in total.flags


def test_counts_go_before_what_other_rows_state():
    engine = campaigns(
        delivered=[100, None, 50, None], opens_unique=[20, None, 10, None],
        open_rate=[None, 0.31, None, 0.9],
    )  # fmt: skip
    found = by_name(engine, "open_rate")
    assert {name: (v.value, v.n) for name, v in found.items()} == {
        "A": (0.2, 100), "B": (0.31, 0), "C": (0.2, 50),
    }  # fmt: skip
    assert "rate_only" not in found["A"].flags
    assert {"rate_only"} <= set(found["B"].flags) & set(found["C"].flags)
    (total,) = compute(engine, ["open_rate"]).values
    assert total.components == {"x": 30, "n": 150}


def test_no_verdict_stands_on_a_stated_rate():
    found = by_name(
        campaigns(delivered=[900, None, 800, None], open_rate=[0.2, 0.31, 0.4, None],
                  opens_unique=[180, None, 320, None]), "open_rate")  # fmt: skip
    change = compare(found["B"], found["A"])
    assert (change.difference, change.clear, change.flags) == (None, False, ("rate_only",))
    apart = {
        one.value.group["campaign_name"]: one for one in against_the_rest(list(found.values()))
    }
    assert (apart["B"].rest, apart["B"].flags) == (None, ("rate_only",))
    assert apart["A"].rest == pytest.approx(0.4)
    judged = judge(Goal("open_rate", 0.25), found["B"])
    assert (judged.status, judged.reason) == ("na", "rate_only")


@pytest.mark.parametrize(
    ("grain", "metric", "columns", "value"),
    [
        ("traffic", "web_bounce_rate", {"bounce_rate": 0.4}, 0.4),
        ("traffic", "pages_per_session", {"pages_per_session": 2.5}, 2.5),
        ("traffic", "search_ctr", {"click_rate": 0.07}, 0.07),
        ("posts", "post_ctr_impressions", {"click_rate": 0.02}, 0.02),
        ("spend", "ad_ctr", {"click_rate": 0.013}, 0.013),
        ("spend", "cpc", {"cpc": 12.5, "currency": "RUB"}, 12.5),
        ("spend", "roas", {"roas": 3.2, "currency": "RUB"}, 3.2),
    ],
)
def test_other_grains_show_what_a_row_states(grain, metric, columns, value):
    frame = pd.DataFrame({"date": [DAY], "campaign_name": "A", **columns})
    (found,) = compute(FrameEngine(**{grain: frame}), [metric]).values
    assert (found.value, found.n, found.flags) == (value, 0, ("rate_only",))
    assert found.currency == columns.get("currency")


def test_people_count_before_a_rate_that_their_campaign_states():
    people = pd.DataFrame(
        {"date": DAY, "channel": "email", "campaign_name": "A", "email": ["a@a.ru", "b@a.ru"],
         "delivered": True, "opened": [True, False]}
    )  # fmt: skip
    found = by_name(campaigns(open_rate=[0.2, 0.31, 0.4, 0.5], recipients=people), "open_rate")
    assert (found["A"].value, found["A"].n) == (0.5, 2)
    assert (found["B"].value, found["B"].n) == (0.31, 0)
