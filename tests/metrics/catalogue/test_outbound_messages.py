"""Outbound messages: what changes no number, and the traps of their metrics."""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest

from crm_metrics.metrics import CATALOGUE, Value, compute
from tests.metrics.made_outbound import made
from tests.metrics.stand_in import FrameEngine

GRAINS = ("campaigns", "recipients", "events")


def values(grain: str, frame: pd.DataFrame, *keys: str, **options) -> dict[str, Value]:
    found = compute(FrameEngine(**{grain: frame}), keys or None, **options).values
    return {value.metric: value for value in found}


@cache
def whole(grain: str) -> dict[str, Value]:
    return values(grain, made()[grain])


@pytest.mark.parametrize("grain", GRAINS)
def test_the_order_of_rows_and_their_files_change_nothing(grain):
    frame = made()[grain].sample(frac=1, random_state=3).reset_index(drop=True)
    half = frame.index % 2
    frame["__dataset"] = frame["__dataset"] + half.astype(str)
    found = values(grain, frame)
    assert found.keys() == whole(grain).keys()
    for key, value in found.items():
        same = whole(grain)[key]
        assert value.components == pytest.approx(same.components), key
        assert value.value == pytest.approx(same.value), key
        assert set(value.flags) == set(same.flags), key


def messages() -> pd.DataFrame:
    """Recipients of ten campaigns of whom everything is known."""
    frame = made(seed=5)["recipients"]
    flags = "bounced opened open_is_machine clicked click_is_machine replied unsubscribed"
    flags += " complained converted"
    for name in flags.split():
        frame[name] = frame[name].fillna(value=False).astype(bool)
    frame["opened"] &= ~frame.bounced
    return frame.assign(
        delivered=~frame.bounced,
        open_is_machine=frame.opened & frame.open_is_machine,
        bounce_type=frame.bounce_type.fillna("soft").where(frame.bounced, None),
        opens_total=frame.opens_total.fillna(0.0),
        clicks_total=frame.clicks_total.fillna(0.0),
        revenue=frame.revenue.fillna(0.0),
        campaign_id=[str(row % 10) for row in range(len(frame))],
    )


def campaigns_of(people: pd.DataFrame) -> pd.DataFrame:
    """The same messages, summed by campaign as a mailing service would export them."""
    counted = pd.DataFrame(
        {
            "campaign_id": people.campaign_id,
            "sent": 1,
            "delivered": people.delivered,
            "bounces": people.bounced,
            "bounces_hard": people.bounced & (people.bounce_type == "hard"),
            "bounces_soft": people.bounced & (people.bounce_type == "soft"),
            "opens_unique": people.opened,
            "opens_machine": people.open_is_machine & (~people.clicked | people.click_is_machine),
            "opens_total": people.opens_total,
            "clicks_unique": people.clicked,
            "clicks_total": people.clicks_total,
            "replies": people.replied,
            "unsubscribes": people.unsubscribed,
            "complaints": people.complained,
            "conversions": people.converted,
            "revenue": people.revenue,
        }
    )
    return counted.groupby("campaign_id", as_index=False).sum()


def test_campaigns_and_their_recipients_give_the_same_sums():
    people = messages()
    by_person, by_campaign = values("recipients", people), values("campaigns", campaigns_of(people))
    declared = {(m.grain, m.key): (m.variant, m.kind, m.unit) for m in CATALOGUE}
    shared = {
        key
        for key in by_person.keys() & by_campaign.keys()
        if declared["recipients", key] == declared["campaigns", key]
    }
    both = {
        key for grain, key in declared if grain == "recipients" and ("campaigns", key) in declared
    }
    # A report credits who it likes; of people it is known who clicked.
    assert shared == both - {"people_reached", "click_conversion_rate"}
    for key in shared:
        one, other = by_person[key].components, by_campaign[key].components
        for name in {"x", "n", "y", "sum"} & one.keys():
            # Of a total n is the number of rows, and so are the units of an interval.
            if (declared["recipients", key][1], name) != ("total", "n"):
                assert one[name] == pytest.approx(other[name]), (key, name)


def test_machine_opens_are_shown_raw_and_with_both_bounds():
    """HubSpot's example: 47 of 97 are 48 %; with machine opens in the base they are 34 %."""
    frame = pd.DataFrame({"delivered": [138], "opens_unique": [88], "opens_machine": [41]})
    people = pd.DataFrame(
        {
            "customer_id": [str(number) for number in range(138)],
            "delivered": True,
            "opened": [number < 88 for number in range(138)],
            "open_is_machine": [number < 41 for number in range(138)],
        }
    )
    for found in (values("campaigns", frame), values("recipients", people)):
        assert found["open_rate"].value == pytest.approx(88 / 138)
        assert found["open_rate_adj"].value == pytest.approx(47 / 97)
        assert found["open_rate_adj"].n == 97
        assert found["open_rate_least"].value == pytest.approx(47 / 138)


def test_a_click_shows_that_the_person_opened_too():
    people = pd.DataFrame(
        {
            "customer_id": list("abcd"),
            "opened": [True, True, True, False],
            "open_is_machine": [True, True, False, False],
            "clicked": [True, False, False, False],
        }
    )
    found = values("recipients", people, "open_rate_adj", "open_rate_least")
    assert found["open_rate_adj"].components == {"x": 2.0, "n": 3.0}
    assert found["open_rate_least"].components == {"x": 2.0, "n": 4.0}


def test_clicks_of_scanners_are_shown_apart_and_show_no_open():
    people = pd.DataFrame(
        {
            "customer_id": list("abcd"),
            "opened": [True, True, True, False],
            "open_is_machine": [True, False, False, False],
            "clicked": [True, True, True, False],
            "click_is_machine": pd.Series([True, False, None, None], dtype="boolean"),
        }
    )
    keys = ("click_rate", "click_rate_adj", "machine_click_share", "open_rate_least")
    found = values("recipients", people, *keys)
    assert found["click_rate"].value == 0.75
    assert found["click_rate_adj"].value == 0.5
    assert "clicks_unjudged" in found["click_rate_adj"].flags
    assert found["machine_click_share"].components == {"x": 1.0, "n": 2.0}
    assert "clicks_unjudged_left_out" in found["machine_click_share"].flags
    assert found["open_rate_least"].value == 0.5


def test_total_clicks_are_no_share_of_people():
    frame = pd.DataFrame({"delivered": [100] * 5, "clicks_total": [142] * 5})
    value = values("campaigns", frame, "total_clicks_per_recipient")["total_clicks_per_recipient"]
    assert value.value == pytest.approx(1.42)
    assert "impossible" not in value.flags


def test_clicks_of_scanners_are_suspected():
    frame = pd.DataFrame(
        {
            "delivered": [1000],
            "opens_unique": [100],
            "clicks_unique": [61],
            "opens_total": [100],
            "clicks_total": [301],
        }
    )
    keys = ("click_rate", "ctor", "total_clicks_per_recipient")
    for value in values("campaigns", frame, *keys).values():
        assert "clicks_like_machines" in value.flags
    usual = frame.assign(clicks_unique=60, clicks_total=300)
    for value in values("campaigns", usual, *keys).values():
        assert "clicks_like_machines" not in value.flags


def test_a_bounce_without_a_type_is_neither_hard_nor_soft():
    people = pd.DataFrame(
        {
            "customer_id": list("abcd"),
            "bounced": [True, True, True, False],
            "bounce_type": ["hard", "Soft", None, None],
        }
    )
    found = values("recipients", people, "bounce_rate", "hard_bounce_rate", "soft_bounce_rate")
    assert [value.value for value in found.values()] == [0.75, 0.25, 0.25]
    assert "bounce_type_unknown" in found["hard_bounce_rate"].flags


def test_bounces_of_one_type_follow_from_all_and_the_other():
    frame = pd.DataFrame({"sent": [1000], "bounces": [50], "bounces_hard": [20]})
    found = values("campaigns", frame, "hard_bounce_rate", "soft_bounce_rate")
    assert found["hard_bounce_rate"].value == pytest.approx(0.02)
    assert found["soft_bounce_rate"].value == pytest.approx(0.03)
    assert "derived" not in found["hard_bounce_rate"].flags
    assert "derived" in found["soft_bounce_rate"].flags


def test_orders_stand_in_for_people_and_say_so():
    frame = pd.DataFrame({"delivered": [1000], "clicks_unique": [100], "orders": [30]})
    found = values("campaigns", frame, "conversion_rate", "click_conversion_rate", "conversions")
    assert {key: value.value for key, value in found.items()} == pytest.approx(
        {"conversion_rate": 0.03, "click_conversion_rate": 0.3, "conversions": 30}
    )
    for value in found.values():
        assert "orders_as_people" in value.flags


def test_revenue_per_message_is_not_that_per_buyer():
    """Blank amounts are noughts, unless the file writes noughts as well."""
    people = pd.DataFrame({"customer_id": list("abcd"), "revenue": [100.0, None, None, None]})
    value = values("recipients", people, "revenue_per_message")["revenue_per_message"]
    assert value.value == pytest.approx(25)
    assert "blank_is_zero" in value.flags
    people["revenue"] = [100.0, 0.0, None, None]
    value = values("recipients", people, "revenue_per_message")["revenue_per_message"]
    assert value.value == pytest.approx(50)
    assert "part_left_out" in value.flags
    people["converted"] = [True, False, False, True]
    value = values("recipients", people, "revenue_per_message")["revenue_per_message"]
    assert value.components["y"] == 100
    assert value.components["x"] == 3
    assert "blank_is_zero" not in value.flags


def test_a_campaign_without_cost_has_no_return_on_it():
    frame = pd.DataFrame({"revenue": [100.0, 50.0], "cost": [0.0, None], "delivered": [10, 10]})
    found = values("campaigns", frame, "roas", "drr", "cost_per_message")
    assert found["roas"].value is None
    assert "no_denominator" in found["roas"].flags
    assert found["drr"].value == 0
    assert "part_left_out" in found["cost_per_message"].flags
