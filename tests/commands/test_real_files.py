"""The five public files through the command line, beside a slow plain computation.

Nobody on the team made these files (tests/data/SOURCES.md).
"""

from __future__ import annotations

import math

import pandas as pd
import pytest
from openpyxl import load_workbook
from scipy.stats import binomtest

from tests.conftest import DATA

FACEBOOK = DATA / "facebook_posts.csv"
BANK = DATA / "bank_calls.csv"
SURVEY = DATA / "carpentries_nps_survey_2017.csv"
DEALS = DATA / "saas_deals.csv"
ORDERS = DATA / "cdnow_orders_sample.txt"
MAPS = ("--map", "1=customer_id", "--map", "3=created_at", "--map", "5=amount")
BY_HAND = ("--grain", "orders", *MAPS)


@pytest.mark.parametrize(
    ("path", "records", "grain"),
    [
        (FACEBOOK, 500, "posts"),
        (BANK, 4119, "calls"),
        (SURVEY, 476, "surveys"),
        (DEALS, 895, "deals"),
        (ORDERS, 6919, None),
    ],
    ids=lambda value: getattr(value, "stem", value),
)
def test_inspect_accounts_for_every_line(run, path, records, grain):
    table = run("inspect", path, "--json").document["tables"][0]
    assert table["records"] == records
    assert table["lines"] == table["records"] + sum(table["set_aside"].values())
    assert table["lines"] == len(path.read_bytes().splitlines())
    if grain:
        assert table["grain"] == grain


def test_engagement_by_reach_of_the_posts(run):
    posts = pd.read_csv(FACEBOOK, sep=";")
    pooled = posts["Total Interactions"].sum() / posts["Lifetime Post Total Reach"].sum()
    rows = run("metrics", FACEBOOK, "--metric", "er_reach", "--json").document["rows"]
    assert rows[0]["value"] == pytest.approx(pooled, rel=1e-12)
    assert rows[0]["low"] < pooled < rows[0]["high"]
    assert rows[0]["components"]

    by_type = run(
        "metrics", FACEBOOK, "--metric", "er_reach", "--by", "post_type", "--json"
    ).document["rows"]
    sums = posts.groupby("Type")[["Total Interactions", "Lifetime Post Total Reach"]].sum()
    slow = (sums["Total Interactions"] / sums["Lifetime Post Total Reach"]).to_dict()
    assert {row["group"]["post_type"]: row["value"] for row in by_type} == pytest.approx(slow)


def test_conversion_of_the_calls_by_contact(run):
    calls = pd.read_csv(BANK, sep=";")
    rows = run(
        "metrics", BANK, "--map", "y=converted", "--grain", "calls",
        "--metric", "conversion_rate", "--by", "contact", "--json",
    ).document["rows"]  # fmt: skip
    assert {row["group"]["contact"] for row in rows} == {"cellular", "telephone"}
    for row in rows:
        mine = calls[calls["contact"] == row["group"]["contact"]]
        sold = int((mine["y"] == "yes").sum())
        wilson = binomtest(sold, len(mine)).proportion_ci(method="wilson")
        assert row["n"] == len(mine)
        assert row["value"] == pytest.approx(sold / len(mine))
        assert (row["low"], row["high"]) == pytest.approx((wilson.low, wilson.high))


def test_nps_of_the_survey(run):
    scores = pd.read_csv(SURVEY)["Likely-To-Recommend"].dropna()
    slow = 100 * ((scores >= 9).mean() - (scores <= 6).mean())
    row = run("metrics", SURVEY, "--metric", "nps", "--json").document["rows"][0]
    assert row["n"] == len(scores) == 402
    assert row["value"] == pytest.approx(slow)
    assert row["low"] < slow < row["high"]


def test_win_rate_and_cycle_of_the_deals(run):
    deals = pd.read_csv(DEALS)
    won, lost = deals["Stage"].eq("Closed Won"), deals["Stage"].eq("Closed Lost")
    rows = {
        row["metric"]: row
        for row in run(
            "metrics", DEALS, "--metric", "win_rate", "--metric", "cycle_median", "--json"
        ).document["rows"]
    }
    win = binomtest(int(won.sum()), int((won | lost).sum()))
    wilson = win.proportion_ci(method="wilson")
    assert rows["win_rate"]["value"] == pytest.approx(won.sum() / (won | lost).sum())
    assert rows["win_rate"]["low"] == pytest.approx(wilson.low)
    assert rows["win_rate"]["high"] == pytest.approx(wilson.high)
    days = (pd.to_datetime(deals["Closing Date"]) - pd.to_datetime(deals["AQL date"])).dt.days
    assert rows["cycle_median"]["value"] == pytest.approx(days[won].dropna().median())
    assert rows["cycle_median"]["n"] == days[won].notna().sum()


def test_repeat_purchase_and_revenue_per_customer_of_the_orders(run):
    orders = pd.read_csv(ORDERS, sep=r"\s+", header=None, dtype={0: str, 2: str})
    per_customer = orders.groupby(0)[4].agg(["size", "sum"])
    rows = {
        row["metric"]: row
        for row in run(
            "metrics", ORDERS, *BY_HAND,
            "--metric", "repeat_purchase_rate", "--metric", "revenue_per_buyer", "--json",
        ).document["rows"]
    }  # fmt: skip
    repeat = rows["repeat_purchase_rate"]
    assert repeat["n"] == len(per_customer) == 2357
    assert repeat["value"] == pytest.approx((per_customer["size"] >= 2).mean())
    assert rows["revenue_per_buyer"]["value"] == pytest.approx(per_customer["sum"].mean())


def test_a_headerless_file_has_columns_by_position(run):
    columns = run("inspect", ORDERS, "--json").document["tables"][0]["columns"]
    assert [column["name"] for column in columns] == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_a_report_of_real_files_opens(run, tmp_path, lang):
    out = tmp_path / "findings.xlsx"
    assert run("report", FACEBOOK, DEALS, "--out", out, "--lang", lang).code == 0
    assert len(load_workbook(out).sheetnames) >= 5


def test_customers_of_the_orders_are_followed_and_valued(run):
    document = run("customers", ORDERS, *BY_HAND, "--json").document
    orders = pd.read_csv(ORDERS, sep=r"\s+", header=None, usecols=[0, 2, 4])
    orders.columns = ["customer", "day", "amount"]
    months = pd.to_datetime(orders.day.astype(str)).dt.to_period("M")
    first = months.groupby(orders.customer).transform("min")
    assert document["customers"] == orders.customer.nunique()
    assert [one["size"] for one in document["cohorts"]] == list(
        orders.customer.groupby(first).nunique()
    )
    again = orders[months == first + 1].customer.nunique() / document["customers"]
    values = {one["metric"]: one for one in reversed(document["values"])}
    assert values["retention_rate"]["value"] == pytest.approx(again)
    assert document["left_out"]["zero"] == (orders.amount == 0).sum()
    # March's cohort has seen two months less than January's.
    assert document["cohorts"][-1]["retention"][-2:] == [None, None]
    assert document["model"]["refused"] == []
    ltv = values["ltv_model"]
    assert ltv["low"] < ltv["value"] < ltv["high"]
    # Purchases are days; the rest by plain pandas over them.
    bought = orders.assign(day=pd.to_datetime(orders.day.astype(str)))
    bought = bought.groupby(["customer", "day"], as_index=False).amount.sum()
    gaps = bought.groupby("customer").day.diff().dt.days.dropna()
    assert values["time_between_median"]["value"] == gaps.quantile(0.5, interpolation="lower")
    limit = math.ceil(values["time_between_p90"]["value"])
    each = bought.groupby("customer").agg(first=("day", "min"), last=("day", "max"))
    end = bought.day.max()
    old = each[(end - each["first"]).dt.days > limit]
    gone = (end - old["last"]).dt.days > limit
    assert values["churn_rate"]["value"] == pytest.approx(gone.mean())
    silent = (end - each["last"]).dt.days > limit
    assert values["ltv_simple"]["value"] == pytest.approx(orders.amount.sum() / silent.sum())
    second = bought[bought.customer.duplicated()].groupby("customer").day.min()
    soon = (second - each["first"]).dt.days <= 90
    assert values["repeat_within"]["value"] == pytest.approx(soon.sum() / len(each))
    paid = orders.groupby("customer").amount.sum().sort_values()[::-1]
    top = paid[: math.ceil(len(paid) / 5)].sum() / paid.sum()
    assert values["pareto_share"]["value"] == pytest.approx(top)


def test_the_survey_says_what_was_answered_and_what_was_left_blank(run):
    document = run("voice", SURVEY, "--json").document
    scores = pd.read_csv(SURVEY)["Likely-To-Recommend"]
    known = scores.dropna()
    (asked,) = [one for one in document["questions"] if one["question"] == "Likely-To-Recommend"]
    assert (asked["n"], asked["blanks"]) == (len(known), scores.isna().sum())
    assert {one["score"]: one["n"] for one in asked["scores"]} == known.value_counts().to_dict()
    (nps,) = [one for one in asked["values"] if one["metric"] == "nps"]
    plus, minus, n = (known >= 9).sum(), (known <= 6).sum(), len(known)
    assert nps["value"] == pytest.approx(100 * (plus - minus) / n)
    # Adjusted Wald by hand: three answers more, three quarters of each end (Lewis, Sauro 2021).
    up, down = (plus + 0.75) / (n + 3), (minus + 0.75) / (n + 3)
    error = ((up + down - (up - down) ** 2) / (n + 3)) ** 0.5
    ends = [100 * (up - down + side * 1.959964 * error) for side in (-1, 1)]
    assert [nps["low"], nps["high"]] == pytest.approx(ends)
    assert document["link"] is None
    for lang, words, line in (
        ("ru", "Ответившие отличаются", "\n«Likely-To-Recommend»: NPS 36,3 ("),
        ("en", "Those who answer differ", "\n“Likely-To-Recommend”: NPS 36.3 ("),
    ):
        said = run("voice", SURVEY, "--lang", lang).out
        assert words in said
        assert line in said


def test_deals_alone_tell_their_rates_stages_and_forecast(run):
    read = pd.read_csv(DEALS)
    won, lost = (read["Stage"] == f"Closed {word}" for word in ("Won", "Lost"))
    is_open = ~(won | lost)
    told = run("customers", DEALS, "--json", "--stages", "Trial, Payment").document["deals"]
    values = {one["metric"]: one for one in told["values"]}
    chance = won.sum() / (won | lost).sum()
    assert values["win_rate_closed"]["value"] == pytest.approx(chance)
    assert values["win_rate_cohort"]["value"] == pytest.approx(won.mean())
    assert "immature" in values["win_rate_cohort"]["flags"]
    assert values["forecast_deals"]["value"] == pytest.approx(is_open.sum() * chance)
    # An order that does not name all stages is none; then the youngest deals stand first.
    assert told["ordered"] == "age"
    stages = {one["name"]: one["open"] for one in told["stages"]}
    assert stages == read["Stage"][is_open].value_counts().to_dict()
    assert values["forecast_wape"]["flags"] == ["short_past"]
    lines = run("customers", DEALS, "--lang", "ru").out
    assert "Из сделок, созданных за период (895)" in lines
