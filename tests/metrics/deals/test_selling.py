"""Stages, forecast, its past error and coverage against tables made by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from crm_metrics.metrics import Filters
from crm_metrics.metrics.deals import backtest, book, forecast, funnel, pipeline_coverage, selling
from crm_metrics.metrics.deals.history import Source
from tests.metrics.stand_in import FrameEngine


def engine(frame: pd.DataFrame, **others: pd.DataFrame) -> FrameEngine:
    for name in ("created_at", "closed_at"):
        frame[name] = pd.to_datetime(frame[name])
    return FrameEngine(deals=frame.assign(date=frame["created_at"].dt.normalize()), **others)


def deals(counts: dict[tuple[str, str], int], **more: object) -> pd.DataFrame:
    """So many deals of each (status, stage), created on 1 March and closed on 1 April."""
    rows = [(status, stage) for (status, stage), n in counts.items() for _ in range(n)]
    made = pd.DataFrame(rows, columns=["status", "stage"])
    closed = np.where(made["status"] == "open", None, "2026-04-01")
    return made.assign(created_at="2026-03-01", closed_at=closed, amount=100.0, **more)


STOPPED = {
    ("won", "Trial"): 30,
    ("lost", "Talk"): 40,
    ("lost", "Trial"): 10,
    ("open", "Talk"): 12,
    ("open", "Trial"): 8,
}
SNAPSHOT = {("won", "Won"): 20, ("lost", "Lost"): 30, ("open", "Talk"): 12, ("open", "Trial"): 8}


def test_deals_that_stopped_at_a_stage_passed_those_before_it():
    found = book(engine(deals(STOPPED)))
    assert found is not None
    known = funnel(found, ("Talk", "Trial"))
    assert (known.ordered, known.told) == ("said", "stopped")
    talk, trial = known.stages
    # Talk was left by 30 won, 10 + 8 at the trial, and 40 lost there; 12 still stand at it.
    assert talk.went_on is not None
    assert (talk.went_on.components["x"], talk.went_on.n) == (48, 88)
    assert talk.went_on.components["standing"] == 12
    ends = binomtest(48, 88).proportion_ci(method="wilson")
    assert (talk.went_on.low, talk.went_on.high) == pytest.approx((ends.low, ends.high))
    assert trial.went_on is not None
    assert (trial.went_on.components["x"], trial.went_on.n) == (30, 40)
    told = forecast(found, known)
    assert told is not None
    assert told.rule == "own"
    assert [one.value for one in told.chances] == pytest.approx([30 / 80, 30 / 40])
    assert told.deals.value == pytest.approx(12 * 30 / 80 + 8 * 30 / 40)
    assert told.amount is not None
    assert told.amount.value == pytest.approx(100 * told.deals.value)
    assert told.amount.low < told.amount.value < told.amount.high
    assert backtest(found, told).refused == "past_stages_unknown"


def test_a_snapshot_tells_of_no_passing_and_lends_all_one_chance():
    found = book(engine(deals(SNAPSHOT)))
    assert found is not None
    known = funnel(found, ("Talk", "Trial"))
    assert known.told == "snapshot"
    assert [one.went_on for one in known.stages] == [None, None]
    trial = known.stages[1]
    assert (trial.open, trial.at_least, trial.at_most) == (8, 28 / 70, 58 / 70)
    told = forecast(found, known)
    assert told is not None
    assert told.rule == "one"
    assert told.deals.value == pytest.approx(20 * 20 / 50)
    assert "one_chance" in told.deals.flags


def test_the_chance_of_the_file_stands_in_without_an_interval():
    frame = deals(SNAPSHOT)
    frame["probability"] = np.where(frame["stage"] == "Trial", 0.6, 0.2)
    found = book(engine(frame))
    assert found is not None
    known = funnel(found)
    assert known.ordered == "probability"
    assert known.names == ("Talk", "Trial")
    told = forecast(found, known)
    assert told is not None
    assert told.rule == "file"
    assert told.deals.value == pytest.approx(12 * 0.2 + 8 * 0.6)
    assert told.deals.low is None
    assert "chances_stated" in told.deals.flags
    assert backtest(found, told).refused == "past_chances_unknown"


def test_few_decided_deals_give_no_forecast():
    few = {("won", "Won"): 10, ("lost", "Lost"): 10, ("open", "Talk"): 5}
    found = book(engine(deals(few)))
    assert found is not None
    assert forecast(found) is None
    assert backtest(found, None).refused == "no_forecast"


def test_a_log_of_changes_is_a_history():
    frame = deals(SNAPSHOT)
    frame["deal_id"] = [f"d{i}" for i in range(len(frame))]
    talked = list(frame["deal_id"])
    tried = [f"d{i}" for i in (*range(20), *range(20, 30), *range(62, 70))]
    log = pd.DataFrame(
        [(one, "Talk", "2026-03-02") for one in talked]
        + [(one, "Trial", "2026-03-09") for one in tried],
        columns=["object_id", "result", "ts"],
    )
    log = log.assign(activity_type="edit", ts=pd.to_datetime(log["ts"]))
    log["date"] = log["ts"].dt.normalize()
    found = book(engine(frame, activities=log))
    assert found is not None
    known = funnel(found)
    assert (known.ordered, known.told) == ("stamps", "history")
    assert known.names == ("Talk", "Trial")
    talk, trial = (one.went_on for one in known.stages)
    assert talk is not None
    assert trial is not None
    # Of those who left the talk 20 won, 10 lost after a trial and 8 on trial went on.
    assert (talk.components["x"], talk.n) == (38, 58)
    assert (trial.components["x"], trial.n) == (20, 30)


def test_days_of_stages_are_read_in_every_form_that_files_of_dates_have():
    written = ["05.03.2026", "17.03.2026 10:30", "2026-03-06", "2026-03-07T10:00:00", None, "soon"]
    frame = pd.DataFrame(
        {"a": written, "b": ["Mar 20, 2026"] * 6, "created": None}, index=range(3, 9)
    )
    found = Source(columns={"talk": "a", "trial": "b"}).read(frame.iloc[:5], ("Talk", "Trial"))
    assert found is not None
    assert found.dated
    days = ["2026-03-05", "2026-03-17", "2026-03-06", "2026-03-07", "NaT"]
    assert [str(day) for day in found.days[:, 0]] == days
    assert {str(day) for day in found.days[:, 1]} == {"2026-03-20"}
    spoilt = Source(columns={"talk": "a", "trial": "b"}).read(
        frame.assign(a="soon", created=pd.Timestamp("2026-03-01")), ("Talk", "Trial")
    )
    assert spoilt is not None
    assert not spoilt.dated


def test_the_past_error_is_that_of_the_same_rule_at_past_ends_of_months():
    """A stream of deals that are decided after 40 days: every end of a month is worked by hand."""
    created = pd.date_range("2025-11-01", "2026-06-10", freq="D")
    frame = pd.DataFrame({"created_at": created, "amount": 50.0 + np.arange(len(created))})
    frame["closed_at"] = frame["created_at"] + pd.Timedelta(days=40)
    end = pd.Timestamp("2026-06-30")
    is_open = frame["closed_at"] > end
    frame["status"] = np.where(np.arange(len(frame)) % 3 == 0, "won", "lost")
    frame.loc[is_open, "status"] = "open"
    frame["stage"] = frame["status"].str.title()
    frame["updated_at"] = end
    found = book(engine(frame.copy()))
    assert found is not None
    past = backtest(found, forecast(found))
    assert past.refused is None
    expected = []
    for day in pd.date_range("2025-11-30", "2026-05-31", freq="ME"):
        then = frame[frame["created_at"] <= day]
        closed = then[(then["closed_at"] <= day)]
        standing = then[then["closed_at"] > day]
        undecided = (standing["status"] == "open").mean()
        if len(closed) >= 30 and undecided <= 0.2:
            chance = (closed["status"] == "won").mean()
            came = standing["amount"][standing["status"] == "won"].sum()
            expected.append((day.date(), chance * standing["amount"].sum(), came))
    assert len(expected) >= 3
    assert [(one.day, one.came) for one in past.months] == [(d, c) for d, _, c in expected]
    assert [one.forecast for one in past.months] == pytest.approx([f for _, f, _ in expected])
    off = sum(abs(f - c) for _, f, c in expected) / sum(c for _, _, c in expected)
    assert past.value.value == pytest.approx(off)
    assert past.bias == pytest.approx(
        sum(f for _, f, _ in expected) / sum(c for _, _, c in expected) - 1
    )


def test_coverage_is_of_what_lacks_to_the_target():
    frame = deals(SNAPSHOT)
    month = Filters(start=date(2026, 4, 1), end=date(2026, 4, 30))
    found = selling(engine(frame), month, target=6000.0)
    assert found is not None
    # 20 won deals of 100 in April; 20 open ones of 100.
    assert found.coverage.value == pytest.approx(2000 / (6000 - 2000))
    reached = selling(engine(frame), month, target=1500.0)
    assert reached is not None
    assert reached.coverage.flags == ("target_reached",)
    without = selling(engine(frame), month)
    assert without is not None
    assert without.coverage.flags == ("no_target",)
    assert pipeline_coverage(None, None, 5.0).flags == ("no_deal_amounts",)


def test_currencies_are_not_added_and_odd_deals_are_counted():
    frame = deals(SNAPSHOT)
    frame["currency"] = ["RUB", "EUR"] * 35
    frame.loc[0, "amount"] = 0.0
    frame.loc[1, "closed_at"] = "2026-02-01"
    frame.loc[2, "closed_at"] = None
    mixed = selling(engine(frame.copy()))
    assert mixed is not None
    assert mixed.forecast is not None
    assert mixed.forecast.amount is not None
    assert mixed.forecast.amount.flags == ("mixed_currency",)
    assert mixed.coverage.value is None
    found = selling(engine(frame.drop(columns="currency")))
    assert found is not None
    odd = found.odd
    assert (odd.zero_won, odd.backwards, odd.unclosed, odd.no_currency) == (1, 1, 1, 0)
    some = selling(engine(frame.assign(currency=frame["currency"].replace("EUR", None))))
    assert some is not None
    assert some.odd.no_currency == 35


def test_without_a_known_state_there_is_nothing_to_tell():
    frame = deals({("", "Somewhere"): 4})
    assert selling(engine(frame.drop(columns="status"))) is None
