"""A ratio of mailings and people together: each with units of its own, against pandas by part."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from crm_metrics.findings.wording import n_text
from crm_metrics.metrics import compute
from crm_metrics.metrics.combining.strata import stratified
from crm_metrics.metrics.intervals import ratio_variance
from tests.metrics.stand_in import FrameEngine

DAY = pd.Timestamp("2026-05-04")


def mailings(count: int) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    delivered = rng.integers(800, 3000, count)
    return pd.DataFrame(
        {
            "date": [DAY] * count,
            "channel": "sms",
            "campaign_name": [f"m{number}" for number in range(count)],
            "delivered": delivered,
            "revenue": delivered * rng.normal(2.0, 0.4, count),
            "currency": "RUB",
        }
    )


def people(count: int) -> pd.DataFrame:
    rng = np.random.default_rng(4)
    return pd.DataFrame(
        {
            "date": [DAY] * count,
            "channel": "email",
            "campaign_name": "list",
            "customer_id": [f"p{number}" for number in range(count)],
            "delivered": True,
            "revenue": rng.gamma(2.0, 1.5, count),
            "currency": "RUB",
        }
    )


def slow(parts: list[pd.DataFrame]) -> tuple[float, float, float]:
    """Value and ends by Cochran's combined ratio: variances of residuals, part by part."""
    y, x = (sum(part[name].sum() for part in parts) for name in ("revenue", "delivered"))
    spreads = []
    for part in parts:
        residuals = part["revenue"] - y / x * part["delivered"]
        spreads.append(len(part) * residuals.var(ddof=1))
    freedom = sum(spreads) ** 2 / sum(
        spread**2 / (len(part) - 1) for spread, part in zip(spreads, parts, strict=True)
    )
    half = stats.t.ppf(0.975, freedom) * np.sqrt(sum(spreads)) / x
    return y / x, y / x - half, y / x + half


def test_mailings_and_people_are_strata_of_one_ratio():
    sms, email = mailings(9), people(400)
    engine = FrameEngine(campaigns=sms, recipients=email)
    (value,) = compute(engine, ["revenue_per_message"]).values
    assert (value.value, value.low, value.high) == pytest.approx(slow([sms, email]))
    assert value.units == {"recipients": 400, "campaigns": 9}
    assert value.n == value.base == sms.delivered.sum() + 400
    assert "few_units" in value.flags, "nine mailings carry most of the doubt"
    assert n_text(value, "en") == f"400 (Recipients) + 9 (Mailings), denominator {value.n:,.0f}"
    halves = [
        FrameEngine(campaigns=sms, recipients=email[:150]),
        FrameEngine(recipients=email[150:]),
    ]
    (again,) = compute(halves, ["revenue_per_message"]).values
    assert (again.low, again.high, again.n) == pytest.approx((value.low, value.high, value.n))


def test_a_single_mailing_gives_no_interval():
    engine = FrameEngine(campaigns=mailings(1), recipients=people(400))
    (value,) = compute(engine, ["revenue_per_message"]).values
    assert value.value is not None
    assert (value.low, value.high) == (None, None)
    assert {"small_n", "no_interval"} <= set(value.flags)


def test_one_grain_says_units_and_denominator():
    sms = mailings(9)
    (value,) = compute(FrameEngine(campaigns=sms), ["revenue_per_message"]).values
    assert (value.n, value.units, value.base) == (9, {"campaigns": 9}, sms.delivered.sum())
    assert n_text(value, "ru").startswith("9, знаменатель ")
    (roas,) = compute(FrameEngine(campaigns=sms.assign(cost=100.0)), ["roas"]).values
    assert n_text(roas, "en") == "9, denominator RUB\u00a0900.00"


def test_totals_of_both_say_the_records_of_each():
    engine = FrameEngine(campaigns=mailings(3), recipients=people(40))
    found = {value.metric: value for value in compute(engine, ["revenue", "click_rate"]).values}
    assert (found["revenue"].n, found["revenue"].base) == (43, None)
    assert n_text(found["revenue"], "en") == "40 (Recipients) + 3 (Mailings)"


def test_alike_parts_are_as_wide_as_one_table():
    """Of strata with the same means and many units each the delta method over all is the limit."""
    rng = np.random.default_rng(5)
    x, noise = rng.uniform(1, 3, (2, 5000)), rng.normal(0, 1, (2, 5000))
    y = 2 * x + noise - noise.mean(axis=1, keepdims=True)
    parts = [sums(*both) for both in zip(y, x, strict=True)]
    ours = float(ratio_variance(**as_arrays(stratified(parts))))
    assert ours == pytest.approx(
        float(ratio_variance(**as_arrays(sums(y.ravel(), x.ravel())))), rel=0.01
    )


def sums(y: np.ndarray, x: np.ndarray) -> dict[str, float]:
    squares = {"yy": y @ y, "xx": x @ x, "xy": x @ y}
    return {"y": y.sum(), "x": x.sum(), **squares, "m": float(len(y))}


def as_arrays(parts: dict[str, float]) -> dict[str, np.ndarray]:
    return {name: np.array(number) for name, number in parts.items()}
