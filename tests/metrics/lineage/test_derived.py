"""The components of numbers made of others: their lines add up to what the number says."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import pandas as pd
import pytest

from crm_metrics.metrics import Filters, Value
from crm_metrics.metrics.crm_use import crm_use
from crm_metrics.metrics.deals import selling
from crm_metrics.metrics.derived import DERIVED
from crm_metrics.metrics.lineage import Behind, Component, components_of, has_components
from crm_metrics.metrics.value.overview import Customers, acquired, customers, earned, winning
from crm_metrics.metrics.value.sales import sales_shares
from crm_metrics.metrics.voice.link import link
from tests.metrics.cohorts.made_orders import orders, sales, spend
from tests.metrics.crm_use.test_crm_use import MAY, acts
from tests.metrics.deals.test_selling import STOPPED, deals
from tests.metrics.deals.test_selling import engine as of_deals
from tests.metrics.stand_in import FrameEngine
from tests.metrics.voice.test_link import talks

_ALL = 10_000


@cache
def shop() -> FrameEngine:
    """One for all tests: what it once made of the orders it gives again."""
    return FrameEngine(orders=orders(), spend=spend())


@cache
def everybody() -> Customers:
    return customers(shop())


def found(engine: FrameEngine, value: Value, behind: Behind | None = None) -> dict[str, Component]:
    own = components_of(engine, value, behind or Behind(), first=_ALL)
    assert own
    for one in own:
        lines = one.lineage.lines
        assert len(lines) == one.lineage.total
        places = [(line.dataset, line.line) for line in lines]
        assert len(set(places)) == len(places)
        for name, part in (("y", "numerator"), ("x", "denominator")):
            if name in one.lineage.sums:
                added = sum(getattr(line, part) for line in lines)
                assert added == pytest.approx(one.lineage.sums[name])
    return {one.name: one for one in own}


def sums(engine: FrameEngine, value: Value, behind: Behind | None = None) -> dict[str, float]:
    """What the lines of each component add, and as <name>_of what they are divided by."""
    told = {}
    for name, one in found(engine, value, behind).items():
        told[name] = sum(line.numerator for line in one.lineage.lines)
        if any(line.denominator is not None for line in one.lineage.lines):
            told[f"{name}_of"] = sum(line.denominator for line in one.lineage.lines)
    return told


def test_components_of_customers_numbers_add_up():
    engine, whole = shop(), everybody()
    values = {one.metric: one for one in whole.values if one.metric != "retention_rate"}
    for key, name in (("repeat_within", "again"), ("churn_rate", "gone")):
        parts = values[key].components
        assert sums(engine, values[key]) == {name: parts["x"], f"{name}_of": parts["n"]}
    for value in whole.retention.curve[::8]:
        parts = value.components
        assert sums(engine, value) == {"returned": parts["x"], "returned_of": parts["n"]}
    paid = sales().amount.sum()
    simple = values["ltv_simple"].components
    assert sums(engine, values["ltv_simple"]) == pytest.approx(
        {"orders": simple["revenue"], "gone": simple["left"]}
    )
    assert simple["revenue"] == pytest.approx(paid)
    best = values["pareto_share"].components
    assert sums(engine, values["pareto_share"]) == pytest.approx(
        {"best": best["amount"], "orders": best["total"]}
    )
    pauses = found(engine, values["time_between_median"])["pauses"].lineage
    assert np.median([one.numerator for one in pauses.lines]) == values["time_between_median"].value
    assert pauses.total == values["time_between_median"].n


def test_orders_behind_customers_name_what_is_left_out():
    engine, value = shop(), everybody().simple
    own = found(engine, value)["orders"].lineage
    frame = orders().assign(line=np.arange(2, len(orders()) + 2))
    assert {one.line for one in own.lines} == set(frame.loc[sales().index, "line"])
    back = frame.is_return.fillna(value=False).astype(bool) | (frame.amount < 0)
    assert own.left_out["returns_left_out"] == back.sum()
    assert own.left_out["nameless_left_out"] == (~back & frame.customer_id.isna()).sum()
    some = Behind(Filters(channels=("ads",)))
    assert found(engine, value, some)["orders"].lineage.total < own.total


@pytest.mark.parametrize("margin", [False, True])
def test_components_of_costs_and_returns_add_up(margin):
    with_cost = orders().assign(cost=orders().amount * 0.4)
    engine = FrameEngine(orders=with_cost, spend=spend()) if margin else shop()
    period = Filters(start=date(2025, 6, 1), end=date(2025, 8, 31))
    behind = Behind(period)
    (won,), (back,) = acquired(engine, period), earned(engine, period, 1.0)
    parts = won.cac.components
    assert sums(engine, won.cac, behind) == pytest.approx(
        {"spend": parts["spend"], "new_customers": parts["n"]}
    )
    first = sales().groupby("customer_id").date.min()
    assert parts["n"] == first.between("2025-06-01", "2025-08-31").sum()
    made = winning(customers(engine) if margin else everybody(), won, 1.0)
    for value in (made.over_cac, made.payback):
        assert {"orders", "spend", "new_customers"} == set(found(engine, value, behind))
    of_sales = {"sales": back.roas.components["revenue"], "spend": parts["spend"]}
    assert sums(engine, back.roas, behind) == pytest.approx(of_sales)
    assert sums(engine, back.drr, behind) == pytest.approx(of_sales)
    name = "profit" if margin else "sales"
    assert sums(engine, back.romi, behind)[name] == pytest.approx(back.romi.components["profit"])


def test_the_orders_of_a_channel_make_its_share():
    for value in sales_shares(shop()):
        told = list(sums(shop(), value).values())
        assert told[0] / told[1] == pytest.approx(value.value)


def test_components_of_deals_add_up():
    engine = of_deals(deals(STOPPED))
    stages = ("Talk", "Trial")
    known = selling(engine, stages=stages, target=10_000.0)
    behind = Behind(stages=stages)
    for stage in known.funnel.stages:
        parts = stage.went_on.components
        told = sums(engine, stage.went_on, behind)
        assert told == {"left_stage": parts["x"], "left_stage_of": parts["n"]}
    for value in (known.forecast.amount, known.forecast.deals):
        told = sums(engine, value, behind)
        assert told["expected"] == pytest.approx(value.value)
        assert (told["decided"], told["decided_of"]) == (30, 80)
    parts = known.coverage.components
    assert sums(engine, known.coverage) == {"pipeline": parts["pipeline"], "won": parts["won"]}


def test_what_came_of_past_forecasts_is_told_by_its_deals():
    random = np.random.default_rng(3)
    n = 300
    created = pd.Timestamp("2025-01-01") + pd.to_timedelta(random.integers(0, 300, n), "D")
    closed = created + pd.to_timedelta(random.integers(5, 90, n), "D")
    frame = pd.DataFrame(
        {
            "status": random.choice(["won", "lost"], n),
            "stage": "Done",
            "created_at": created,
            "closed_at": closed,
            "amount": random.integers(1, 100, n) * 10.0,
        }
    )
    open_ones = pd.DataFrame(
        {"status": "open", "stage": "Talk", "created_at": pd.Timestamp("2025-12-20")}, index=[0]
    ).assign(amount=500.0)
    engine = of_deals(pd.concat([frame, open_ones], ignore_index=True))
    value = selling(engine).backtest.value
    assert value.value is not None
    assert sums(engine, value)["came"] == pytest.approx(value.components["came"])


def test_what_each_user_did_is_told_by_its_lines():
    day = pd.Timestamp("2026-05-06")
    # An order of two rows counts once.
    owners, ids = ["a", "a", "a", None], ["1", "2", "2", "3"]
    sold = pd.DataFrame({"date": [day] * 4, "owner": owners, "order_id": ids})
    engine = FrameEngine(activities=acts(), orders=sold)
    for value in crm_use(engine, MAY).values:
        if value.value is None:
            continue
        (part,) = found(engine, value, Behind(MAY)).values()
        if value.metric == "active_user_share":
            assert part.lineage.total >= value.components["sum"]
        else:
            assert part.lineage.sums["y"] == value.components["sum"]


def test_scored_conversations_are_behind_their_link_with_waits():
    frame = talks()
    engine = FrameEngine(conversations=frame)
    value = link(engine).correlation
    own = found(engine, value)["scored"].lineage
    known = frame.assign(line=np.arange(2, len(frame) + 2)).dropna(
        subset=["first_reply_time", "score"]
    )
    assert {one.line: one.numerator for one in own.lines} == dict(
        zip(known.line, known.first_reply_time, strict=True)
    )
    assert own.total == value.n


def test_every_metric_of_customers_deals_and_use_has_components():
    told = {"theme_share", "no_theme_share", "phrase_share", "neg_share", "complaint_theme_share"}
    told |= {"registered_sales_share"}
    assert {one.key for one in DERIVED if not has_components(one.key)} == told


def test_what_is_left_out_under_a_filter_is_of_the_customers_it_keeps():
    first, later = pd.Timestamp("2026-01-05"), pd.Timestamp("2026-03-05")
    rows = [
        ("a", "ads", first, "paid"),  # a came by ads, so that all orders of a are meant
        ("a", "web", later, "returned"),
        ("a", "web", pd.NaT, "paid"),
        ("b", "web", first, "paid"),  # b did not, whatever b bought later
        ("b", "ads", later, "returned"),
        ("b", "ads", pd.NaT, "paid"),
        (None, "ads", later, "paid"),  # of nobody known: the row's own channel tells
        (None, "web", later, "paid"),
        ("c", "ads", first, "returned"),  # c never bought
        ("c", "web", first, "returned"),
    ]
    frame = pd.DataFrame(rows, columns=["customer_id", "channel", "date", "status"])
    engine = FrameEngine(orders=frame.assign(amount=10.0))
    value = everybody().simple
    told = ("returns_left_out", "nameless_left_out", "undated_orders_left_out")
    for filters, counts in ((Filters(), (4, 2, 2)), (Filters(channels=("ads",)), (2, 1, 1))):
        own = found(engine, value, Behind(filters))["orders"].lineage
        assert tuple(own.left_out[flag] for flag in told) == counts
