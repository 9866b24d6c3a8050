"""Lifetime value: published estimates of CDNOW, formulas against simulation, refusals."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import pandas as pd
import pytest
from scipy import integrate, stats

from crm_metrics.metrics.cohorts import History, history, returning
from crm_metrics.metrics.value.bg_nbd import expected_of_known, expected_of_new, fit_bg_nbd
from crm_metrics.metrics.value.gamma_gamma import fit_gamma_gamma, mean_value
from crm_metrics.metrics.value.lifetime import Plan, ltv_model
from crm_metrics.metrics.value.purchases import Purchases, purchases
from crm_metrics.metrics.value.simple import MONTH, ltv_simple
from tests.metrics.cohorts.made_orders import END, engine, sales
from tests.metrics.stand_in import FrameEngine
from tests.metrics.test_metric_real_files import orders

PUBLISHED = (0.243, 4.414, 0.793, 2.426)  # Fader, Hardie and Lee (2005), table 1
SPENDING = (6.25, 3.74, 15.44)  # Fader and Hardie (2013), section 5


@cache
def cdnow() -> History:
    found = history(FrameEngine(orders=orders()))
    assert found
    return found


@cache
def calibration() -> Purchases:
    """The first 39 weeks, as in the papers."""
    return purchases(cdnow(), date(1997, 9, 30))


def test_bg_nbd_gives_the_published_estimates_of_cdnow():
    bought = calibration()
    assert (len(bought.x), bought.repeated) == (2357, 946)
    fit = fit_bg_nbd(bought)
    assert fit.estimates == pytest.approx(PUBLISHED, abs=0.0011)
    assert fit.log_likelihood == pytest.approx(-9582.4, abs=0.05)
    # Expected repeats of a new customer in a week and of all in the next 39 weeks.
    assert expected_of_new(np.array([fit.estimates]), np.array([39.0])) == pytest.approx(
        1.195, abs=2e-3
    )
    ahead = expected_of_known(fit.estimates, bought, 39.0)
    came = purchases(cdnow()).x.sum() - bought.x.sum()
    assert ahead.sum() == pytest.approx(came, rel=0.15)


def test_gamma_gamma_gives_the_published_estimates_of_cdnow():
    bought = calibration()
    priced = (bought.x > 0) & (bought.value > 0)
    assert priced.sum() == 946
    fit = fit_gamma_gamma(bought.x[priced], bought.value[priced])
    assert fit.estimates == pytest.approx(SPENDING, abs=0.01)
    assert float(mean_value(np.array(fit.estimates))[0]) == pytest.approx(35.17, abs=0.02)


def test_expected_purchases_agree_with_a_simulation_of_customers():
    r, alpha, a, b = PUBLISHED
    random = np.random.default_rng(5)
    n, weeks = 200_000, 52.0
    rate, leaves = random.gamma(r, 1 / alpha, n), random.beta(a, b, n)
    time = np.zeros(n)
    count = np.zeros(n)
    alive = np.ones(n, dtype=bool)
    for _ in range(400):
        time[alive] += random.exponential(1 / rate[alive])
        alive &= time <= weeks
        count[alive] += 1
        alive &= random.random(n) > leaves
        if not alive.any():
            break
    expected = float(expected_of_new(np.array([PUBLISHED]), np.array([weeks]))[0, 0])
    assert expected == pytest.approx(count.mean(), abs=4 * count.std() / np.sqrt(n))


def test_the_mean_of_a_gamma_gamma_is_that_of_its_integral():
    p, q, v = SPENDING
    mean, _ = integrate.quad(lambda nu: p / nu * stats.gamma.pdf(nu, q, scale=1 / v), 0, np.inf)
    assert float(mean_value(np.array(SPENDING))[0]) == pytest.approx(mean)


def test_cdnow_is_worth_what_its_customers_paid():
    found = ltv_model(cdnow())
    assert found.refused == ()
    assert found.holdout.off < 0.1
    assert found.value.low < found.value.value < found.value.high
    # What a customer paid up to the twelfth month after that of the first order is in the data.
    paid = orders().assign(first=orders().groupby("customer_id").date.transform("min"))
    year = paid[(paid.date - paid["first"]).dt.days <= 365].amount.sum() / 2357
    undiscounted = ltv_model(cdnow(), Plan(discount=0.0))
    assert undiscounted.value.value == pytest.approx(year, rel=0.1)
    half = ltv_model(cdnow(), Plan(margin=0.5))
    assert half.value.value == pytest.approx(found.value.value / 2)
    assert (found.value.variant, half.value.variant) == ("of_revenue", "of_margin")


def test_simple_value_is_arpu_over_churn():
    whole = history(engine())
    limit = returning(whole).limit
    data = sales()
    each = data.groupby("customer_id").agg(
        first=("date", "min"), last=("date", "max"), amount=("amount", "sum")
    )
    silent = (END - each["last"]).dt.days
    months = ((each["last"] - each["first"]).dt.days + silent.clip(upper=limit)).sum() / MONTH
    left = (silent > limit).sum()
    arpu, churn = each.amount.sum() / months, left / months
    value = ltv_simple(whole, limit, margin=0.4)
    assert value.value == pytest.approx(arpu * 0.4 / churn)
    assert value.components["months"] == pytest.approx(months)
    gone = (silent > limit).astype(float)
    ratio = each.amount.sum() / left
    spread = np.var(each.amount - ratio * gone, ddof=1) * len(each)
    half = stats.t.ppf(0.975, len(each) - 1) * np.sqrt(spread) / left * 0.4
    assert (value.low, value.high) == pytest.approx((value.value - half, value.value + half))
    assert (value.variant, value.n) == ("of_margin", len(each))


def test_models_refuse_in_codes_what_they_cannot_carry():
    few = ltv_model(history(engine()))
    assert "few_repeated" in few.refused
    assert (few.value.value, few.value.flags) == (None, few.refused)
    short = replace(cdnow(), end=date(1997, 4, 30))
    assert "short_history" in ltv_model(short).refused
    assert "no_amount" in ltv_model(replace(cdnow(), amounts=False)).refused
    two = replace(cdnow(), amounts=False, currencies=("EUR", "RUB"))
    assert "mixed_currency" in ltv_model(two).refused
    dear = orders().assign(times=orders().groupby("customer_id").amount.transform("size"))
    follows = FrameEngine(orders=dear.assign(amount=dear.times * 10.0)[list(orders().columns)])
    assert ltv_model(history(follows)).refused == ("values_follow_frequency",)


def test_without_leavers_or_gaps_simple_value_is_undefined():
    days = pd.date_range("2026-01-01", periods=30)
    frame = pd.DataFrame({"customer_id": "C1", "date": days, "amount": 1.0})
    found = history(FrameEngine(orders=frame))
    assert ltv_simple(found, 5).value is None
    assert ltv_simple(found, 5).flags[0] == "nobody_left"
    assert ltv_simple(found, None).flags == ("no_repeats",)
