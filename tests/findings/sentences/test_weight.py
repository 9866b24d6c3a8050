"""Ranking: of two findings alike but for one thing, the larger, surer or richer weighs no less."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from crm_metrics.findings.compared import channel_rows
from crm_metrics.findings.sentences import channel_sentences, worth_of
from crm_metrics.findings.sentences.weight import certainty_of, size_of, weight
from crm_metrics.metrics.model import Value

STEPS = np.linspace(0, 1, 6)


def test_each_of_the_three_only_ever_adds():
    for size, sure, money in itertools.product(STEPS, STEPS, STEPS):
        for more in STEPS[size <= STEPS]:
            assert weight(more, sure, money) >= weight(size, sure, money)
        for more in STEPS[sure <= STEPS]:
            assert weight(size, more, money) >= weight(size, sure, money)
        for more in STEPS[money <= STEPS]:
            assert weight(size, sure, more) >= weight(size, sure, money)


def test_size_and_certainty_grow_with_the_change_and_its_n():
    sizes = [size_of("share", value, 0.02) for value in (0.02, 0.022, 0.03, 0.05, 0.07, 0.5)]
    assert sizes == sorted(sizes)
    assert (sizes[0], sizes[-1]) == (0.0, 1.0)
    assert size_of("share", 0.01, 0.02) == pytest.approx(size_of("share", 0.02, 0.01))
    assert size_of("points", 30.0, 10.0) == pytest.approx(0.2)
    halves = [certainty_of(0.01, 0.01 - half, 0.01 + half) for half in (0.02, 0.01, 0.005, 0.001)]
    assert halves == sorted(halves)
    assert halves[-1] == 1.0


def money(per: float, *, channel: str, x: float = 1000.0, spread: float = 0.02) -> Value:
    """Revenue per message over x messages, with a small spread between 40 mailings."""
    y, m = per * x, 40
    each, other = y / m, x / m
    yy = m * each**2 * (1 + spread**2)
    return Value(
        *("revenue_per_message", "of_delivered", "campaigns", {"channel": channel}),
        *(per, per * 0.99, per * 1.01, m),
        {"y": y, "x": x, "yy": yy, "xx": m * other**2, "xy": m * each * other, "m": m},
        currency="RUB",
    )


def test_the_richer_of_two_equal_changes_comes_first():
    """The same relative change, as sure: the channel with ten times the volume is said first."""
    now = [money(2.2, channel="sms"), money(2.2, channel="email", x=10_000.0)]
    before = [money(2.0, channel="sms"), money(2.0, channel="email", x=10_000.0)]
    changes = [
        one
        for one in channel_sentences(channel_rows(now, before), lang="en")
        if one.code == "better"
    ]
    assert [one.channel for one in changes] == ["email", "sms"]
    assert changes[0].rank > changes[1].rank


def test_a_change_is_worth_what_it_is_a_change_per():
    (row,) = channel_rows([money(2.2, channel="email")], [money(2.0, channel="email")])
    worth = worth_of(row, [row])
    assert worth.value == pytest.approx(0.2 * 1000)
    assert (worth.low, worth.high) == pytest.approx((row.shift.low * 1000, row.shift.high * 1000))
    assert worth.share == pytest.approx(200 / 2200)
    assert worth.currency == "RUB"


def test_a_conversion_is_worth_the_revenue_of_one():
    def sales(x: int, n: int) -> Value:
        low, high = x / n * 0.9, x / n * 1.1
        return Value(
            *("conversion_rate", "of_delivered", "campaigns", {"channel": "email"}),
            *(x / n, low, high, n, {"x": x, "n": n}),
        )

    revenue = Value(
        *("revenue", "sum", "campaigns", {"channel": "email"}),
        *(60_000.0, None, None, 12, {"sum": 60_000.0, "n": 12}),
        currency="RUB",
    )
    row, total = channel_rows([sales(300, 10_000), revenue], [sales(200, 10_000)])
    worth = worth_of(row, [row, total])
    assert worth.value == pytest.approx(0.01 * 10_000 * 60_000 / 300)
    assert worth_of(row, [row]) is None
    assert worth_of(total, [row, total]) is None
