"""The way from sent to bought: people only, over the same rows, each grain for itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import and_

import ibis
import ibis.expr.types as ir
import numpy as np

from crm_metrics.metrics import deliveries, intervals
from crm_metrics.metrics.combining.events import SENDLESS
from crm_metrics.metrics.expressions import NO, at, one
from crm_metrics.metrics.filtering import kept
from crm_metrics.metrics.ground import Engine, grains_of, ground, mapped_of, parts_of
from crm_metrics.metrics.model import Filters, Limits, Measure, Step
from crm_metrics.metrics.per_row import per_row


@dataclass(frozen=True, slots=True)
class _Stage:
    """A step of a grain's funnel: its code, the fields of which one is needed, people per row."""

    step: str
    needs: str
    people: Measure


def _delivered(table: ir.Table, _: Limits) -> ir.BooleanValue:
    return ibis.coalesce(table.delivered, ~table.bounced)


_STAGES: dict[str, tuple[_Stage, ...]] = {
    "campaigns": (
        _Stage("sent", "sent", "sent"),
        _Stage("delivered", "delivered|bounces|bounces_hard|bounces_soft", deliveries.delivered),
        _Stage("opened", "opens_unique", "opens_unique"),
        _Stage("clicked", "clicks_unique", "clicks_unique"),
        _Stage("converted", "conversions|orders", at("conversions", "orders")),
    ),
    "recipients": (
        _Stage("sent", "", one),
        _Stage("delivered", "delivered|delivered_at|bounced", _delivered),
        _Stage("opened", "opened|opened_at", "opened"),
        _Stage("clicked", "clicked|clicked_at", "clicked"),
        _Stage("converted", "converted|converted_at", "converted"),
    ),
    "calls": (
        _Stage("called", "", one),
        _Stage("converted", "converted|converted_at", "converted"),
    ),
    "attendance": (
        _Stage("registered", "", one),
        _Stage("attended", "attended|joined_at", "attended"),
        _Stage("lead", "lead", "lead"),
    ),
}


def funnel(engine: Engine, filters: Filters | None = None) -> list[Step]:
    """Steps of each grain that has at least two, from the widest to the narrowest.

    All steps of a grain are counted over the rows that know them all; a step that more people
    reached than the one before is no part of a funnel and is left out. Grains are never added.
    """
    steps: list[Step] = []
    present = grains_of(engine)
    for grain, stages in _STAGES.items():
        if grain in present:
            steps += _of_grain(engine, grain, stages, filters or Filters())
    return steps


def _of_grain(
    engine: Engine, grain: str, stages: tuple[_Stage, ...], filters: Filters
) -> list[Step]:
    parts = [part for part in parts_of(engine) if grain in grains_of(part)]
    found = [_people_in(part, grain, stages, filters) for part in parts]
    # A step that one place does not know would be counted over fewer rows than the others.
    steps = [step for step in found[0] if all(step in one for one in found)]
    return _narrowing(grain, {step: sum(one[step] for one in found) for step in steps})


def _people_in(
    engine: Engine, grain: str, stages: tuple[_Stage, ...], filters: Filters
) -> dict[str, float]:
    """The people of each step that one engine's facts know; none where it is but one step."""
    mapped = mapped_of(engine, grain)
    known = [one for one in stages if not one.needs or mapped & set(one.needs.split("|"))]
    if len(known) < 2:
        return {}
    table, _ = ground(engine, grain)
    keep = kept(engine, grain, table, filters)
    if keep is None:
        return {}
    if SENDLESS in table.columns:
        keep &= ~table[SENDLESS].fill_null(NO)
    people = {stage.step: per_row(table, stage.people, Limits()) for stage in known}
    rows = table.select(keep=keep, **people)
    complete = reduce(and_, (rows[step].notnull() for step in people))
    rows = rows.filter(rows.keep & complete)
    sums = rows.aggregate(**{step: rows[step].sum() for step in people}).to_pyarrow().to_pylist()[0]
    return {step: float(count or 0) for step, count in sums.items()}


def _narrowing(grain: str, counts: dict[str, float]) -> list[Step]:
    found: list[Step] = []
    for step, count in counts.items():
        if not found:
            found.append(Step(grain, step, count, None, None, None))
            continue
        before = found[-1].count
        if count > before:
            continue
        if before == 0:
            found.append(Step(grain, step, count, None, None, None, ("no_denominator",)))
            continue
        low, high = intervals.wilson(np.array(count), np.array(before))
        found.append(Step(grain, step, count, count / before, float(low), float(high)))
    return found if len(found) > 1 and found[0].count > 0 else []
