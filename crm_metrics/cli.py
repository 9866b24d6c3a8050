"""The command line: inspect, metrics, abtest, plan, report.

Exit 0 done, 1 the input can't be used (one plain sentence on stderr), 2 wrong usage.
"""

from __future__ import annotations

import json
import locale
import logging
import sys
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn

import click

from crm_metrics.cli_documents import (
    abtest_document,
    inspect_document,
    metrics_document,
    plan_document,
    reason_text,
)
from crm_metrics.cli_options import loaded, split_weights, trial
from crm_metrics.errors import CrmMetricsError, UsageError
from crm_metrics.experiments import analyse
from crm_metrics.experiments import plan as plan_test
from crm_metrics.findings import build_report, csv_bytes, workbook
from crm_metrics.findings.verdicts import method_note, next_step, sentence
from crm_metrics.metrics import Filters, compute, metric_named
from crm_metrics.store import Dataset
from crm_metrics.texts import (
    LANGUAGES,
    integer_text,
    language_of,
    percent_text,
    period_text,
    t,
    value_text,
)

_WRONG_USAGE = frozenset({"unknown_metric", "unknown_field", "unknown_grain"})
_FILES = click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
_FILE = click.argument("file", type=click.Path(path_type=Path))
_MAP = click.option("--map", "maps", multiple=True, metavar="COLUMN=FIELD")
_GRAIN = click.option("--grain", help="What one row is, where the suggestion is wrong.")
_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
_LANG = click.option("--lang", type=click.Choice(LANGUAGES), default=None)


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run a command; every error becomes one sentence and an exit code."""
    try:
        commands.main(arguments, standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except CrmMetricsError as error:
        lang = _language(_option(arguments or sys.argv[1:], "--lang"))
        click.echo(t(f"error.{error.code}", lang, **error.params), err=True)
        wrong_usage = isinstance(error, UsageError) or error.code in _WRONG_USAGE
        sys.exit(2 if wrong_usage else 1)
    except Exception:  # the border: a traceback helps no reader of a terminal
        logging.getLogger(__name__).debug("unexpected error", exc_info=True)
        click.echo(t("error.unexpected", _language(_option(sys.argv[1:], "--lang"))), err=True)
        sys.exit(1)
    sys.exit(0)


@click.group()
@click.version_option(package_name=None, version="0.1.0", prog_name="crm_metrics")
def commands() -> None:
    """Channel metrics, A/B tests and findings from the exports of any tool."""


@commands.command()
@_FILE
@_MAP
@_GRAIN
@_LANG
@_JSON
def inspect(
    file: Path, maps: tuple[str, ...], grain: str | None, lang: str | None, *, as_json: bool
) -> None:
    """Say how a file is read and what its columns mean."""
    lang = _language(lang)
    with loaded((file,), maps, grain, strict=False) as workspace:
        datasets = workspace.datasets()
        if as_json:
            _print_json(inspect_document(file, datasets, lang))
            return
        for dataset in datasets:
            _print_dataset(dataset, lang)


@commands.command()
@_FILES
@_MAP
@_GRAIN
@click.option("--by", default="", help="Group by fields or columns, separated by commas.")
@click.option("--metric", "keys", multiple=True, metavar="KEY")
@click.option("--from", "start", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--to", "end", type=click.DateTime(["%Y-%m-%d"]))
@_LANG
@_JSON
def metrics(
    files: tuple[Path, ...],
    maps: tuple[str, ...],
    grain: str | None,
    by: str,
    keys: tuple[str, ...],
    start: datetime | None,
    end: datetime | None,
    lang: str | None,
    *,
    as_json: bool,
) -> None:
    """Compute metrics with their intervals and counts."""
    lang = _language(lang)
    filters = Filters(start=_day(start), end=_day(end))
    groups = tuple(name.strip() for name in by.split(",") if name.strip())
    for key in keys:
        metric_named(key)
    with loaded(files, maps, grain) as workspace, workspace.engine() as engine:
        result = compute(engine, keys or None, by=groups, filters=filters)
    if as_json:
        _print_json(metrics_document(result))
        return
    for value in result.values:
        unit = metric_named(value.metric).unit
        shown, low, high = (value_text(x, unit, lang) for x in (value.value, value.low, value.high))
        group = ", ".join(part or t("channel.unknown", lang) for part in value.group.values())
        name = t(f"metric.{value.metric}.name", lang)
        line = "cli.value" if value.low is not None else "cli.value_alone"
        click.echo(
            t(line, lang, name=name, group=group, value=shown, low=low, high=high, n=int(value.n))
        )
    for missing in result.missing:
        needs = ", ".join(t(f"field.{need}.name", lang) for need in missing.needs)
        click.echo(
            t("cli.missing", lang, name=t(f"metric.{missing.metric}.name", lang), needs=needs)
        )


@commands.command()
@_FILE
@click.option("--variant", required=True, metavar="COL")
@click.option("--control", metavar="NAME")
@click.option("--success", metavar="COL|COL=VALUE|COL>NUMBER")
@click.option("--trials", metavar="COL")
@click.option("--value", metavar="COL")
@click.option("--numerator", metavar="COL")
@click.option("--denominator", metavar="COL")
@click.option("--metric", metavar="KEY", help="A metric of the mapped file, instead of a column.")
@click.option("--unit", metavar="COL", help="The column that names the recipient.")
@click.option("--split", metavar="50:50", help="The planned split, in the order of the arms.")
@click.option("--looks", default="once", metavar="once|N|any")
@click.option("--alpha", type=click.FloatRange(0, 1, min_open=True, max_open=True), default=0.05)
@_MAP
@_GRAIN
@_LANG
@_JSON
def abtest(
    file: Path,
    variant: str,
    control: str | None,
    lang: str | None,
    split: str | None,
    looks: str,
    alpha: float,
    maps: tuple[str, ...],
    grain: str | None,
    *,
    as_json: bool,
    **columns: str | None,
) -> None:
    """Compare two versions and say what the numbers carry."""
    lang = _language(lang)
    with loaded((file,), maps, grain, strict=bool(columns["metric"])) as workspace:
        setup, arms = trial(workspace, variant, control, columns)
    setup = replace(
        setup,
        split=split_weights(split) or setup.split,
        looks=looks,
        alpha=alpha,
    )
    finding = analyse(setup, arms)
    if as_json:
        _print_json(abtest_document(finding, lang))
        return
    for line in (sentence(finding, lang), next_step(finding, lang), *method_note(finding, lang)):
        click.echo(line)


@commands.command()
@click.option("--baseline", type=float, required=True, help="Today's rate, a fraction.")
@click.option("--lift", type=float, help="The relative change to see, 0.2 for +20 %.")
@click.option("--n", type=int, help="People per version that the list allows.")
@click.option("--arms", type=click.IntRange(2, 10), default=2)
@click.option("--split", metavar="50:50")
@click.option("--power", type=click.FloatRange(0, 1, min_open=True, max_open=True), default=0.8)
@click.option("--alpha", type=click.FloatRange(0, 1, min_open=True, max_open=True), default=0.05)
@_LANG
@_JSON
def plan(
    baseline: float,
    lift: float | None,
    n: int | None,
    arms: int,
    split: str | None,
    power: float,
    alpha: float,
    lang: str | None,
    *,
    as_json: bool,
) -> None:
    """Say how many people a test needs, or what a list can show."""
    planned = plan_test(
        baseline, lift=lift, n=n, arms=arms, split=split_weights(split), power=power, alpha=alpha
    )
    if as_json:
        _print_json(plan_document(planned))
        return
    lang = _language(lang)
    click.echo(
        t(
            "cli.plan",
            lang,
            baseline=percent_text(planned.baseline, lang),
            target=percent_text(planned.target, lang),
            lift=percent_text(planned.lift, lang, 0),
            arms="; ".join(integer_text(size, lang) for size in planned.per_arm),
            total=planned.total,
            power=percent_text(planned.power, lang, 0),
        )
    )


@commands.command()
@_FILES
@_MAP
@_GRAIN
@click.option("--out", type=click.Path(path_type=Path), required=True)
@click.option("--from", "start", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--to", "end", type=click.DateTime(["%Y-%m-%d"]))
@_LANG
def report(
    files: tuple[Path, ...],
    maps: tuple[str, ...],
    grain: str | None,
    out: Path,
    start: datetime | None,
    end: datetime | None,
    lang: str | None,
) -> None:
    """Write the findings as a workbook (.xlsx) or a table (.csv)."""
    lang = _language(lang)
    writers = {".xlsx": workbook, ".csv": csv_bytes}
    write = writers.get(out.suffix.lower())
    if write is None:
        raise UsageError("report_format", format=out.suffix or out.name)
    with loaded(files, maps, grain) as workspace:
        filters = Filters(start=_day(start), end=_day(end))
        data = write(build_report(workspace, filters=filters, lang=lang))
    out.write_bytes(data)
    click.echo(t("cli.written", lang, file=out.name))


def _print_dataset(dataset: Dataset, lang: str) -> None:
    table, mapping, facts = dataset.table, dataset.mapping, dataset.facts
    aside = ", ".join(
        f"{t(f'reason.{reason}', lang)} {count}"
        for reason, count in table.account.set_aside.items()
        if count
    )
    click.echo(
        t(
            "cli.table",
            lang,
            table=table.name,
            system=mapping.system or t("cli.no_system", lang),
            grain=t(f"grain.{mapping.grain}.name", lang) if mapping.grain else "?",
            records=table.records,
            lines=table.account.lines,
            aside=aside or t("cli.nothing", lang),
            period=period_text(facts.period, lang) if facts else "?",
        )
    )
    for column in mapping.columns:
        field = t(f"field.{column.field}.name", lang) if column.field else t("cli.no_field", lang)
        level = t(f"level.{column.level}", lang)
        click.echo(f"  {column.name} -> {field} ({level}: {reason_text(column.why, lang)})")
    if dataset.error is not None:
        click.echo(t(f"error.{dataset.error.code}", lang, **dataset.error.params))


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _language(lang: str | None) -> str:
    return lang or language_of(locale.getlocale()[0])


def _option(arguments: list[str], name: str) -> str | None:
    for place, argument in enumerate(arguments):
        if argument == name and place + 1 < len(arguments):
            return arguments[place + 1] if arguments[place + 1] in LANGUAGES else None
        if argument.startswith(f"{name}="):
            return argument.split("=", 1)[1] if argument.split("=", 1)[1] in LANGUAGES else None
    return None


def _print_json(document: dict[str, Any]) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, indent=2, default=str))
