"""Deals: which date counts, and what open, zero and impossible ones do to the numbers."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from crm_metrics.metrics import Filters, compute
from crm_metrics.metrics.lineage import lineage
from tests.metrics.stand_in import FrameEngine

MARCH = Filters(start=date(2026, 3, 1), end=date(2026, 3, 31))


def frame(*rows: tuple[str, str, str | None, float | None]) -> pd.DataFrame:
    made = pd.DataFrame(rows, columns=["status", "created_at", "closed_at", "amount"])
    made["created_at"] = pd.to_datetime(made["created_at"])
    made["closed_at"] = pd.to_datetime(made["closed_at"])
    return made.assign(date=made["created_at"].dt.normalize())


DEALS = frame(
    ("won", "2026-01-10", "2026-03-05", 100.0),
    ("lost", "2026-02-01", "2026-03-09", 50.0),
    ("lost", "2026-02-20", "2026-04-02", 70.0),
    ("won", "2026-03-02", "2026-03-20", 0.0),
    ("lost", "2026-03-03", "2026-04-01", 90.0),
    ("open", "2026-03-30", None, 30.0),
    ("won", "2026-03-31", None, 10.0),
)


def values(data: pd.DataFrame, *keys: str, **asked: object) -> dict[str, object]:
    found = compute(FrameEngine(deals=data), keys, **asked)
    return {value.metric: value for value in found.values}


def test_a_period_is_of_creation_or_of_closing_as_the_metric_says():
    keys = ("win_rate", "win_rate_cohort", "win_rate_closed", "closed_deals", "won_amount")
    found = values(DEALS, *keys, "new_leads", filters=MARCH)
    assert found["win_rate"].value == pytest.approx(2 / 3)
    assert found["win_rate_cohort"].value == pytest.approx(2 / 4)
    assert found["win_rate_closed"].value == pytest.approx(2 / 3)
    assert found["closed_deals"].value == 3
    assert found["won_amount"].value == 100
    assert found["new_leads"].value == 4
    by_month = compute(FrameEngine(deals=DEALS), ["closed_deals"], by=["month"]).values
    assert {one.group["month"]: one.value for one in by_month if one.value} == {
        "2026-03-01": 3,
        "2026-04-01": 2,
    }


def test_the_rows_behind_a_rate_by_closing_are_those_closed_in_the_period():
    engine = FrameEngine(deals=DEALS)
    (value,) = compute(engine, ["win_rate_closed"], filters=MARCH).values
    found = lineage(engine, value, filters=MARCH)
    assert found.total == 3
    assert sorted(one.line for one in found.lines) == [2, 3, 5]


def test_open_deals_are_not_lost_and_keep_their_month_young():
    found = values(DEALS, "win_rate_cohort", "open_deals", filters=MARCH)
    assert found["win_rate_cohort"].n == 4
    assert "immature" in found["win_rate_cohort"].flags
    assert found["win_rate_cohort"].young == pytest.approx(1 / 4)
    assert found["open_deals"].value == 1
    settled = values(DEALS[DEALS.status != "open"], "win_rate_cohort")
    assert "immature" not in settled["win_rate_cohort"].flags


def test_without_decided_deals_there_is_no_rate():
    found = values(DEALS[DEALS.status == "open"], "win_rate", "win_rate_closed", "won_amount")
    for key, why in (
        ("win_rate", "none_decided"),
        ("win_rate_closed", "none_decided"),
        ("won_amount", "none_won"),
    ):
        assert found[key].value is None
        assert found[key].flags[0] == why


def test_odd_deals_are_said():
    odd = pd.concat([DEALS, frame(("won", "2026-04-05", "2026-04-01", 10.0))], ignore_index=True)
    keys = ("avg_deal", "win_rate_closed", "decision_median", "cycle_median")
    found = values(odd, *keys)
    assert "zero_amounts" in found["avg_deal"].flags
    assert found["avg_deal"].value == pytest.approx(120 / 4)
    assert {"closed_before_created", "unclosed_left_out"} <= set(found["win_rate_closed"].flags)
    assert "negative_left_out" in found["decision_median"].flags
    assert found["decision_median"].n == 6
    assert found["cycle_median"].n == 2
    mixed = odd.assign(currency=["RUB", "EUR"] * 4)
    for key in ("avg_deal", "deal_median", "won_amount"):
        value = values(mixed, key)[key]
        assert value.value is None
        assert "mixed_currency" in value.flags
