"""Periods, trends and funnels."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

from crm_metrics.errors import UsageError
from crm_metrics.metrics import Filters, compute, funnel, periods, same_weekdays, span, trend
from tests.metrics.stand_in import FrameEngine


def engine(*days: str | None) -> FrameEngine:
    frame = pd.DataFrame({"date": pd.to_datetime(list(days)), "delivered": 100, "clicks_unique": 3})
    return FrameEngine(campaigns=frame)


def every_day(first: str, last: str) -> list[str]:
    return [str(day.date()) for day in pd.date_range(first, last)]


def both(found: tuple[Filters, Filters | None]) -> tuple[date | None, ...]:
    now, before = found
    assert before is not None
    return now.start, now.end, before.start, before.end


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        # Two whole months and a begun third: the last whole one.
        ("2026-01-01", "2026-03-10", ("2026-02-01", "2026-02-28", "2026-01-01", "2026-01-31")),
        # Nothing on the last two days of a month does not make it less whole.
        ("2026-01-03", "2026-02-26", ("2026-02-01", "2026-02-28", "2026-01-01", "2026-01-31")),
        ("2025-11-20", "2026-01-31", ("2026-01-01", "2026-01-31", "2025-12-01", "2025-12-31")),
        # No two whole months: halves.
        ("2026-01-20", "2026-02-28", ("2026-02-09", "2026-02-28", "2026-01-20", "2026-02-08")),
        ("2026-01-01", "2026-01-11", ("2026-01-07", "2026-01-11", "2026-01-02", "2026-01-06")),
    ],
)
def test_without_a_filter_the_facts_decide(first, last, expected):
    found = both(periods(engine(*every_day(first, last))))
    assert found == tuple(date.fromisoformat(day) for day in expected)
    assert found[1] - found[0] == found[3] - found[2] or found[0].day == 1


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-03-10", "2026-03-16", ("2026-03-03", "2026-03-09")),
        ("2026-03-01", "2026-03-31", ("2026-02-01", "2026-02-28")),
        ("2026-01-01", "2026-03-31", ("2025-10-01", "2025-12-31")),
        ("2026-03-05", "2026-03-05", ("2026-03-04", "2026-03-04")),
    ],
)
def test_a_chosen_period_is_compared_with_the_one_just_before(start, end, expected):
    chosen = Filters(start=date.fromisoformat(start), end=date.fromisoformat(end), channels=("x",))
    now, before = periods(engine("2025-01-01", "2026-12-31"), chosen)
    assert now == chosen
    assert before is not None
    assert (before.start, before.end) == tuple(date.fromisoformat(day) for day in expected)
    assert before.channels == ("x",)


def test_an_open_end_is_the_end_of_the_facts():
    now, _ = periods(engine("2026-01-01", "2026-03-10"), Filters(start=date(2026, 3, 1)))
    assert (now.start, now.end) == (date(2026, 3, 1), date(2026, 3, 10))


def test_facts_without_dates_or_of_one_day_have_nothing_before():
    assert periods(engine(None)) == (Filters(), None)
    assert span(engine(None)) is None
    now, before = periods(engine("2026-01-15"))
    assert (now.start, now.end, before) == (date(2026, 1, 15), date(2026, 1, 15), None)


def test_a_mistyped_year_is_not_the_latest_month():
    own = engine(*every_day("2026-01-01", "2026-03-10"), "2062-05-01", "1970-01-01")
    assert both(periods(own))[0] == date(2026, 2, 1)
    assert span(own) == (date(2026, 1, 1), date(2026, 3, 10))


def test_a_backward_period_is_refused():
    with pytest.raises(UsageError, match="period_backwards"):
        periods(engine("2026-01-01"), Filters(start=date(2026, 2, 1), end=date(2026, 1, 1)))


def test_a_trend_is_in_order_and_leaves_undated_facts_out():
    own = engine("2026-01-07", "2026-02-01", "2026-01-05", None)
    weeks = trend(own, "click_rate")
    assert [day for day, _ in weeks] == [date(2026, 1, 5), date(2026, 1, 26)]
    assert weeks[0][1].components == {"x": 6.0, "n": 200.0}
    assert [day.day for day, _ in trend(own, "click_rate", by="day")] == [5, 7, 1]
    months = trend(own, "click_rate", by="month", filters=Filters(start=date(2026, 2, 1)))
    assert [(day.month, value.n) for day, value in months] == [(2, 100.0)]


def test_a_trend_never_joins_two_grains():
    day = pd.to_datetime(["2026-01-05"])
    own = FrameEngine(
        campaigns=pd.DataFrame({"date": day, "delivered": 100, "conversions": 3}),
        calls=pd.DataFrame({"date": day, "converted": [True]}),
    )
    assert [value.grain for _, value in trend(own, "conversion_rate")] == ["campaigns"]
    assert [value.n for _, value in trend(own, "conversion_rate", "calls")] == [1]


def test_a_funnel_counts_the_rows_that_know_all_steps():
    own = FrameEngine(
        campaigns=pd.DataFrame(
            {
                "channel": ["email", "email", "sms"],
                "sent": [100, 1000, 10],
                "delivered": [90, 900, 9],
                "opens_unique": [45, None, 3],
                "clicks_unique": [9, 90, 4],
            }
        )
    )
    steps = funnel(own, Filters(channels=("email",)))
    assert [(step.step, step.count) for step in steps] == [
        ("sent", 100),
        ("delivered", 90),
        ("opened", 45),
        ("clicked", 9),
    ]
    assert [step.share for step in steps] == [None, 0.9, 0.5, 0.2]
    assert all(step.low < step.share < step.high for step in steps[1:])


def test_a_step_that_widens_is_no_step():
    own = FrameEngine(
        campaigns=pd.DataFrame({"delivered": [100], "opens_unique": [5], "clicks_unique": [9]})
    )
    assert [step.step for step in funnel(own)] == ["delivered", "opened"]


def test_the_funnel_and_the_rates_agree_on_what_is_delivered():
    frame = pd.DataFrame({"sent": [1000], "bounces_hard": [30], "bounces_soft": [20]})
    own = FrameEngine(campaigns=frame.assign(clicks_unique=95))
    (rate,) = compute(own, ["click_rate"]).values
    steps = {step.step: (step.count, step.share) for step in funnel(own)}
    assert steps["delivered"] == (950, 0.95)
    assert steps["clicked"] == (95, rate.value)


def test_funnels_of_two_grains_stay_apart():
    own = FrameEngine(
        recipients=pd.DataFrame({"delivered": [True, True, False], "opened": [True, False, False]}),
        attendance=pd.DataFrame({"attended": [True, False]}),
        deals=pd.DataFrame({"stage": ["won"]}),
    )
    assert [(step.grain, step.step, step.count) for step in funnel(own)] == [
        ("recipients", "sent", 3),
        ("recipients", "delivered", 2),
        ("recipients", "opened", 1),
        ("attendance", "registered", 2),
        ("attendance", "attended", 1),
    ]


def test_no_funnel_of_one_step():
    assert funnel(FrameEngine(campaigns=pd.DataFrame({"sent": [100]}))) == []
    assert funnel(engine("2026-01-01"), Filters(channels=("push",))) == []


def test_same_weekdays_lie_whole_weeks_back_and_share_no_day():
    for days in (1, 7, 10, 28, 31):
        current = Filters(date(2026, 3, 4), date(2026, 3, 4) + timedelta(days=days - 1))
        before = same_weekdays(current)
        back = current.start - before.start
        assert back == current.end - before.end
        assert back.days % 7 == 0
        assert days <= back.days < days + 7
    with pytest.raises(UsageError, match="open_period"):
        same_weekdays(Filters(start=date(2026, 3, 1)))


def test_a_month_may_be_compared_with_the_same_weekdays():
    facts = engine(*every_day("2026-01-01", "2026-03-31"))
    found = both(periods(facts, previous="weekdays"))
    expected = ("2026-03-01", "2026-03-31", "2026-01-25", "2026-02-24")
    assert found == tuple(date.fromisoformat(day) for day in expected)
    assert found[0].weekday() == found[2].weekday()
    short = engine(*every_day("2026-02-01", "2026-03-31"))
    now, before = periods(short, previous="weekdays")
    assert now == Filters(date(2026, 3, 1), date(2026, 3, 31))
    # The facts begin a week after such a period would: what is not there is not compared with.
    assert before is None


def test_a_stray_date_moves_neither_the_period_nor_the_end_but_counts():
    days = every_day("2026-01-01", "2026-04-20")
    usual, stray = engine(*days), engine(*days, "2031-07-01", "1970-01-01")
    assert periods(stray) == periods(usual)
    assert span(stray) == span(usual) == (date(2026, 1, 1), date(2026, 4, 20))
    (value,) = compute(stray, ["click_rate"]).values
    assert value.n == 100 * (len(days) + 2)
