"""The same metrics on two engines: what each counts over made-up rows, and where they differ."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from datetime import date
from importlib.resources import files

import pytest

from crm_metrics.metrics import CATALOGUE, Limits, Value, compute
from crm_metrics.metrics.hours import Schedule, usual_week
from tests.metrics.stand_in import TableEngine

GRAINS = tuple(dict.fromkeys(metric.grain for metric in CATALOGUE))
Counted = dict[str, tuple[Value, ...] | str]

# Each way to group is asked of some kind of rows.
_BY = {"page_days": "week", "calls": "hour", "support_stats": "weekday"}
_OPEN = Schedule(usual_week().shifts, holidays=(date(2026, 3, 9),))
_LIMITS = {"conversations": Limits(hours=_OPEN), "recipients": Limits(mature_only=True)}


def lacks_of(backend: str) -> list[str]:
    """The metrics of which is said that an engine can't compute them."""
    text = files("crm_metrics.store.remote").joinpath("lacks.toml").read_text()
    return list(tomllib.loads(text)[backend])


def counted(
    engine: TableEngine,
    grain: str,
    told_of: tuple[str, ...] = (),
    lacks: Collection[str] = (),
) -> Counted:
    """The values of each metric, or what the engine says where it can't compute it.

    `told_of` are further grains, those that the rows of this one tell of; what it `lacks` is asked
    for by itself.
    """
    own = {f"{one.grain}.{one.key}": one for one in CATALOGUE if one.grain in (grain, *told_of)}
    asked = {"by": (_BY.get(grain, "channel"),), "limits": _LIMITS.get(grain)}
    together = own.keys() - set(lacks)
    found: Counted = {}
    if together:
        try:
            values = compute(engine, [own[name].key for name in together], **asked).values
        except Exception:  # noqa: BLE001 - which one it is is found below
            together = set()
        else:
            for name in together:
                one = own[name]
                found[name] = tuple(
                    value for value in values if (value.metric, value.grain) == (one.key, one.grain)
                )
    found |= {name: _alone(engine, own[name].key, asked) for name in own.keys() - together}
    return found


def _alone(engine: TableEngine, key: str, asked: dict[str, object]) -> tuple[Value, ...] | str:
    try:
        return compute(engine, [key], **asked).values
    except Exception as error:  # noqa: BLE001 - each engine has errors of its own
        return repr(error)[:300]


def compare(grain: str, here: Counted, there: Counted) -> tuple[set[str], dict[str, str]]:
    """The metrics that rows count for, the same on both, and why the others lack there."""
    compared: set[str] = set()
    lacking: dict[str, str] = {}
    for name, values in here.items():
        others = there[name]
        # A log of events tells of some of what a table of conversations does.
        assert values or not name.startswith(f"{grain}."), f"{name} has no value to compare"
        if isinstance(others, str):
            lacking[name] = others
            continue
        same(values, others, f"{name} of {grain}")
        if any(value.n for value in values):
            compared.add(name)
    return compared, lacking


def same(values: tuple[Value, ...], others: tuple[Value, ...], what: str = "") -> None:
    """Equal groups, flags and counts, and numbers to the ninth digit."""
    assert list(map(_told, others)) == list(map(_told, values)), what
    for value, other in zip(values, others, strict=True):
        assert _numbers(other) == pytest.approx(_numbers(value), rel=1e-9), what


def _told(value: Value) -> tuple[object, ...]:
    """All that is equal to the last bit, and which numbers there are."""
    return value.group, value.variant, value.flags, value.currency, value.n, set(_numbers(value))


def _numbers(value: Value) -> dict[str, float]:
    found = {"value": value.value, "low": value.low, "high": value.high, **value.components}
    return {name: number for name, number in found.items() if number is not None}
