"""`metrics`: values with their intervals and components, and what is missing for the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from crm_metrics.cli_compared import COMPARE, REST, Asked, Beside, computed, rests_of
from crm_metrics.cli_files import loaded
from crm_metrics.cli_limits import in_zone_of, limit_options
from crm_metrics.cli_options import (
    ANY_FILES,
    BACKEND,
    FROM,
    JSON,
    LANG,
    TABLES,
    TO,
    content_of,
    language,
    names_in,
    period,
    print_json,
)
from crm_metrics.cli_questions import told_places
from crm_metrics.cli_reading import Reading, reading_options
from crm_metrics.cli_segments import SEGMENT, say_segment, segment_asked, segment_document
from crm_metrics.cli_together import BOTS, OURS, OVERLAP, engine_of, overlaps_document
from crm_metrics.findings.goals import card_text, goal_document
from crm_metrics.findings.lineage import (
    follows_text,
    left_out_texts,
    line_text,
    lineage_document,
)
from crm_metrics.findings.metric_search import metric_meant
from crm_metrics.findings.wording import flags_text, n_text
from crm_metrics.metrics import Filters, Limits, Missing, Result, Value
from crm_metrics.metrics.comparing.several import Adjustment
from crm_metrics.metrics.contact_rate import CONTACT_RATE, contact_rate
from crm_metrics.metrics.declared import declaration
from crm_metrics.metrics.goals import Goal, goals_in, judge_first
from crm_metrics.metrics.ground import Engine
from crm_metrics.metrics.lineage import Lineage, SourceLine, in_files, lineage
from crm_metrics.metrics.model import Metric
from crm_metrics.metrics.periods import Previous
from crm_metrics.store import Authors, Workspace
from crm_metrics.texts import duration_text, has, t, value_text


@click.command()
@ANY_FILES
@BACKEND
@TABLES
@reading_options
@click.option("--by", default="", help="Group by fields or columns, separated by commas.")
@click.option("--metric", "keys", multiple=True, metavar="KEY_OR_NAME")
@FROM
@TO
@click.option(
    "--mature-only", is_flag=True, help="Leave out messages sent too shortly before the end."
)
@limit_options
@OURS
@BOTS
@OVERLAP
@COMPARE
@REST
@SEGMENT
@click.option(
    "--goals",
    "goals_from",
    type=click.Path(path_type=Path),
    help="A JSON or TOML file of goals; each value says whether its goal is met.",
)
@click.option(
    "--lines",
    "first",
    type=click.IntRange(min=0),
    metavar="N",
    help="With each value the N heaviest lines of the files behind it, and what is left out.",
)
@LANG
@JSON
def metrics(
    files: tuple[Path, ...],
    backend: str | None,
    tables: tuple[str, ...],
    reading: Reading,
    limits: Limits,
    ours: tuple[str, ...],
    bots: tuple[str, ...],
    by: str,
    keys: tuple[str, ...],
    start: datetime | None,
    end: datetime | None,
    overlap: str | None,
    previous: Previous | None,
    adjust: Adjustment | None,
    segment_from: str | None,
    goals_from: Path | None,
    first: int | None,
    lang: str | None,
    *,
    mature_only: bool,
    as_json: bool,
) -> None:
    """Compute metrics with their intervals and counts."""
    lang = language(lang)
    if not files and not tables:
        raise click.MissingParameter(param_type="argument", param_hint="FILES")
    filters = Filters(*period(start, end), segment=segment_asked(segment_from))
    goals = _goals(goals_from)
    keys = tuple(metric_meant(key, lang) for key in keys)
    with (
        loaded(files, reading, there=tables, backend=backend) as workspace,
        engine_of(workspace, overlap, lang, Authors(ours, bots)) as engine,
    ):
        found = overlaps_document(workspace)
        say_segment(engine, filters.segment, lang)
        headers = {name for item in workspace.datasets() for name in item.table.headers}
        groups = names_in(by, headers)
        limits = replace(in_zone_of(workspace, limits), mature_only=mature_only)
        summed = [key for key in keys if key != CONTACT_RATE] if keys else None
        asked = computed(engine, summed, groups, filters, previous, limits=limits)
        if not groups and (not keys or CONTACT_RATE in keys):
            asked = _with_contact_rate(engine, asked, filters, wanted=CONTACT_RATE in keys)
        kept = asked.each[0] if asked.each else filters
        rests = rests_of(engine, asked, adjust, kept, limits) if adjust and groups else ()
        beside = Beside(asked, rests)
        traced = _traced(workspace, engine, asked.now, kept, limits, first)
        whose = segment_document(engine, filters.segment)
    result = asked.now
    if as_json:
        document = metrics_document(result, goals, beside)
        for row, own in zip(document["rows"], traced, strict=False):
            row.update(lineage_document(*own))
        print_json({**document, **beside.periods(), **whose, "overlaps": found})
        return
    for place in told_places(result.values):
        value = result.values[place]
        click.echo(_value_line(value, lang, limits))
        for line in beside.lines(place, lang):
            click.echo(f"  {line}")
        if judged := judge_first(goals, value, beside.before(place)):
            click.echo(f"  {card_text(judged, lang)}")
        if traced:
            _echo_lines(value, *traced[place], lang)
    for missing in result.missing:
        click.echo(_missing_line(missing, lang))


def _with_contact_rate(engine: Engine, asked: Asked, filters: Filters, *, wanted: bool) -> Asked:
    """What was computed, and how often customers write: no sum of rows gives that."""
    now, before = asked.each or (filters, None)

    def added(result: Result, of: Filters) -> Result:
        found = contact_rate(engine, of)
        if isinstance(found, Missing):
            return replace(result, missing=(*result.missing, *([found] if wanted else [])))
        return replace(result, values=(*result.values, found))

    earlier = added(asked.before, before) if asked.before and before else asked.before
    return replace(asked, now=added(asked.now, now), before=earlier)


def metrics_document(
    result: Result, goals: Sequence[Goal] = (), beside: Beside | None = None
) -> dict[str, Any]:
    """Values with their intervals, components and goals, and what is missing for the others.

    `beside` adds to each what it was asked to be compared with.
    """
    return {
        "rows": [
            {
                "metric": value.metric,
                "variant": value.variant,
                "grain": value.grain,
                "grains": value.grains,
                "group": value.group,
                "value": value.value,
                "low": value.low,
                "high": value.high,
                "n": value.n,
                "units": value.units,
                "base": value.base,
                "components": value.components,
                "flags": value.flags,
                "young": value.young,
                **_goal_of(value, goals, beside.before(place) if beside else None),
                "currency": value.currency,
                **(beside.document(place) if beside else {}),
            }
            for place, value in enumerate(result.values)
        ],
        "missing": [{"metric": item.metric, "needs": item.needs} for item in result.missing],
    }


def _traced(
    workspace: Workspace,
    engine: Engine,
    result: Result,
    filters: Filters,
    limits: Limits,
    first: int | None,
) -> list[tuple[Lineage, tuple[SourceLine, ...]]]:
    """The rows behind each value; none where they are not asked for."""
    if first is None:
        return []
    found = [
        lineage(engine, _counted(value), filters=filters, limits=limits, first=first)
        for value in result.values
    ]
    return [(one, in_files(one.lines, workspace.datasets())) for one in found]


def _counted(value: Value) -> Value:
    """The value of which the rows are told: those of how often customers write are all contacts."""
    if value.metric != CONTACT_RATE:
        return value
    return replace(value, metric="conversations", variant="sum")


def _echo_lines(value: Value, found: Lineage, lines: Sequence[SourceLine], lang: str) -> None:
    said = [follows_text(value, lang), *left_out_texts(found, lang)]
    said += [line_text(one, lang) for one in lines]
    if lines:
        said.append(t("lineage.shown", lang, shown=len(lines), count=found.total))
    for line in filter(None, said):
        click.echo(f"  {line}")


def _goals(path: Path | None) -> tuple[Goal, ...]:
    if path is None:
        return ()
    return goals_in(content_of(path, "cannot_open"), file=path.name)


def _goal_of(value: Value, goals: Sequence[Goal], before: Value | None) -> dict[str, Any]:
    judged = judge_first(goals, value, before)
    return {"goal": goal_document(judged)} if judged else {}


def _value_line(value: Value, lang: str, limits: Limits) -> str:
    metric = declaration(value.metric, value.grain)
    shown, low, high = (
        value_text(number, metric.unit, lang, value.currency, like=value.value)
        for number in (value.value, value.low, value.high)
    )
    groups = ", ".join(_group_name(by, part, lang) for by, part in value.group.items())
    name = " · ".join(part for part in (t(f"metric.{value.metric}.name", lang), groups) if part)
    line = "cli.value" if value.low is not None else "cli.value_alone"
    said = t(
        line,
        lang,
        name=name,
        value=shown,
        low=low,
        high=high,
        n=n_text(value, lang),
    )
    if isinstance(metric, Metric) and metric.limit:
        within = duration_text(getattr(limits, metric.limit), lang)
        said = f"{said} {t('cli.limit', lang, limit=within)}"
    return " ".join([said, *flags_text(value, lang)])


def _group_name(by: str, part: str | None, lang: str) -> str:
    """A channel as a person calls it; anything else as the data name it."""
    if by != "channel":
        return part or t("cli.no_group", lang)
    key = f"channel.{part or 'unknown'}"
    return t(key, lang) if has(key, lang) else str(part)


def _missing_line(missing: Missing, lang: str) -> str:
    if not missing.needs:
        name = t(f"metric.{missing.metric}.name", lang)
        return t("cli.missing_rows", lang, name=name, grain=t(f"grain.{missing.grain}.name", lang))
    needs = ", ".join(t(f"field.{need}.name", lang) for need in missing.needs)
    return t("cli.missing", lang, name=t(f"metric.{missing.metric}.name", lang), needs=needs)
