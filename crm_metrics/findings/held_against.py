"""What a report's values are held against: goals and the own typical campaign."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from crm_metrics.findings.references import main_history
from crm_metrics.findings.report import Report
from crm_metrics.metrics.goals import Goal, Judged, judge_all, judge_first
from crm_metrics.metrics.ground import Engine
from crm_metrics.metrics.model import Filters, Result
from crm_metrics.metrics.references import own_history

Numbers = Callable[..., list[Result]]


def held_against(
    engine: Engine,
    ask: Numbers,
    report: Report,
    goals: Sequence[Goal],
    periods: tuple[Filters, Filters | None],
) -> Report:
    """The report with its goals judged and each channel's row beside its typical campaign.

    `periods` are the filters of this period and of the one before; `ask` computes over them.
    """
    now, before = periods
    keys = tuple(dict.fromkeys(row.metric for row in report.channels if row.kind != "total"))
    histories = own_history(
        engine,
        keys,
        before=now.start if before else None,
        filters=report.filters,
        limits=report.limits,
    )
    rows = tuple(
        replace(
            row,
            goal=judge_first(goals, row.now, row.before),
            history=main_history(histories, row.now),
        )
        for row in report.channels
    )
    return replace(
        report,
        channels=rows,
        histories=histories,
        goals=_judged(ask, report, goals, periods),
    )


def _judged(
    ask: Numbers,
    report: Report,
    goals: Sequence[Goal],
    periods: tuple[Filters, Filters | None],
) -> tuple[Judged, ...]:
    """All goals judged; those of all channels together over values that are not grouped."""
    if not goals:
        return ()
    values = [row.now for row in report.channels]
    earlier = [row.before for row in report.channels if row.before is not None]
    known = {row.metric for row in report.channels}
    pooled = dict.fromkeys(one.metric for one in goals if one.channel is None)
    keys = tuple(key for key in pooled if key in known)
    if keys:
        each = tuple(filters for filters in periods if filters)
        now, *old = ask(keys, each=each, limits=report.limits)
        values += now.values
        earlier += old[0].values if old else ()
    return judge_all(goals, values, earlier, report.missing)
