"""`metrics`: values with their intervals and components, and what is missing for the others."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from crm_metrics.cli_files import loaded
from crm_metrics.cli_options import (
    FILES,
    FROM,
    JSON,
    LANG,
    TO,
    language,
    names_in,
    period,
    print_json,
)
from crm_metrics.cli_reading import Reading, reading_options
from crm_metrics.cli_together import OVERLAP, engine_of, overlaps_document
from crm_metrics.metrics import Filters, Missing, Result, Value, compute, metric_named
from crm_metrics.texts import has, t, value_text


@click.command()
@FILES
@reading_options
@click.option("--by", default="", help="Group by fields or columns, separated by commas.")
@click.option("--metric", "keys", multiple=True, metavar="KEY")
@FROM
@TO
@OVERLAP
@LANG
@JSON
def metrics(
    files: tuple[Path, ...],
    reading: Reading,
    by: str,
    keys: tuple[str, ...],
    start: datetime | None,
    end: datetime | None,
    overlap: str | None,
    lang: str | None,
    *,
    as_json: bool,
) -> None:
    """Compute metrics with their intervals and counts."""
    lang = language(lang)
    filters = Filters(*period(start, end))
    for key in keys:
        metric_named(key)
    with loaded(files, reading) as workspace, engine_of(workspace, overlap, lang) as engine:
        found = overlaps_document(workspace)
        headers = {name for item in workspace.datasets() for name in item.table.headers}
        result = compute(engine, keys or None, by=names_in(by, headers), filters=filters)
    if as_json:
        print_json({**metrics_document(result), "overlaps": found})
        return
    for value in result.values:
        click.echo(_value_line(value, lang))
    for missing in result.missing:
        click.echo(_missing_line(missing, lang))


def metrics_document(result: Result) -> dict[str, Any]:
    """Values with their intervals and components, and what is missing for the others."""
    return {
        "rows": [
            {
                "metric": value.metric,
                "variant": value.variant,
                "group": value.group,
                "value": value.value,
                "low": value.low,
                "high": value.high,
                "n": value.n,
                "components": value.components,
                "flags": value.flags,
            }
            for value in result.values
        ],
        "missing": [{"metric": item.metric, "needs": item.needs} for item in result.missing],
    }


def _value_line(value: Value, lang: str) -> str:
    metric = metric_named(value.metric, value.grain)
    shown, low, high = (
        value_text(number, metric.unit, lang, value.currency)
        for number in (value.value, value.low, value.high)
    )
    groups = ", ".join(_group_name(by, part, lang) for by, part in value.group.items())
    name = " · ".join(part for part in (t(f"metric.{value.metric}.name", lang), groups) if part)
    line = "cli.value" if value.low is not None else "cli.value_alone"
    said = t(line, lang, name=name, value=shown, low=low, high=high, n=int(value.n))
    return " ".join([said, *(t(f"flag.{flag}", lang) for flag in value.flags)])


def _group_name(by: str, part: str | None, lang: str) -> str:
    """A channel as a person calls it; anything else as the data name it."""
    if by != "channel":
        return part or t("cli.no_group", lang)
    key = f"channel.{part or 'unknown'}"
    return t(key, lang) if has(key, lang) else str(part)


def _missing_line(missing: Missing, lang: str) -> str:
    needs = ", ".join(t(f"field.{need}.name", lang) for need in missing.needs)
    return t("cli.missing", lang, name=t(f"metric.{missing.metric}.name", lang), needs=needs)
