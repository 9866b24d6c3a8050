"""The lines behind a number add up to its components, for every metric on every grain."""

from collections.abc import Hashable
from datetime import date

import pandas as pd
import pytest

from crm_metrics.metrics import (
    CATALOGUE,
    Distinct,
    Filters,
    Limits,
    Metric,
    compute,
    metrics_of,
)
from crm_metrics.metrics.counting import Question, asked_rows
from crm_metrics.metrics.ground import ground
from crm_metrics.metrics.lineage import lineage
from crm_metrics.metrics.model import Weeks
from crm_metrics.metrics.rows import selected
from crm_metrics.metrics.standing import standing
from tests.metrics.combining.test_precedence import A, B, people, sums
from tests.metrics.made_facts import facts
from tests.metrics.stand_in import FrameEngine

_GRAINS = tuple(dict.fromkeys(metric.grain for metric in CATALOGUE))
_LIMITS = Limits(first_reply=3600)
_KEPT = Filters(channels=("email", "chat"))
_ALL = 10_000
_SUM = ("sum", "")
_OF_LINES = {"proportion": ("x", "n"), "ratio": ("y", "x"), "mean": _SUM, "total": _SUM}


def _shape(metric: Metric) -> Hashable:
    """Metrics alike in this differ only in which numbers of a row they read."""
    measures = (metric.numerator, metric.denominator)
    parts = tuple(
        type(one) if one is None or isinstance(one, Distinct | Weeks) else "number"
        for one in measures
    )
    judged = (metric.at_least, metric.above is None, metric.fullest)
    return metric.kind, parts, metric.per, judged


def _different(grain: str) -> list[Metric]:
    """One metric of a grain for each way to count."""
    return list({_shape(one): one for one in metrics_of(grain)}.values())


@pytest.mark.parametrize("grain", _GRAINS)
def test_all_lines_add_up_to_the_components(grain):
    """Of every metric in one query, and as they are shown for each way to count."""
    engine = FrameEngine(**{grain: facts()[grain]})
    table, _ = ground(engine, grain)
    metrics = [standing(engine, metric, table) for metric in metrics_of(grain)]
    asked = asked_rows(engine, metrics, Question((), (_KEPT,), _LIMITS))
    rows, slots = selected(asked, metrics)
    frame = rows.to_pyarrow().to_pandas()
    values = {one.metric: one for one in compute(engine, filters=_KEPT, limits=_LIMITS).values}
    for metric, own in zip(metrics, slots, strict=True):
        counted, parts = frame[frame[own.y].notna()], values[metric.key].components
        y, x = _OF_LINES.get(metric.kind, ("", ""))
        of_units = metric.at_least is not None or metric.above or metric.fullest
        if y and not of_units and not isinstance(metric.numerator, Distinct):
            assert counted[own.y].sum() == pytest.approx(parts[y]), metric.key
        if x and (isinstance(metric.denominator, str) or callable(metric.denominator)):
            assert counted[own.x].sum() == pytest.approx(parts[x]), metric.key
    for metric in _different(grain):
        _check_lines(metric, lineage(
            engine, values[metric.key], filters=_KEPT, limits=_LIMITS, first=_ALL
        ), values[metric.key].components, len(frame))  # fmt: skip


def _check_lines(metric, found, components, rows):
    added = {name: components[name] for name in found.sums}
    assert found.sums == pytest.approx(added), metric.key
    assert found.total + sum(found.left_out.values()) == rows
    assert len({(one.dataset, one.line) for one in found.lines}) == found.total
    y, x = _OF_LINES.get(metric.kind, ("", ""))
    if y in added:
        assert sum(one.numerator for one in found.lines) == pytest.approx(added[y])
    if x in added and metric.denominator is not None:
        assert sum(one.denominator for one in found.lines) == pytest.approx(added[x])


def test_what_is_counted_once_is_no_sum_of_lines():
    engine = FrameEngine(orders=facts()["orders"])
    (orders,) = compute(engine, ["orders"]).values
    (buyers,) = compute(engine, ["repeat_purchase_rate"]).values
    found = lineage(engine, orders, first=0)
    assert orders.value < found.total
    assert found.sums == {"n": found.total}
    assert lineage(engine, buyers, first=0).sums == {}


def test_lines_of_both_grains_stand_behind_a_pooled_value_and_what_gave_way_is_counted():
    engine = FrameEngine(campaigns=sums(A, B), recipients=people(("A", 0, 99, 10)))
    (value,) = compute(engine, ["click_rate"]).values
    found = lineage(engine, value, first=_ALL)
    assert found.sums == value.components == {"x": 10 + 9, "n": 99 + 50}
    assert found.total == 99 + 1
    assert found.left_out == {"finer_counts": 1}
    # The campaign weighs most; then come those who clicked.
    assert [(one.dataset, one.line, one.numerator, one.denominator) for one in found.lines[:2]] == [
        ("sums", 3, 9, 50),
        ("people", 2, 1, 1),
    ]
    assert lineage(engine, value, first=3).lines == found.lines[:3]


def test_a_group_is_found_by_the_name_that_it_has_in_the_value():
    data = pd.DataFrame(
        {
            "date": pd.to_datetime(["2026-05-04", "2026-05-09", "2026-05-11", None]),
            "channel": ["email", "email", None, "sms"],
            "delivered": [100, 50, 10, 7],
            "clicks_unique": [3, 2, 1, None],
            "Segment": ["vip", None, "vip", "vip"],
        }
    )
    engine = FrameEngine(campaigns=data)
    late = Filters(start=date(2026, 5, 5))
    for by, kept in ((("week",), late), (("Segment", "weekday"), Filters())):
        for value in compute(engine, ["click_rate"], by=by, filters=kept).values:
            found = lineage(engine, value, filters=kept, first=0)
            assert found.sums == ({} if value.value is None else value.components)
    by_channel = compute(engine, ["click_rate"], by=["channel"]).values
    (sms,) = (one for one in by_channel if one.group["channel"] == "sms")
    assert lineage(engine, sms).left_out == {"part_left_out": 1}


def test_lines_of_several_engines_stand_together():
    one, other = (
        FrameEngine(campaigns=sums(own).assign(__dataset=name))
        for own, name in ((A, "a"), (B, "b"))
    )
    (value,) = compute([one, other], ["click_rate"]).values
    found = lineage([one, other], value)
    assert found.sums == value.components
    assert [one.dataset for one in found.lines] == ["a", "b"]
