"""What a value says of its base: undefined is None with a reason, never 0."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_metrics.metrics import Missing, Value, compute
from crm_metrics.metrics.lineage import lineage
from tests.metrics.stand_in import FrameEngine


def value_of(key: str, grain: str, frame: pd.DataFrame, **options) -> Value:
    (value,) = compute(FrameEngine(**{grain: frame}), [key], **options).values
    return value


def campaigns(**columns) -> pd.DataFrame:
    return pd.DataFrame(columns)


def test_a_zero_denominator_gives_no_value():
    value = value_of("click_rate", "campaigns", campaigns(delivered=[0, 0], clicks_unique=[0, 0]))
    assert (value.value, value.low, value.high) == (None, None, None)
    assert value.flags == ("no_denominator",)


def test_why_there_is_no_value_stands_before_its_doubts():
    frame = campaigns(delivered=[0], opens_unique=[0], clicks_unique=[3])
    opens, ctor = (value_of(key, "campaigns", frame) for key in ("open_rate", "ctor"))
    assert opens.flags == ("no_denominator", "mpp_raw")
    assert ctor.value is None
    assert ctor.flags == ("no_denominator", "mpp_raw", "impossible_rows")
    money = campaigns(delivered=[10, 10], revenue=[1.0, 2.0], currency=["EUR", "RUB"])
    assert value_of("revenue_per_message", "campaigns", money).flags == ("mixed_currency",)


def test_more_clicks_than_messages_are_reported_not_clipped():
    value = value_of("click_rate", "campaigns", campaigns(delivered=[100], clicks_unique=[142]))
    assert value.value == pytest.approx(1.42)
    assert (value.low, value.high) == (None, None)
    assert value.flags == ("impossible",), "that there is no interval is said once"
    assert value.components == {"x": 142.0, "n": 100.0}


def test_an_impossible_row_within_a_possible_sum_is_told():
    frame = campaigns(delivered=[100, 1000], clicks_unique=[142, 10])
    value = value_of("click_rate", "campaigns", frame)
    assert value.value == pytest.approx(152 / 1100)
    assert "impossible_rows" in value.flags


def test_ratio_of_sums_not_mean_of_ratios():
    frame = campaigns(delivered=[100, 20000], opens_unique=[50, 2000])
    assert value_of("open_rate", "campaigns", frame).value == pytest.approx(2050 / 20100)


def test_rates_with_their_base_become_people():
    frame = campaigns(delivered=[1000, 200], open_rate=[0.2504, 0.5])
    value = value_of("open_rate", "campaigns", frame)
    assert value.components == {"x": 350.0, "n": 1200.0}
    assert {"derived", "mpp_raw"} <= set(value.flags)


def test_rates_without_a_base_have_no_total_and_are_missing_their_count():
    result = compute(FrameEngine(campaigns=campaigns(open_rate=[0.2, 0.3])), ["open_rate"])
    assert [(value.value, value.flags) for value in result.values] == [(None, ("rate_only",))]
    assert result.missing == (Missing("open_rate", "campaigns", ("delivered",)),)


def test_rows_with_only_a_rate_are_left_out_and_told():
    frame = campaigns(delivered=[1000, None], opens_unique=[100, None], open_rate=[0.1, 0.9])
    value = value_of("open_rate", "campaigns", frame)
    assert value.value == pytest.approx(0.1)
    assert "rate_only" in value.flags


def test_sent_as_the_base_is_told():
    value = value_of("click_rate", "campaigns", campaigns(sent=[1000], clicks_unique=[30]))
    assert value.value == pytest.approx(0.03)
    assert "base_sent" in value.flags


def test_machine_opens_are_filtered_where_they_are_known():
    frame = campaigns(delivered=[100], opens_unique=[50], opens_machine=[3])
    values = {value.metric: value for value in compute(FrameEngine(campaigns=frame)).values}
    assert values["open_rate_adj"].value == pytest.approx(47 / 97)
    assert "mpp_raw" not in values["open_rate"].flags


def test_few_observations_are_told():
    frame = campaigns(delivered=[20], clicks_unique=[3])
    assert "small_n" in value_of("click_rate", "campaigns", frame).flags


def test_one_campaign_has_no_interval_of_its_ratio():
    value = value_of("revenue_per_message", "campaigns", campaigns(delivered=[9], revenue=[90.0]))
    assert value.value == pytest.approx(10)
    assert (value.low, value.high) == (None, None)
    assert {"small_n", "no_interval"} <= set(value.flags)


def test_currencies_are_never_added():
    frame = campaigns(revenue=[10.0, 20.0], currency=["RUB", "EUR"], channel=["email", "sms"])
    engine = FrameEngine(campaigns=frame)
    (pooled,) = compute(engine, ["revenue"]).values
    assert pooled.value is None
    assert "mixed_currency" in pooled.flags
    apart = compute(engine, ["revenue"], by=["channel"]).values
    assert [(value.value, value.currency) for value in apart] == [(10.0, "RUB"), (20.0, "EUR")]


def test_a_currency_known_of_some_amounts_only_is_told():
    frame = campaigns(revenue=[10.0, 20.0], currency=["RUB", None])
    value = value_of("revenue", "campaigns", frame)
    assert value.value == 30
    assert "currency_unknown" in value.flags


def test_currencies_mix_within_a_buyer_too():
    frame = pd.DataFrame(
        {"customer_id": ["a", "a"], "amount": [1.0, 2.0], "currency": ["RUB", "EUR"]}
    )
    assert "mixed_currency" in value_of("revenue_per_buyer", "orders", frame).flags


def test_blanks_beside_yes_are_no():
    frame = pd.DataFrame({"customer_id": list("abcd"), "opened": [True, None, None, None]})
    value = value_of("open_rate", "recipients", frame)
    assert value.value == pytest.approx(0.25)
    assert "blank_is_no" in value.flags


def test_blanks_beside_yes_and_no_are_unknown():
    frame = pd.DataFrame({"customer_id": list("abcd"), "opened": [True, False, None, None]})
    value = value_of("open_rate", "recipients", frame)
    assert (value.value, value.n) == (0.5, 2)


def test_a_time_tells_of_the_rows_without_one_in_its_own_file_only():
    frame = pd.DataFrame(
        {
            "clicked_at": pd.to_datetime(["2026-01-02", None, None, None]),
            "__dataset": ["one", "one", "one", "two"],
        }
    )
    value = value_of("click_rate", "recipients", frame)
    assert value.components == {"x": 1.0, "n": 3.0}


@pytest.mark.parametrize(
    ("scores", "columns"),
    [
        ([1, 4, 5, 5], {}),
        ([1, 10, 9], {"scale_min": 1.0, "scale_max": 10.0}),
        ([1, 5], {"survey_type": "csat"}),
        ([0, 55, 90], {}),
    ],
)
def test_other_scales_are_not_nps(scores, columns):
    frame = pd.DataFrame({"score": [float(score) for score in scores]}).assign(**columns)
    value = value_of("nps", "surveys", frame)
    assert (value.value, value.n, value.flags) == (None, 0, ("not_nps",))


def test_an_unnamed_question_up_to_ten_is_nps_with_a_doubt():
    value = value_of("nps", "surveys", pd.DataFrame({"score": [0.0, 9.0, 10.0, 8.0]}))
    assert value.value == pytest.approx(25)
    assert "scale_assumed" in value.flags


@pytest.mark.parametrize(
    ("top", "scores", "satisfied"),
    [(3, [1, 2, 3], 1), (5, [3, 4, 5], 2), (7, [5, 6, 7], 2), (10, [7, 8, 9, 10], 3)],
)
def test_the_top_box_follows_the_scale(top, scores, satisfied):
    frame = pd.DataFrame({"score": [float(score) for score in scores], "survey_type": "csat"})
    stated = value_of("csat", "surveys", frame.assign(scale_max=float(top)))
    assert stated.components["x"] == satisfied
    assert "scale_assumed" not in stated.flags
    assumed = value_of("csat", "surveys", frame)
    assert assumed.components["x"] == satisfied
    assert "scale_assumed" in assumed.flags


def test_unanswered_conversations_stay_in_the_base():
    frame = pd.DataFrame({"first_reply_time": [60.0, 9000.0, None, None]})
    values = {value.metric: value for value in compute(FrameEngine(conversations=frame)).values}
    assert values["answered_within"].value == pytest.approx(0.25)
    assert values["unanswered_rate"].value == pytest.approx(0.5)
    assert values["frt_median"].n == 2


def test_a_reply_before_the_question_is_left_out():
    frame = pd.DataFrame({"first_reply_time": [-5.0, 60.0]})
    value = value_of("frt_median", "conversations", frame)
    assert value.n == 1
    assert "negative_left_out" in value.flags


def test_returns_are_left_out_of_sales():
    status = ["paid", "Cancelled", None, " Возврат"]
    frame = pd.DataFrame({"amount": [10.0, 20.0, 30.0, 5.0], "status": status})
    value = value_of("revenue", "orders", frame)
    assert value.value == 40
    assert "returns_left_out" in value.flags


def test_follower_growth_from_the_level():
    frame = pd.DataFrame(
        {
            "date": pd.to_datetime(["2026-01-01", "2026-01-02", "2026-01-03"] * 2),
            "platform": ["vk"] * 3 + ["ok"] * 3,
            "followers": [100, 110, 105, 5, 6, 8],
        }
    )
    value = value_of("follower_growth", "page_days", frame)
    assert value.value == 5 + 3
    assert "derived" in value.flags


@pytest.mark.parametrize("order", [range(7), reversed(range(7)), (3, 0, 5, 1, 6, 2, 4)])
def test_growth_from_levels_is_the_same_in_any_order_of_lines(order):
    """By the levels of each day in their order: 10 -> 15 -> 16 on the 3rd, 14 -> 20 on the 5th."""
    levels = [
        ("2026-01-01", 10),
        ("2026-01-03", 15),
        ("2026-01-03", 16),
        ("2026-01-04", None),
        ("2026-01-05", 14),
        ("2026-01-05", 20),
        (None, 99),
    ]
    frame = pd.DataFrame([levels[place] for place in order], columns=["date", "followers"])
    frame["date"] = pd.to_datetime(frame["date"])
    frame["followers"] = frame["followers"].astype("Int64")
    result = compute(FrameEngine(page_days=frame), ["follower_growth"], by=("date",))
    found = {value.group["date"]: value.value for value in result.values}
    steps = {"2026-01-01": None, "2026-01-03": 6, "2026-01-04": None, "2026-01-05": 4, None: None}
    assert found == steps


def test_conversions_from_clicks_are_those_of_who_clicked():
    frame = pd.DataFrame(
        {"clicked": [True, True, False, False, None], "converted": [True, False, True, True, True]}
    ).astype("boolean")
    value = value_of("click_conversion_rate", "recipients", frame)
    assert value.components == {"x": 1.0, "n": 2.0}
    assert "converted_unclicked_left_out" in value.flags
    assert "impossible_rows" not in value.flags
    left_out = lineage(FrameEngine(recipients=frame), value).left_out
    assert left_out["converted_unclicked_left_out"] == 2


def test_an_agents_averages_are_weighted_and_have_no_interval():
    frame = pd.DataFrame({"first_reply_time": [60.0, 600.0], "conversations": [9, 1]})
    value = value_of("frt_mean", "support_stats", frame)
    assert value.value == pytest.approx(114)
    assert (value.low, value.high) == (None, None)
    assert "no_interval" in value.flags


def test_no_deal_is_decided_yet():
    value = value_of("win_rate", "deals", pd.DataFrame({"stage": ["open", "open"]}))
    assert (value.value, value.flags) == (None, ("none_decided",))


def test_a_stage_that_means_nothing_is_not_taken_for_open():
    frame = pd.DataFrame({"stage": ["open", "Купили", "won"], "amount": [10.0, 500.0, 70.0]})
    value = value_of("pipeline", "deals", frame)
    assert value.value == 10
    assert "stage_unknown" in value.flags
    value = value_of("pipeline", "deals", frame[1:2])
    assert value.value is None
    assert "none_open" in value.flags


people = st.none() | st.integers(0, 60)


@given(rows=st.lists(st.tuples(people, people), max_size=6))
@settings(max_examples=15, deadline=None)
def test_a_share_is_that_of_the_rows_that_know_both_or_none_with_a_reason(rows):
    columns = [pd.Series([row[i] for row in rows], dtype="Int64") for i in (0, 1)]
    frame = pd.DataFrame({"delivered": columns[0], "clicks_unique": columns[1]})
    found = compute(FrameEngine(campaigns=frame.assign(sent=1)), ["click_rate"])
    both = [(n, x) for n, x in rows if n is not None and x is not None]
    if not any(x is not None for _, x in rows):
        assert found.values == () or found.values[0].flags[0] == "no_data"
        return
    (value,) = found.values
    assert (value.value is None) == bool({"no_data", "no_denominator"} & {*value.flags})
    # A row without the number delivered has the number sent, 1, as its base.
    both += [(1, x) for n, x in rows if n is None and x is not None]
    n, x = (sum(row[i] for row in both) for i in (0, 1))
    assert value.components == {"x": float(x), "n": float(n)}
    if value.value is not None:
        assert value.value == pytest.approx(x / n)
    if "impossible" in value.flags:
        assert (value.low, value.high) == (None, None)
    elif value.value is not None:
        assert 0 <= value.low <= value.value <= value.high <= 1


def test_a_cost_without_its_clicks_is_left_out_and_said():
    """Where blank means zero, the price of a click would be 30 / 10, not 10 / 10."""
    frame = pd.DataFrame({"cost": [10.0, 20.0], "clicks": [10.0, None]})
    value = value_of("cpc", "spend", frame)
    assert value.value == pytest.approx(1.0)
    assert "part_left_out" in value.flags
    whole = pd.DataFrame({"cost": [10.0, None], "clicks": [10.0, None]})
    assert "part_left_out" not in value_of("cpc", "spend", whole).flags


def test_a_reply_before_the_beginning_is_neither_in_time_nor_late():
    started = pd.to_datetime(["2026-05-01 10:00"] * 4)
    replied = pd.to_datetime(["2026-05-01 10:30", "2026-05-01 20:00", "2026-05-01 09:00", None])
    frame = pd.DataFrame({"created_at": started, "first_reply_at": replied})
    value = value_of("answered_within", "conversations", frame)
    assert value.components == {"x": 1.0, "n": 3.0}
    assert "negative_left_out" in value.flags


def test_a_single_answer_lies_in_its_own_interval():
    scores = {f"channel {score}": score for score in range(11)}
    columns = {"score": list(scores.values()), "channel": list(scores), "survey_type": "nps"}
    answers = pd.DataFrame(columns)
    values = compute(FrameEngine(surveys=answers), ["nps"], by=["channel"]).values
    assert {value.group["channel"] for value in values} == set(scores)
    for value in values:
        score = scores[value.group["channel"]]
        assert value.n == 1
        assert value.value == (100 if score >= 9 else -100 if score <= 6 else 0), score
        assert -100 <= value.low <= value.value <= value.high <= 100, score


def test_a_ratio_of_few_rows_has_no_interval_and_a_share_no_end_below_zero():
    def reached(units: int):
        posts = pd.DataFrame({"engagements": [0] * (units - 1) + [90], "reach": [100] * units})
        (value,) = compute(FrameEngine(posts=posts), ["er_reach"]).values
        return value

    four, five = reached(4), reached(5)
    assert (four.low, four.high) == (None, None)
    assert four.flags == ("small_n", "no_interval")
    assert five.flags == ("few_units",)
    assert five.low == 0
    assert five.high > five.value > 0


@pytest.mark.parametrize(
    ("words", "share"),
    [(["Отвечен", "Пропущен"], 0.5), (["ANSWERED", "NO ANSWER", "BUSY", "ANSWERED"], 0.5)],
)
def test_calls_are_answered_by_the_words_of_their_logs(words, share):
    calls = pd.DataFrame({"status": words, "direction": ["in"] * len(words)})
    (value,) = compute(FrameEngine(calls=calls), ["call_answer_rate"]).values
    assert value.value == share


def test_a_person_whom_nothing_reached_is_no_unit():
    """By hand: a and b got one each; c's bounced and d's too, but d bought all the same."""
    frame = pd.DataFrame(
        {
            "customer_id": ["a", "b", "c", "d"],
            "delivered": [True, True, False, False],
            "revenue": [5.0, 0.0, 0.0, 3.0],
        }
    )
    value = value_of("revenue_per_message", "recipients", frame)
    assert (value.value, value.n, value.base) == (4, 3, 2)
    cost = value_of("cpc", "spend", pd.DataFrame({"cost": [4.0, 0.0], "clicks": [2, 0]}))
    assert (cost.value, cost.n) == (2, 1)
    none = value_of("cpc", "spend", pd.DataFrame({"cost": [0.0], "clicks": [0]}))
    assert (none.value, none.flags) == (None, ("no_denominator",))


def test_who_only_a_scanner_clicked_for_is_not_engaged():
    frame = pd.DataFrame(
        {
            "customer_id": ["a", "b", "c"],
            "delivered": [True] * 3,
            "clicked": [True, True, False],
            "click_is_machine": pd.array([True, None, None], dtype="boolean"),
        }
    )
    value = value_of("engaged_audience_rate", "recipients", frame)
    assert value.components == {"x": 1.0, "n": 3.0}


def test_an_order_at_an_event_is_a_conversion():
    came = pd.DataFrame(
        {
            "__dataset": ["a", "a", "a", "b"],
            "attended": [True, True, False, True],
            "order_id": ["1", None, "2", None],
        }
    )
    value = value_of("event_conversion", "attendance", came)
    assert value.components == {"x": 1.0, "n": 2.0}, "a file without orders does not say who bought"
