"""Facts that stand in two places: the lines behind a number are those of both."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from crm_metrics.metrics import Filters
from crm_metrics.metrics.contact_rate import contact_rate
from crm_metrics.metrics.crm_use import crm_use
from crm_metrics.metrics.lineage import Behind, components_of, of_bucket
from crm_metrics.metrics.value.overview import earned
from crm_metrics.metrics.voice.link import link
from crm_metrics.store.engines import Engines
from tests.metrics.cohorts.made_orders import orders, spend
from tests.metrics.crm_use.test_crm_use import MAY, acts
from tests.metrics.stand_in import FrameEngine
from tests.metrics.voice.test_link import talks

_ALL = 10_000


def places(share: float = 0.6, beside: dict[str, pd.DataFrame] | None = None, **frames):
    """Each frame cut in two, one part of it in each place; `beside` stands in the first alone."""
    halves = {name: round(len(frame) * share) for name, frame in frames.items()}
    first = {name: frame.iloc[: halves[name]] for name, frame in frames.items()} | (beside or {})
    second = {
        name: frame.iloc[halves[name] :].assign(__dataset="other") for name, frame in frames.items()
    }
    return Engines(FrameEngine(**first), FrameEngine(**second))


def behind(engine, value, asked: Behind | None = None):
    return {
        one.name: one.lineage for one in components_of(engine, value, asked or Behind(), first=_ALL)
    }


def test_what_users_did_in_both_places_is_behind_their_numbers():
    engine = places(activities=acts())
    value = crm_use(engine, MAY).values[0]
    own = behind(engine, value, Behind(MAY))["activities_of_users"]
    assert own.sums["y"] == own.total == value.components["sum"]
    assert {one.dataset for one in own.lines} == {"file", "other"}
    assert [one.numerator for one in own.lines] == [1.0] * own.total


def test_conversations_with_a_score_are_those_of_both_places():
    engine = places(conversations=talks())
    value = link(engine).correlation
    own = behind(engine, value)["scored"]
    assert own.total == value.n
    waits = [one.numerator for one in own.lines]
    assert waits == sorted(waits, reverse=True)
    buckets = link(engine).buckets
    assert len(buckets) > 2
    for bucket in buckets:
        some = of_bucket(engine, link(engine), bucket, Behind(), _ALL)
        assert some.sums == {"y": bucket.value.components["x"], "x": bucket.value.n}
    assert {one.dataset for one in own.lines} == {"file", "other"}


def test_profit_of_all_orders_is_behind_the_return_on_spend():
    sold = orders().assign(cost=orders().amount * 0.4)
    engine = places(orders=sold, beside={"spend": spend()})
    period = Filters(start=date(2025, 6, 1), end=date(2025, 8, 31))
    (back,) = earned(engine, period, 1.0)
    own = behind(engine, back.romi, Behind(period))["profit"]
    assert own.sums["y"] == pytest.approx(back.romi.components["profit"])
    assert {one.dataset for one in own.lines} == {"file", "other"}


def test_conversations_of_every_place_are_in_the_contact_rate():
    day = pd.Timestamp("2026-03-01")
    wrote = pd.DataFrame({"date": day, "created_at": day, "customer_id": ["a", "b", "a", "c"]})
    cards = pd.DataFrame({"date": day, "customer_id": ["a", "b", None]})
    engine = places(0.5, conversations=wrote, beside={"contacts": cards})
    value = contact_rate(engine)
    # Of two customers each wrote once; two more conversations are of nobody known in that place.
    assert (value.value, value.components["others"]) == (1.0, 2.0)
    own = behind(engine, value)
    assert own["conversations"].total == len(wrote)
    assert own["customers_contacts"].total == value.n
    assert own["customers_contacts"].left_out == {"nameless_left_out": 1}
