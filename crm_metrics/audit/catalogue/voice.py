"""The voice of clients: not asked for long, asked in one place alone, answered by few or late."""

from __future__ import annotations

from collections.abc import Sequence

import ibis.expr.types as ir
import pyarrow as pa

from crm_metrics.audit.conditions import day_before
from crm_metrics.audit.ground import Ground, table_of
from crm_metrics.audit.model import Check, Threshold, Violations
from crm_metrics.metrics.compute import compute
from crm_metrics.metrics.model import Value

SURVEY_DAYS = Threshold("survey_days", 180, 14, 730, "days")
RESPONSE_SHARE = Threshold("response_share", 0.05, 0.005, 0.5, "share")
SLA_TARGET = Threshold("sla_target_share", 0.8, 0.1, 1, "share")


_SHOWN_AS = {"survey_type": "survey"}
_GRAINS = {"survey_type": ("surveys",), "channel": ("conversations",)}


def _absent(ground: Ground) -> Violations:
    """Kinds of surveys of which the last answer is long ago."""
    table = ground.table("surveys")
    rows = table.filter(table.date.notnull())
    each = rows.group_by(survey=rows.survey_type.fill_null("survey")).aggregate(
        last_day=rows.date.max().cast("date"), answers=rows.count()
    )
    return Violations(
        rows=each.filter(each.last_day < day_before(ground.settings, SURVEY_DAYS)),
        base=int(each.count().to_pyarrow().as_py()),
    )


def _below(ground: Ground, metric: str, threshold: Threshold, by: str) -> Violations:
    """Values of a metric that lie below the threshold with their whole interval.

    Of each value of the field `by`, or of all where no file has it.
    """
    split = () if by == "survey_type" and not ground.has("surveys", by) else (by,)
    told = compute(ground.engine, [metric], by=split, limits=ground.settings.limits).values
    # A share of all tickets that were rated is no share of those who were asked.
    known = [(one, one.high) for one in told if one.high is not None and one.grain in _GRAINS[by]]
    limit = ground.settings.of(threshold)
    below = [one for one, high in known if high < limit]
    return Violations(rows=_values(below, by), base=len(known))


def _values(values: Sequence[Value], by: str) -> ir.Table:
    rows = [
        {
            _SHOWN_AS.get(by, by): one.group.get(by),
            "value_share": one.value,
            "low": one.low,
            "high": one.high,
            "n": int(one.n),
        }
        for one in values
    ]
    number = pa.float64()
    kinds = {"value_share": number, "low": number, "high": number, "n": pa.int64()}
    return table_of(rows, **{_SHOWN_AS.get(by, by): pa.string()}, **kinds)


CHECKS = (
    Check(
        key="voice_absent",
        grain="surveys",
        needs=("date|responded_at|invited_at|started_at|ended_at",),
        severity=2,
        effort="M",
        ages=("surveys",),
        rule=_absent,
        counted="surveys_kinds",
        thresholds=(SURVEY_DAYS,),
    ),
    Check(
        key="voice_biased",
        grain="surveys",
        needs=("invited_at|invited",),
        severity=2,
        effort="M",
        rule=lambda ground: _below(
            ground, "survey_response_rate", RESPONSE_SHARE, by="survey_type"
        ),
        counted="surveys_kinds",
        thresholds=(RESPONSE_SHARE,),
    ),
    Check(
        key="sla_broken",
        grain="conversations",
        needs=("first_reply_time|first_reply_at", "created_at|date"),
        severity=1,
        effort="L",
        rule=lambda ground: _below(ground, "answered_within", SLA_TARGET, by="channel"),
        counted="channels",
        thresholds=(SLA_TARGET,),
        limits=("first_reply",),
    ),
)
