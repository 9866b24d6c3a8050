"""What a new customer costs and when that is paid back, by plain sums."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from crm_metrics.metrics import Filters
from crm_metrics.metrics.cohorts import history, retention
from crm_metrics.metrics.value.acquisition import acquisition, ltv_cac, payback_months
from crm_metrics.metrics.value.simple import ltv_simple
from tests.metrics.cohorts.made_orders import orders, sales, spend
from tests.metrics.stand_in import FrameEngine


def test_the_cost_of_a_new_customer_is_not_the_cost_of_an_order():
    engine = FrameEngine(orders=orders(), spend=spend())
    found = acquisition(engine, history(engine), Filters(start=date(2025, 1, 1)))
    assert (found.start, found.end) == (date(2025, 3, 3), date(2026, 3, 1))
    first = sales().groupby("customer_id").date.min()
    new = first[first.between("2025-03-03", "2026-03-01")]
    cost = spend().cost.sum()
    assert found.cac.value == pytest.approx(cost / len(new))
    placed = sales().date.between("2025-03-03", "2026-03-01").sum()
    assert found.cac.value > 2 * cost / placed
    by_week = pd.DataFrame({"y": spend().set_index("date").cost, "x": 0.0})
    by_week["x"] = new.value_counts().reindex(by_week.index).fillna(0)
    by_week = by_week.groupby(pd.Grouper(freq="W")).sum()
    ratio = by_week.y.sum() / by_week.x.sum()
    residual = np.var(by_week.y - ratio * by_week.x, ddof=1) * len(by_week)
    half = stats.t.ppf(0.975, len(by_week) - 1) * np.sqrt(residual) / by_week.x.sum()
    assert (found.cac.low, found.cac.high) == pytest.approx((ratio - half, ratio + half))


def test_without_spend_or_days_in_common_there_is_no_cost():
    engine = FrameEngine(orders=orders())
    assert acquisition(engine, history(engine), Filters()) is None
    apart = spend().assign(date=spend().date + pd.Timedelta(days=3000))
    engine = FrameEngine(orders=orders(), spend=apart)
    assert acquisition(engine, history(engine), Filters()) is None


def test_value_over_cost_and_the_month_that_pays_it_back():
    engine = FrameEngine(orders=orders(), spend=spend())
    whole = history(engine)
    cac = acquisition(engine, whole, Filters()).cac
    ltv = ltv_simple(whole, 120)
    found = ltv_cac(ltv, cac)
    assert found.value == pytest.approx(ltv.value / cac.value)
    assert ltv.low / cac.high < found.low < found.value < found.high < ltv.high / cac.low
    curve = retention(whole)
    paid = payback_months(curve, cac)
    age = int(paid.value)
    assert curve.spent[age] >= cac.value
    assert age == 0 or curve.spent[age - 1] < cac.value
    assert paid.low is None or paid.low <= paid.value <= paid.high
    dear = replace(cac, value=1e9, low=1e9, high=1e9)
    assert payback_months(curve, dear).flags == ("not_paid_back",)
    assert ltv_cac(replace(ltv, currency="EUR"), replace(cac, currency="RUB")).value is None
