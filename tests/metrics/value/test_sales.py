"""Shares of channels in sales, and blended ratios to spend, by plain pandas."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from crm_metrics.metrics import Filters
from crm_metrics.metrics.value.moved import moved, moved_each
from crm_metrics.metrics.value.overview import acquired, earned
from crm_metrics.metrics.value.sales import of_variant, sales_shares
from tests.metrics.cohorts.made_orders import orders
from tests.metrics.stand_in import FrameEngine

PERIOD = Filters(start=date(2025, 6, 1), end=date(2025, 12, 31))


def sold() -> pd.DataFrame:
    """Every sale of the period; of nobody known, each order is somebody else."""
    data = orders()
    data = data[~data.is_return.fillna(value=False).astype(bool)]
    data = data[data.date.between("2025-06-01", "2025-12-31")]
    return data.assign(unit=data.customer_id.fillna(data.order_id))


def spend() -> pd.DataFrame:
    days = pd.date_range("2025-05-20", "2025-12-24")
    costs = np.random.default_rng(3).integers(50, 400, len(days)).astype(float)
    return pd.DataFrame({"date": days, "channel": "ads", "cost": costs})


def delta(y: pd.Series, x: pd.Series, alpha: float = 0.05) -> tuple[float, float]:
    """The delta method by its residuals, with Student's quantile."""
    ratio, m = y.sum() / x.sum(), len(y)
    error = np.sqrt(np.var(y - ratio * x, ddof=1) * m) / x.sum()
    half = stats.t.ppf(1 - alpha / 2, m - 1) * error
    return ratio - half, ratio + half


def test_shares_of_revenue_take_customers_and_shares_of_orders_are_wilsons():
    found = sales_shares(FrameEngine(orders=orders()), PERIOD)
    data = sold()
    by_unit = data.pivot_table(
        index="unit", columns="channel", values="amount", aggfunc="sum", fill_value=0.0
    )
    revenue = of_variant(found, "of_revenue")
    assert {one.group["channel"] for one in revenue} == set(by_unit)
    assert sum(one.value for one in revenue) == pytest.approx(1)
    for one in revenue:
        own = by_unit[one.group["channel"]]
        assert one.value == pytest.approx(own.sum() / data.amount.sum())
        ends = delta(own, by_unit.sum(axis=1), alpha=0.05 / 3)
        assert (one.low, one.high) == pytest.approx(ends)
        assert one.n == data[data.channel == one.group["channel"]].unit.nunique()
    for one in of_variant(found, "of_order_count"):
        count = (data.channel == one.group["channel"]).sum()
        wilson = stats.binomtest(int(count), len(data)).proportion_ci(1 - 0.05 / 3, "wilson")
        assert (one.low, one.high) == pytest.approx((wilson.low, wilson.high))
    alone = sales_shares(FrameEngine(orders=orders().assign(channel="web")), PERIOD)
    assert [(one.value, one.low) for one in alone] == [(1.0, None), (1.0, None)]
    assert sales_shares(FrameEngine(orders=orders().drop(columns="channel"))) == ()
    mixed = orders().assign(currency=np.where(orders().index % 2, "EUR", "RUB"))
    flags = {one.flags for one in sales_shares(FrameEngine(orders=mixed)) if one.value is None}
    assert flags == {("mixed_currency",)}


def test_blended_ratios_take_all_sales_over_all_spend_of_the_same_days():
    engine = FrameEngine(orders=orders(), spend=spend())
    (found,) = earned(engine, PERIOD, 0.4)
    assert (found.start, found.end) == (date(2025, 6, 1), date(2025, 12, 24))
    weeks = pd.DataFrame(
        {
            "revenue": sold().groupby("date").amount.sum(),
            "cost": spend().set_index("date").cost.loc["2025-06-01":],
        }
    ).fillna(0.0)
    weeks = weeks.loc[:"2025-12-24"].groupby(pd.Grouper(freq="W")).sum()
    cost, revenue = weeks.cost, weeks.revenue
    for one, y, x in (
        (found.roas, revenue, cost),
        (found.romi, 0.4 * revenue - cost, cost),
        (found.drr, cost, revenue),
    ):
        assert one.variant == "blended"
        assert one.value == pytest.approx(y.sum() / x.sum())
        assert (one.low, one.high) == pytest.approx(delta(y, x))
    assert not found.of_own_margin
    own = FrameEngine(orders=orders().assign(margin=orders().amount / 2), spend=spend())
    (kept,) = earned(own, PERIOD, 0.4)
    assert kept.of_own_margin
    assert kept.romi.value == pytest.approx(0.5 * kept.roas.value - 1)
    abroad = FrameEngine(
        orders=orders().assign(currency="EUR"), spend=spend().assign(currency="RUB")
    )
    assert earned(abroad, PERIOD, 1.0) == ()
    assert earned(FrameEngine(orders=orders()), PERIOD, 1.0) == ()


def test_changes_flip_with_their_sides_and_channels_change_no_cost():
    engine = FrameEngine(orders=orders(), spend=spend())
    whole, later = sales_shares(engine, PERIOD), sales_shares(engine, Filters(date(2025, 10, 1)))
    for there, back in zip(moved_each(whole, later), moved_each(later, whole), strict=False):
        if there.now.group != back.now.group or there.now.variant != back.now.variant:
            continue
        assert there.change.difference == pytest.approx(-back.change.difference)
        assert there.change.low == pytest.approx(-back.change.high)
        assert there.change.clear == (there.change.low > 0 or there.change.high < 0)
    assert len(moved_each(whole, later)) == len(whole)
    assert moved(whole[0], None) == ()
    (cost,) = acquired(engine, PERIOD)
    (same,) = acquired(engine, Filters(PERIOD.start, PERIOD.end, channels=("email",)))
    assert cost == same
    assert cost.lagged.n != cost.cac.n
