"""The five public files: answers of the metrics against plain pandas over the same rows."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from crm_metrics.metrics import Value, compute
from tests.metrics.stand_in import FrameEngine

DATA = Path(__file__).parent.parent / "data"


@cache
def posts() -> pd.DataFrame:
    read = pd.read_csv(DATA / "facebook_posts.csv", sep=";")
    return pd.DataFrame(
        {
            "post_type": read["Type"],
            "reach": read["Lifetime Post Total Reach"],
            "impressions": read["Lifetime Post Total Impressions"],
            "engagements": read["Total Interactions"],
            "followers": read["Page total likes"],
        }
    )


@cache
def calls() -> pd.DataFrame:
    read = pd.read_csv(DATA / "bank_calls.csv", sep=";")
    return pd.DataFrame({"Contact": read["contact"], "converted": read["y"] == "yes"})


@cache
def answers() -> pd.DataFrame:
    read = pd.read_csv(DATA / "carpentries_nps_survey_2017.csv")
    return pd.DataFrame({"score": read["Likely-To-Recommend"], "survey_type": "nps"})


@cache
def deals() -> pd.DataFrame:
    read = pd.read_csv(DATA / "saas_deals.csv")
    stages = {"Closed Won": "won", "Closed Lost": "lost"}
    return pd.DataFrame(
        {
            "stage": read["Stage"].map(stages).fillna("open"),
            "created_at": pd.to_datetime(read["AQL date"], format="%b %d, %Y"),
            "closed_at": pd.to_datetime(read["Closing Date"], format="%b %d, %Y"),
        }
    )


@cache
def orders() -> pd.DataFrame:
    names = ["customer_id", "number", "day", "quantity", "amount"]
    read = pd.read_csv(
        DATA / "cdnow_orders_sample.txt", sep=r"\s+", names=names, dtype={"customer_id": str}
    )
    read["date"] = pd.to_datetime(read["day"].astype(str))
    return read[["customer_id", "date", "quantity", "amount"]]


@cache
def engine() -> FrameEngine:
    return FrameEngine(
        posts=posts(), calls=calls(), surveys=answers(), deals=deals(), orders=orders()
    )


def only(key: str) -> Value:
    (value,) = compute(engine(), [key]).values
    return value


def test_engagement_by_reach_is_pooled():
    value = only("er_reach")
    assert value.value == pytest.approx(posts().engagements.sum() / posts().reach.sum())
    assert value.n == 500
    mean_of_ratios = (posts().engagements / posts().reach).mean()
    assert abs(value.value - mean_of_ratios) > 0.005


def test_engagement_by_other_bases_and_of_the_typical_post():
    page = posts()
    for key, numerator, base in (
        ("er_impressions", "engagements", "impressions"),
        ("er_followers", "engagements", "followers"),
        ("reach_rate", "reach", "followers"),
    ):
        assert only(key).value == pytest.approx(page[numerator].sum() / page[base].sum())
    each = page.engagements / page.reach
    typical, interval = only("er_reach_median"), stats.quantile_test(each, p=0.5)
    low, high = interval.confidence_interval()
    assert typical.value == pytest.approx(each.median())
    assert (typical.low, typical.high) == pytest.approx((low, high))
    assert typical.low > only("er_reach").high


def test_engagement_by_type_of_post():
    values = compute(engine(), ["er_reach"], by=["post_type"]).values
    assert [value.group["post_type"] for value in values] == ["Link", "Photo", "Status", "Video"]
    for value in values:
        part = posts()[posts().post_type == value.group["post_type"]]
        ratio = part.engagements.sum() / part.reach.sum()
        residual = np.var(part.engagements - ratio * part.reach, ddof=1)
        half = stats.t.ppf(0.975, len(part) - 1) * np.sqrt(residual * len(part)) / part.reach.sum()
        assert value.value == pytest.approx(ratio)
        assert (value.low, value.high) == pytest.approx((ratio - half, ratio + half))
        assert ("few_units" in value.flags) == (len(part) < 20)


def test_conversion_of_calls_by_a_header_of_the_file():
    values = compute(engine(), ["conversion_rate"], by=["Contact"]).values
    assert {value.group["Contact"] for value in values} == {"cellular", "telephone"}
    for value in values:
        part = calls()[calls().Contact == value.group["Contact"]].converted
        test = stats.binomtest(int(part.sum()), len(part))
        interval = test.proportion_ci(method="wilson")
        assert value.value == pytest.approx(part.mean())
        assert (value.low, value.high) == pytest.approx((interval.low, interval.high))
        assert value.n == len(part)


def test_nps_counts_only_those_who_answered():
    value = only("nps")
    scores = answers().score.dropna()
    assert value.n == len(scores) == 402
    assert value.value == pytest.approx(100 * ((scores >= 9).mean() - (scores <= 6).mean()))
    assert value.components == {"promoters": 215, "passives": 118, "detractors": 69, "n": 402}
    assert value.low < value.value < value.high


def test_win_rate_leaves_open_deals_out():
    value = only("win_rate")
    interval = stats.binomtest(216, 216 + 431).proportion_ci(method="wilson")
    assert value.value == pytest.approx(216 / (216 + 431))
    assert (value.low, value.high) == pytest.approx((interval.low, interval.high))


def test_cycle_of_won_deals():
    won = deals()[deals().stage == "won"]
    days = (won.closed_at - won.created_at).dt.days
    interval = stats.quantile_test(days, p=0.5).confidence_interval()
    value = only("cycle_median")
    assert value.value == days.median()
    assert (value.low, value.high) == (interval.low, interval.high)
    assert value.n == 216


def test_repeat_purchase_share_and_revenue_per_buyer():
    buyers = orders().groupby("customer_id").amount.agg(["size", "sum"])
    repeat, revenue = only("repeat_purchase_rate"), only("revenue_per_buyer")
    assert repeat.n == revenue.n == len(buyers) == 2357
    assert repeat.value == pytest.approx((buyers["size"] >= 2).mean())
    assert revenue.value == pytest.approx(buyers["sum"].mean())
    interval = stats.ttest_1samp(buyers["sum"], 0).confidence_interval()
    assert (revenue.low, revenue.high) == pytest.approx((interval.low, interval.high))


def test_average_order_is_not_revenue_per_buyer():
    assert only("aov").value == pytest.approx(orders().amount.mean())
    assert only("orders").value == 6919
    assert only("orders_per_customer").value == pytest.approx(6919 / 2357)
