"""Every metric against a slow and obvious computation in pandas, in total and by channel."""

from __future__ import annotations

from functools import cache

import pytest

from crm_metrics.metrics import CATALOGUE, Limits, Result, compute
from tests.metrics.made_facts import SLOW, facts
from tests.metrics.stand_in import FrameEngine

LIMITS = Limits(first_reply=3600)


@cache
def result(by: tuple[str, ...]) -> Result:
    """Each grain alone: together those of messages would make one value."""
    grains = dict.fromkeys(metric.grain for metric in CATALOGUE)
    found = {
        grain: compute(FrameEngine(**{grain: facts()[grain]}), by=by, limits=LIMITS)
        for grain in grains
    }
    # Chats among the events are conversations too.
    return Result(
        tuple(value for grain, one in found.items() for value in one.values if value.grain == grain)
    )


@pytest.mark.parametrize("grain", SLOW)
@pytest.mark.parametrize("by", [(), ("channel",)])
def test_values_equal_the_slow_ones(grain, by):
    data = facts()[grain]
    parts = data.groupby("channel") if by else [(None, data)]
    for channel, part in parts:
        expected = SLOW[grain](part)
        found = {
            value.metric: value
            for value in result(by).values
            if value.grain == grain and value.group.get("channel") == channel
        }
        assert set(found) == set(expected)
        for key, (number, n, *components) in expected.items():
            assert found[key].value == pytest.approx(number, rel=1e-9), key
            assert found[key].n == pytest.approx(n), key
            for one in components:
                assert found[key].components == pytest.approx(one, rel=1e-9), key


def test_every_metric_has_a_slow_computation():
    data = facts()
    slow = {(grain, key) for grain, made in SLOW.items() for key in made(data[grain])}
    assert slow == {(metric.grain, metric.key) for metric in CATALOGUE}


@pytest.mark.parametrize("by", [(), ("channel",)])
def test_intervals_hold_their_values_and_say_where_there_is_none(by):
    for value in result(by).values:
        if value.low is None or value.high is None:
            metric = next(m for m in CATALOGUE if (m.key, m.grain) == (value.metric, value.grain))
            assert metric.kind == "total" or "no_interval" in value.flags
        else:
            assert value.low <= value.value <= value.high


def test_components_of_groups_add_up():
    pooled = {(value.grain, value.metric): value.components for value in result(()).values}
    summed: dict[tuple[str, str], dict[str, float]] = {}
    for value in result(("channel",)).values:
        sums = summed.setdefault((value.grain, value.metric), {})
        for name, number in value.components.items():
            sums[name] = sums.get(name, 0) + number
    # A customer or an order of two channels counts in both.
    of_units = {(metric.grain, metric.key) for metric in CATALOGUE if metric.per}
    # Answers add, the people who gave them in two channels do not.
    by_person = {(metric.grain, metric.key) for metric in CATALOGUE if metric.clusters}
    for key in set(pooled) - of_units - {key for key in pooled if key[0] == "orders"}:
        for name, number in pooled[key].items():
            if key not in by_person or name not in {"m", "yy", "xx", "xy"}:
                assert summed[key][name] == pytest.approx(number), (key, name)


def test_values_come_in_the_order_of_the_catalogue_and_of_channels():
    places = [(metric.grain, metric.key) for metric in CATALOGUE]
    found = [(value.grain, value.metric) for value in result(("channel",)).values]
    assert found == sorted(found, key=places.index)
    first = [value.group["channel"] for value in result(("channel",)).values][:3]
    assert first == ["email", "sms", "chat"]
