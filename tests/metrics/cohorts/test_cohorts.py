"""Retention, times between purchases, churn, RFM: against slow loops over the same orders."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from crm_metrics.metrics import Filters
from crm_metrics.metrics.cohorts import (
    history,
    history_until,
    lacks,
    pareto_share,
    retention,
    returning,
    rfm,
)
from crm_metrics.metrics.cohorts.listing import listed, orders_listed
from crm_metrics.metrics.derived import worked_out
from crm_metrics.metrics.value.acquisition import payback_months
from crm_metrics.metrics.value.lifetime import Plan
from crm_metrics.metrics.value.overview import worth_until
from crm_metrics.metrics.value.returns import returns
from crm_metrics.metrics.value.sales import sales_shares
from crm_metrics.metrics.value.simple import ltv_simple
from tests.metrics.cohorts.made_orders import END, engine, orders, sales, spend
from tests.metrics.stand_in import FrameEngine


def first_days(data: pd.DataFrame) -> pd.Series:
    return data.groupby("customer_id").date.min()


def test_what_is_left_out_and_what_is_odd_is_counted():
    data, found = orders(), history(engine())
    back = data.is_return.astype(bool) | (data.amount < 0)
    assert found.out.rows == len(data)
    assert found.out.returned == back.sum()
    assert found.out.returned_amount == pytest.approx(data.amount[back].abs().sum())
    assert found.out.nameless == (~back & data.customer_id.isna()).sum() > 0
    assert found.out.undated == (~back & data.customer_id.notna() & data.date.isna()).sum() > 0
    assert found.out.zero == (sales().amount == 0).sum() > 0
    inside = found.out.rows - found.out.returned - found.out.nameless - found.out.undated
    assert inside == len(sales())
    assert found.people == sales().customer_id.nunique()
    assert (found.start, found.end) == (sales().date.min().date(), END.date())


def test_retention_counts_those_who_ordered_in_a_month_and_leaves_the_future_empty():
    data = sales()
    first = first_days(data).dt.to_period("M")
    active = {one: set(part.customer_id) for one, part in data.groupby(data.date.dt.to_period("M"))}
    found = retention(history(engine()))
    assert [one.month for one in found.cohorts] == [
        month.start_time.date() for month in sorted(first.unique())
    ]
    last_whole = pd.Period("2026-05")  # June has but twelve days
    pooled: dict[int, list[tuple[int, int]]] = {}
    for one in found.cohorts:
        cohort = pd.Period(one.month, "M")
        people = set(first.index[first == cohort])
        assert one.size == len(people)
        for age, cell in enumerate(one.cells, 1):
            if cohort + age > last_whole:
                assert (cell.value, cell.low, cell.flags) == (None, None, ("future",))
                assert one.revenue[age] is None
                continue
            back = len(people & active.get(cohort + age, set()))
            assert cell.value == back / len(people)
            interval = stats.binomtest(back, len(people)).proportion_ci(method="wilson")
            assert (cell.low, cell.high) == pytest.approx((interval.low, interval.high))
            own = data[data.customer_id.isin(people)]
            paid = own[own.date.dt.to_period("M") == cohort + age].amount.sum()
            assert one.revenue[age] == pytest.approx(paid)
            pooled.setdefault(age, []).append((back, len(people)))
    assert any(cell.value is None for one in found.cohorts for cell in one.cells)
    for age, value in enumerate(found.curve, 1):
        x, n = np.sum(pooled[age], axis=0)
        assert (value.value, value.n) == (x / n, n)


def test_times_between_purchases_and_churn_follow_from_the_gaps():
    data = sales().drop_duplicates(["customer_id", "date"]).sort_values("date")
    gaps = data.groupby("customer_id").date.diff().dt.days.dropna()
    found = returning(history(engine()))
    assert found.between.n == len(gaps)
    assert found.between.value == np.quantile(gaps, 0.5, method="inverted_cdf")
    assert found.between.low < found.between.value < found.between.high
    assert found.limit == np.quantile(gaps, 0.9, method="inverted_cdf")
    first, last = first_days(data), data.groupby("customer_id").date.max()
    old = (END - first).dt.days > found.limit
    gone = old & ((END - last).dt.days > found.limit)
    assert found.churn.components == {"x": gone.sum(), "n": old.sum()}
    assert returning(history(engine()), limit=30).churn.value > found.churn.value
    second = data[data.date > data.customer_id.map(first)].groupby("customer_id").date.min()
    aged = first[(END - first).dt.days >= 90].index
    again = ((second - first).reindex(aged).dt.days <= 90).sum()
    assert found.within.components == {"x": again, "n": len(aged)}


def test_intervals_of_gaps_cover_alike_gaps_of_a_customer():
    # Each customer keeps one rhythm: a hundred gaps tell no more than their twenty customers.
    random = np.random.default_rng(1)
    starts = pd.Timestamp("2025-01-01")
    rows = [
        {"customer_id": f"C{who}", "date": starts + pd.Timedelta(days=int(rhythm * step))}
        for who, rhythm in enumerate(random.integers(5, 60, 40))
        for step in range(6)
    ]
    value = returning(history(FrameEngine(orders=pd.DataFrame(rows).assign(amount=1.0)))).between
    gaps = pd.DataFrame(rows).groupby("customer_id").date.diff().dt.days.dropna()
    naive = stats.quantile_test(gaps, p=0.5).confidence_interval()
    assert value.high - value.low > naive.high - naive.low


def test_scores_never_part_equal_values_and_the_best_fifth_is_summed():
    data = sales()
    each = data.groupby("customer_id").agg(
        last=("date", "max"), days=("date", "nunique"), amount=("amount", "sum")
    )
    found = rfm(history(engine()))
    measures = {
        "recency": -(END - each["last"]).dt.days,
        "frequency": each.days,
        "money": each.amount.round(4),
    }
    scores = {
        name: 1 + sum((own > cut).astype(int) for cut in own.quantile([0.2, 0.4, 0.6, 0.8]))
        for name, own in measures.items()
    }
    cells = pd.DataFrame(scores).assign(amount=each.amount).groupby(list(scores)).amount
    assert {(one.recency, one.frequency, one.money): one.customers for one in found.cells} == dict(
        cells.size()
    )
    for name, own in scores.items():
        assert getattr(found, name).sizes == tuple((own == one).sum() for one in range(1, 6))
    assert found.recency.cuts == tuple(sorted(found.recency.cuts))
    assert all(cut >= 0 for cut in found.recency.cuts)
    top = int(np.ceil(len(each) / 5))
    share = each.amount.nlargest(top).sum() / each.amount.sum()
    assert pareto_share(history(engine())).value == pytest.approx(share)


def test_a_filter_chooses_customers_by_their_first_day_and_keeps_all_their_orders():
    data = sales()
    firsts = data[data.date == data.customer_id.map(first_days(data))]
    # Where a first day has orders of several channels, the least hash stands for all: leave them.
    single = firsts.groupby("customer_id").channel.agg(lambda own: len(set(own)) == 1)
    email = set(firsts[firsts.channel == "email"].customer_id) & set(single.index[single])
    others = set(single.index[single]) - email
    found = history(engine(), Filters(channels=("email",), start=date(2026, 1, 1)))
    assert len(email) <= found.people <= len(email) + (~single).sum()
    rows = found.orders.aggregate(n=found.orders.count()).to_pyarrow().to_pylist()
    assert rows[0]["n"] >= data.customer_id.isin(email).sum()
    assert found.people + history(engine(), Filters(channels=("ads", "web"))).people == (
        history(engine()).people
    )
    assert len(others) < len(single)


@pytest.mark.parametrize("most_kinds", [500, 0])
def test_sums_by_kind_of_customer_are_those_of_the_orders(
    most_kinds: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules[history.__module__], "_MOST_KINDS", most_kinds)
    found = history(FrameEngine(orders=orders()), Filters(channels=("email",)))
    rows = found.orders.to_pyarrow().to_pandas(date_as_object=False)
    assert 0 < rows.person.nunique() == found.people < sales().customer_id.nunique()
    gaps = rows[rows.gap > 0]
    summed = (
        found.gaps.to_pyarrow()
        .to_pandas(date_as_object=False)
        .groupby("gap")[["times", "people", "beside", "squares"]]
        .sum()
    )
    assert summed.people.sum() == gaps.person.nunique()
    each = gaps.groupby("person").gap.count()
    for limit in sorted(gaps.gap.unique())[::5]:
        within = gaps[gaps.gap <= limit].groupby("person").gap.count()
        known = [within.sum(), (within * each.loc[within.index]).sum(), (within**2).sum()]
        assert summed.loc[:limit, ["times", "beside", "squares"]].sum().tolist() == known
    cohort, month = rows.arrived.dt.to_period("M"), rows.day.dt.to_period("M")
    rows = rows.assign(age=[(one - other).n for one, other in zip(month, cohort, strict=True)])
    known = rows.groupby([cohort, "age"]).agg(
        active=("person", "nunique"), amount=("amount", "sum")
    )
    ages = (
        found.ages.to_pyarrow()
        .to_pandas(date_as_object=False)
        .groupby(["cohort", "age"])[["active", "amount"]]
        .sum()
    )
    np.testing.assert_allclose(ages, known)


def test_rows_in_any_order_give_the_same():
    mixed = FrameEngine(orders=orders().sample(frac=1.0, random_state=3))
    for ask in (retention, returning, rfm):
        ours, theirs = ask(history(engine())), ask(history(mixed))
        if ask is retention:
            assert [one.cells for one in ours.cohorts] == [one.cells for one in theirs.cohorts]
        elif ask is rfm:
            assert [one.customers for one in ours.cells] == [one.customers for one in theirs.cells]
        else:
            assert ours == theirs


def test_amounts_of_several_currencies_are_added_nowhere():
    data = orders()
    data = data.assign(currency=np.where(np.arange(len(data)) % 2, "EUR", "USD"))
    found = history(FrameEngine(orders=data))
    scored, kept = rfm(found), retention(found)
    assert found.out.returned == history(engine()).out.returned > 0
    assert found.out.returned_amount is None
    assert (scored.money, scored.amount, {one.amount for one in scored.cells}) == (
        None,
        None,
        {None},
    )
    assert scored.recency == rfm(history(engine())).recency
    assert {amount for one in kept.cohorts for amount in one.revenue} == {None}
    assert pareto_share(found).flags == ("mixed_currency",)
    days = [one.days for one in listed(FrameEngine(orders=data), found, 90)]
    assert days == sorted(days, reverse=True)
    assert days[0] == sales().groupby("customer_id").date.nunique().max()
    cost = worked_out("cac", {"n": 9.0}, (100.0, 90.0, 110.0), currency="USD")
    assert payback_months(kept, cost).flags == ("part_absent",)


def test_amounts_without_a_currency_count_as_of_the_others_and_are_said():
    data = orders().assign(currency=np.where(np.arange(len(orders())) % 4, "EUR", None))
    some = FrameEngine(orders=data, spend=spend())
    found = history(some)
    assert found.out.no_currency == data.currency.isna().sum()
    assert history(engine()).out.no_currency == 0
    shares = [one for one in sales_shares(some) if one.variant == "of_revenue"]
    back = returns(some, Filters())
    for value in (pareto_share(found), ltv_simple(found, 90), *shares, *back.values):
        assert "currency_unknown" in value.flags
    known = FrameEngine(orders=data.assign(currency="EUR"), spend=spend())
    assert "currency_unknown" not in returns(known, Filters()).roas.flags
    assert pareto_share(history(known)).value == pytest.approx(pareto_share(found).value)


def test_a_history_until_a_day_is_that_of_the_orders_until_then():
    day = date(2026, 1, 20)
    then = history_until(history(engine()), day)
    cut = orders()[~(orders().date > pd.Timestamp(day))]
    alone = replace(history(FrameEngine(orders=cut)), end=day)
    assert (then.people, then.end) == (alone.people, day)
    assert returning(then) == returning(alone)
    assert [one.cells for one in retention(then).cohorts] == [
        one.cells for one in retention(alone).cohorts
    ]
    assert ltv_simple(then, 90).value == pytest.approx(ltv_simple(alone, 90).value)
    (worth,) = worth_until(engine(), Filters(), day, Plan(), frozenset({"ltv_simple"}))
    assert worth.value == pytest.approx(ltv_simple(then, returning(then).limit).value)
    assert history_until(history(engine()), date(2020, 1, 1)) is None
    assert worth_until(engine(), Filters(), date(2020, 1, 1), Plan(), frozenset()) == ()


def test_orders_on_nothing_are_no_missing_column_and_a_few_customers_have_no_best_fifth():
    data = orders().assign(amount=0.0)
    free = history(FrameEngine(orders=data))
    assert pareto_share(free).flags == ("nothing_paid",)
    simple = ltv_simple(free, 90)
    assert (simple.value, simple.flags) == (None, ("all_free",))
    few = orders().dropna(subset=["customer_id", "date"])
    few = few[few.amount > 0].head(4)
    assert pareto_share(history(FrameEngine(orders=few))).flags == ("small_n",)


def test_orders_without_customers_say_what_they_need():
    engine = FrameEngine(orders=pd.DataFrame({"amount": [1.0], "order_id": ["1"]}))
    assert lacks(engine).needs == ("customer_id", "date")
    assert history(engine) is None
    assert lacks(FrameEngine(posts=pd.DataFrame({"reach": [1]}))) is not None


def test_a_single_purchase_of_each_leaves_churn_without_a_limit():
    days = pd.date_range("2026-01-01", periods=40)
    frame = pd.DataFrame({"customer_id": [f"C{one}" for one in range(40)], "date": days})
    found = returning(history(FrameEngine(orders=frame.assign(amount=1.0))))
    assert (found.limit, found.between.value, found.churn.value) == (None, None, None)
    assert found.churn.flags == ("no_repeats",)


def test_the_list_holds_every_customer_with_a_line_of_the_first_day():
    data, found = sales(), history(engine())
    rows = list(listed(engine(), found, 100))
    each = data.groupby("customer_id").agg(
        first=("date", "min"), last=("date", "max"), days=("date", "nunique"),
        amount=("amount", "sum"),
    )  # fmt: skip
    assert len(rows) == len(each)
    told = [(one.first, one.last, one.days, round(one.amount, 4)) for one in rows]
    known = [
        (one.first.date(), one.last.date(), one.days, round(one.amount, 4))
        for one in each.itertuples()
    ]
    assert sorted(told) == sorted(known)
    assert [one.amount for one in rows] == sorted((one.amount for one in rows), reverse=True)
    assert all(one.gone == ((found.end - one.last).days > 100) for one in rows)
    assert all("***" in one.name for one in rows)
    assert len(list(listed(engine(), found, None, most=5))) == 5


def test_the_orders_behind_the_numbers_are_all_sales_with_their_amounts():
    rows = list(orders_listed(engine(), history(engine())))
    assert sorted(one.day for one in rows) == sorted(sales().date.dt.date)
    assert sum(one.amount or 0 for one in rows) == pytest.approx(sales().amount.sum())
    assert all("***" in one.name for one in rows)
