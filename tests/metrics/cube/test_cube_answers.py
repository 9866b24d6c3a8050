"""A cube answers what the facts answer, flag for flag."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from crm_metrics.metrics import compute, compute_each
from crm_metrics.metrics.compute import metrics_of
from crm_metrics.metrics.counting import lacking
from crm_metrics.metrics.cube import cut
from crm_metrics.metrics.ground import ground
from crm_metrics.metrics.model import Filters, Limits, Result, Value
from crm_metrics.metrics.standing import standing
from crm_metrics.store import Engine
from tests.metrics.cube.made_datasets import dataset, frame

_GRAINS = ("recipients", "spend", "orders")
_BY = ("channel", "week", "month", "day", "segment", "campaign_name", "Shop floor")
_MAY = date(2026, 5, 1)


@dataclass
class Both:
    cached: Engine
    plain: Engine


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    folder = tmp_path_factory.mktemp("facts")
    made = [dataset(folder, grain, frame(grain)) for grain in _GRAINS]
    with Engine(made, cache=folder / "cache") as cached, Engine(made) as plain:
        yield Both(cached, plain)


def _rounded(value: Value) -> Value:
    numbers = {name: getattr(value, name) for name in ("value", "low", "high")}
    known = {name: number and float(f"{number:.9g}") for name, number in numbers.items()}
    sums = {name: float(f"{number:.9g}") for name, number in value.components.items()}
    return replace(value, components=sums, **known)


def same(one: Result, other: Result) -> None:
    """Equal but for the last digits, which the order of adding decides."""
    assert one.missing == other.missing
    assert len(one.values) == len(other.values)
    for left, right in zip(one.values, other.values, strict=True):
        assert _rounded(left) == _rounded(right)


_days = st.none() | st.integers(-5, 100).map(lambda days: _MAY + timedelta(days=days))
_some = st.lists(st.sampled_from(["email", "sms", "fax"]), max_size=2, unique=True).map(tuple)
_filters = st.builds(
    Filters,
    start=_days,
    end=_days,
    channels=_some,
    campaigns=st.sampled_from([(), ("Spring",), ("autumn", "nowhere")]),
    equal=st.sampled_from([(), (("segment", ("new",)),), (("Shop floor", ("one", "two")),)]),
)


@settings(max_examples=15, deadline=None, derandomize=True, phases=[Phase.generate])
@given(by=st.lists(st.sampled_from(_BY), max_size=2, unique=True), filters=_filters)
def test_any_question(both: Both, by: list[str], filters: Filters) -> None:
    keys = ["open_rate", "cpc", "spend", "aov"]
    same(
        compute(both.cached, keys, by=by, filters=filters),
        compute(both.plain, keys, by=by, filters=filters),
    )


def test_every_metric_in_two_periods(both: Both) -> None:
    each = (
        Filters(start=date(2026, 6, 1), end=date(2026, 6, 30), channels=("email", "sms")),
        Filters(start=date(2026, 5, 1), end=date(2026, 5, 31), channels=("email", "sms")),
    )
    found = compute_each(both.cached, each=each, by=("channel",))
    for one, other in zip(found, compute_each(both.plain, each=each, by=("channel",)), strict=True):
        same(one, other)
        assert one.values


def test_currencies_mix_where_they_do_in_the_facts(both: Both) -> None:
    by_channel = compute(both.cached, ["spend"], by=("channel",)).values
    assert {one.group["channel"]: one.currency for one in by_channel}["sms"] == "USD"
    (all_of_them,) = compute(both.cached, ["spend"]).values
    assert "mixed_currency" in all_of_them.flags


def test_what_can_be_answered(both: Both) -> None:
    engine = both.cached

    def cuts(grain: str, by: tuple[str, ...], **filters: object) -> bool:
        table = ground(engine, grain)[0]
        ready = (one for one in metrics_of(grain) if not lacking(one, engine.mapped(grain)))
        every = [standing(engine, one, table) for one in ready]
        return cut(engine, every, by, [Filters(**filters)], Limits()) is not None

    assert cuts("recipients", ("channel", "week", "segment", "Shop floor"))
    assert cuts("recipients", (), campaigns=("Spring",), channels=("email",))
    assert not cuts("recipients", ("clicked",))
    assert not cuts("recipients", ("hour",))
    assert not cuts("orders", ("customer_id",))


def test_the_facts_are_not_read(tmp_path: Path) -> None:
    made = dataset(tmp_path, "recipients", frame("recipients"))
    with Engine([made], cache=tmp_path / "cache") as engine:
        keys, only = ["click_rate", "open_rate"], Filters(channels=("email",))
        before = compute(engine, keys, by=("segment",), filters=only)
        assert made.facts
        made.facts.path.write_bytes(b"")
        assert compute(engine, keys, by=("segment",), filters=only) == before
        assert len(compute(engine, ["click_rate"], by=("month",)).values) > 2


def test_where_no_row_is_kept_the_facts_are_not_asked(
    both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = ["open_rate", "spend", "aov", "orders_per_customer"]
    nobody = Filters(channels=("fax",))
    every = compute(both.cached, keys, by=("channel",))
    assert {one.metric for one in every.values} >= {"open_rate", "spend", "aov"}
    same(
        compute(both.cached, keys, filters=nobody),
        compute(both.plain, keys, filters=nobody),
    )
    asked: list[object] = []
    monkeypatch.setattr(both.cached.connection, "to_pyarrow", lambda *_, **__: asked.append(1))
    found = compute(both.cached, keys, by=("channel",), filters=nobody)
    monkeypatch.undo()
    assert asked == []
    same(found, compute(both.plain, keys, by=("channel",), filters=nobody))
