"""From a metric of the mapped facts to the sums of each arm: a metric grouped by version."""

from __future__ import annotations

from collections.abc import Sequence

from crm_metrics.errors import InputError, UsageError
from crm_metrics.experiments.control import control_among
from crm_metrics.experiments.model import (
    MOST_ARMS,
    Arm,
    Direction,
    Margin,
    Measured,
    Metric,
    MetricShape,
    Role,
    Setup,
)
from crm_metrics.experiments.rows import Trial
from crm_metrics.mapping.cells.blanks import fold
from crm_metrics.metrics import Value, compute, metric_named
from crm_metrics.metrics.model import Metric as Declared
from crm_metrics.metrics.model import Result
from crm_metrics.metrics.respondents import are_by_person, as_ratio
from crm_metrics.store import Engine, Engines

_SHAPES: dict[str, MetricShape] = {"proportion": "proportion", "mean": "mean", "ratio": "ratio"}


def trial_from_facts(
    engine: Engine | Engines,
    key: str,
    others: Sequence[tuple[str, Role, Margin | None]] = (),
    *,
    variant: str = "variant",
    grain: str | None = None,
    control: str | None = None,
) -> Trial:
    """A test by a metric of the catalogue, the control first, with other metrics around it.

    `variant` is a field or a header; `others` are keys with their roles and margins. The metric's
    own base is the arms' n (the delivered for a click rate), so people in several arms can't be
    seen here. Raises NotFoundError (unknown_metric, unknown_column, unknown_arm), InputError
    (metric_lacks, metric_lacks_rows, nothing_read, arms_currencies), UsageError (metric_not_tested,
    one_arm, too_many_arms).
    """
    keys = list(dict.fromkeys([key, *(name for name, _, _ in others)]))
    result = compute(engine, keys, by=[variant])
    chosen, metric, values = _of(result, key, grain)
    shape = _SHAPES[metric.kind]
    arms = _arms(values, variant, shape)
    nameless = arms.pop(None, None)
    named = [arm for arm in arms.values() if arm.n > 0]
    unread = tuple((arm.name, 0) for arm in arms.values() if not arm.n)
    first = _control(named, control, key)
    setup = Setup(
        control=first.name,
        metric=key,
        shape=shape,
        direction="down" if metric.direction == "down" else "up",
        unassigned=nameless.n if nameless else 0,
        unread_arms=unread,
        field=key,
    )
    rest = sorted((arm for arm in named if arm is not first), key=lambda arm: fold(arm.name))
    order = [first.name, *(arm.name for arm in rest)]
    around = [_measured(result, other, chosen, variant, order) for other in others]
    return Trial(setup, (first, *rest), tuple(around))


def _of(result: Result, key: str, grain: str | None) -> tuple[str, Declared, list[Value]]:
    """The grain that a metric is taken of, its declaration, and its values by version."""
    values = [v for v in result.values if v.metric == key and grain in (None, v.grain)]
    if not values:
        metric_named(key, grain)
        lacks = [lack for lack in result.missing if lack.metric == key]
        needs = [need for lack in lacks for need in lack.needs]
        if not needs:
            own = grain or next((lack.grain for lack in lacks), None)
            raise InputError("metric_lacks_rows", metric=key, grain=own or metric_named(key).grain)
        raise InputError("metric_lacks", metric=key, needs=", ".join(dict.fromkeys(needs)))
    # A person's own row is better ground than a campaign's totals.
    chosen = min((value.grain for value in values), key=lambda name: name != "recipients")
    metric = metric_named(key, chosen)
    if metric.kind not in _SHAPES:
        raise UsageError("metric_not_tested", metric=key)
    return chosen, metric, [value for value in values if value.grain == chosen]


def _arms(values: list[Value], variant: str, shape: MetricShape) -> dict[str | None, Arm]:
    _refuse_mixed([v for v in values if v.group[variant] is not None], values[0].metric)
    return {
        value.group[variant]: _arm(value.group[variant] or "", shape, value.components)
        for value in values
    }


def _measured(
    result: Result,
    other: tuple[str, Role, Margin | None],
    grain: str,
    variant: str,
    order: list[str],
) -> Measured:
    """Another metric's sums in the arms, in the order of the test's."""
    key, role, margin = other
    _, metric, values = _of(result, key, grain)
    shape = _SHAPES[metric.kind]
    arms = _arms(values, variant, shape)
    missing = [name for name in order if name not in arms]
    if missing:
        raise InputError("metric_lacks_rows", metric=key, grain=grain)
    direction: Direction = "down" if metric.direction == "down" else "up"
    return Measured(
        Metric(key, shape, role, direction, margin, key), tuple(arms[name] for name in order)
    )


def _refuse_mixed(values: list[Value], key: str) -> None:
    """Amounts of two currencies can't be added within an arm, nor compared between arms."""
    currencies = {value.currency for value in values if value.currency}
    if len(currencies) > 1 or any("mixed_currency" in value.flags for value in values):
        raise InputError("arms_currencies", metric=key)


def _control(arms: list[Arm], control: str | None, key: str) -> Arm:
    if not arms:
        raise InputError("nothing_read", column=key)
    if len(arms) > MOST_ARMS:
        raise UsageError("too_many_arms", count=len(arms), most=MOST_ARMS)
    names = {fold(arm.name): arm for arm in arms}
    return names[control_among([arm.name for arm in arms], control)]


def _arm(name: str, shape: MetricShape, sums: dict[str, float]) -> Arm:
    sums = as_ratio(sums) if are_by_person(sums) else sums
    if shape == "proportion":
        return Arm(name, round(sums["n"]), round(sums["x"]))
    if shape == "mean":
        return Arm(name, round(sums["n"]), total=sums["sum"], squares=sums["squares"])
    return Arm(
        name,
        round(sums["m"]),
        total=sums["y"],
        squares=sums["yy"],
        base=sums["x"],
        base_squares=sums["xx"],
        products=sums["xy"],
    )
