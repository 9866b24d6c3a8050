"""The tables that hold what values are held against: goals and references."""

from __future__ import annotations

from crm_metrics.findings.goals import scope_text, source_text, target_text
from crm_metrics.findings.number_sheets import goal_cells, shown
from crm_metrics.findings.references import (
    base_text,
    coded,
    kind_text,
    published_by,
    segment_text,
)
from crm_metrics.findings.report import ChannelRow, Report
from crm_metrics.findings.sheet import Cell, Sheet, headings_of, sheet_of
from crm_metrics.findings.wording import channel_name, metric_name
from crm_metrics.metrics.goals import Judged, metric_of
from crm_metrics.metrics.model import Unit
from crm_metrics.metrics.references import Benchmark, History, benchmarks_of
from crm_metrics.texts import t


def goals_sheet(report: Report) -> Sheet:
    """Every goal that is set: the value, the distance with its interval, and the status."""
    headings = headings_of(
        report.lang,
        "metric channel goal value low high n target goal_distance goal_low goal_high"
        " goal_status goal_source",
        value="value low high target",
        change="goal_distance goal_low goal_high",
        number="n",
        long="goal goal_status",
    )
    units = tuple(_unit(judged) for judged in report.goals)
    rows = tuple(
        _goal_row(judged, unit, report.lang)
        for judged, unit in zip(report.goals, units, strict=True)
    )
    return sheet_of(report, "goals", headings, rows, units=units)


def references_sheet(report: Report) -> Sheet:
    """Typical campaigns of one's own, then published numbers for the metrics of the report."""
    lang = report.lang
    headings = headings_of(
        lang,
        "metric channel reference_kind value low high aggregator segment campaigns"
        " source year quality base url",
        value="value low high",
        long="base url",
    )
    unit_of = {row.metric: row.unit for row in report.channels}
    own = [one for one in report.histories if one.lacking == 0 and one.metric in unit_of]
    public = _published(report)
    rows = [_own_row(one, unit_of[one.metric], lang) for one in own]
    rows += [_public_row(one, row, lang) for one, row in public]
    units = [unit_of[one.metric] for one in own] + [row.unit for _, row in public]
    return sheet_of(report, "references", headings, tuple(rows), units=tuple(units))


def _goal_row(judged: Judged, unit: Unit, lang: str) -> tuple[Cell, ...]:
    value = judged.value
    numbers = (value.value, value.low, value.high) if value else (None,) * 3
    return (
        metric_name(judged.goal.metric, lang),
        scope_text(judged.goal, lang),
        target_text(judged, lang),
        *(shown(number, unit) for number in numbers),
        value.n if value else None,
        *goal_cells(judged, unit, lang),
        source_text(judged.goal, lang),
    )


def _own_row(history: History, unit: Unit, lang: str) -> tuple[Cell, ...]:
    return (
        metric_name(history.metric, lang),
        channel_name(history.channel, lang),
        t("references.sheet_own", lang),
        *(shown(number, unit) for number in (history.median, history.low, history.high)),
        t("references.aggregator.median_of_campaigns", lang),
        kind_text(history, lang),
        history.campaigns,
        None,
        history.until.year,
        None,
        t("references.same_base", lang),
        None,
    )


def _public_row(benchmark: Benchmark, row: ChannelRow, lang: str) -> tuple[Cell, ...]:
    return (
        metric_name(benchmark.key, lang),
        channel_name(row.channel, lang),
        t("references.sheet_public", lang),
        shown(benchmark.value, row.unit),
        shown(benchmark.value if benchmark.value_to else None, row.unit),
        shown(benchmark.value_to, row.unit),
        coded("aggregator", benchmark.aggregator, lang),
        segment_text(benchmark, lang),
        None,
        published_by(benchmark, lang),
        benchmark.year,
        coded("quality", benchmark.quality, lang),
        base_text(benchmark, row.now, lang),
        benchmark.url,
    )


def _published(report: Report) -> list[tuple[Benchmark, ChannelRow]]:
    """Published numbers beside the channel that they are for, each once."""
    found: dict[Benchmark, ChannelRow] = {}
    for row in report.channels:
        if row.now.value is not None:
            for one in benchmarks_of(row.metric, row.channel or ""):
                found.setdefault(one, row)
    return list(found.items())


def _unit(judged: Judged) -> Unit:
    metric = metric_of(judged.goal, judged.value)
    return metric.unit if metric else "score"
