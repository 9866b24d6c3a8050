"""`abtest`: two versions or more, and what their numbers carry."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from crm_metrics.cli_files import loaded
from crm_metrics.cli_options import (
    ALPHA,
    FILE,
    JSON,
    LANG,
    content_of,
    language,
    print_json,
    split_weights,
    written,
)
from crm_metrics.cli_reading import Reading, reading_options
from crm_metrics.errors import UsageError
from crm_metrics.experiments import (
    Arm,
    Finding,
    Setup,
    arms_from_facts,
    arms_from_table,
    better_when,
    read_plan,
)
from crm_metrics.experiments.against_plan import NAME as PLAN
from crm_metrics.experiments.rerun import Inputs, concluded
from crm_metrics.findings.verdict_file import finding_document, finding_json
from crm_metrics.findings.verdict_page import finding_page
from crm_metrics.findings.verdicts import gate_text, method_note, next_step, sentence
from crm_metrics.store import Dataset, Workspace

Columns = dict[str, str | None]


@click.command()
@FILE
@click.option("--variant", required=True, metavar="COL")
@click.option("--control", metavar="NAME")
@click.option("--success", metavar="COL|COL=VALUE|COL>NUMBER")
@click.option("--trials", metavar="COL")
@click.option("--value", metavar="COL")
@click.option("--numerator", metavar="COL")
@click.option("--denominator", metavar="COL")
@click.option("--metric", metavar="KEY", help="A metric of the mapped file, instead of a column.")
@click.option("--unit", metavar="COL", help="The column that names the recipient.")
@click.option("--split", metavar="50:50", help="The planned split, the control first.")
@click.option("--looks", default="once", metavar="once|N|any")
@click.option("--plan", type=click.Path(path_type=Path), metavar="FILE", help="Hold it to a plan.")
@click.option("--finding", "out", type=click.Path(path_type=Path), metavar="FILE", help="Keep it.")
@click.option("--dated", type=click.DateTime(["%Y-%m-%d"]), help="The day to write in it.")
@ALPHA
@reading_options
@LANG
@JSON
def abtest(
    file: Path,
    variant: str,
    control: str | None,
    lang: str | None,
    split: str | None,
    looks: str,
    alpha: float,
    plan: Path | None,
    out: Path | None,
    dated: datetime | None,
    reading: Reading,
    *,
    as_json: bool,
    **columns: str | None,
) -> None:
    """Compare two versions and say what the numbers carry."""
    lang = language(lang)
    weights = split_weights(split)
    strict = bool(columns["metric"])
    with loaded((file,), reading, strict=strict) as workspace:
        setup, arms = _trial(workspace, variant, control, columns)
    setup = replace(setup, split=weights, looks=looks, alpha=alpha)
    agreed = None if plan is None else read_plan(content_of(plan))
    inputs = Inputs(setup, arms, plan=agreed, asked=_asked())
    finding = concluded(inputs)
    if out is not None:
        _keep(out, inputs, file, lang, dated)
    if as_json:
        print_json(abtest_document(finding, lang))
        return
    held = [gate_text(gate, lang) for gate in finding.gates if gate.gate == PLAN]
    said = (sentence(finding, lang), next_step(finding, lang), *held)
    for line in (*said, *method_note(finding, lang)):
        click.echo(line)


def abtest_document(finding: Finding, lang: str) -> dict[str, Any]:
    """A verdict with the numbers and gates that it stands on."""
    return {
        "code": finding.code,
        "sentence": sentence(finding, lang),
        "metric": finding.setup.metric,
        "arms": [
            {"name": arm.name, "n": arm.n, "value": arm.value, "low": arm.low, "high": arm.high}
            for arm in finding.arms
        ],
        "comparisons": [asdict(comparison) for comparison in finding.comparisons],
        "gates": [
            {"gate": gate.gate, "status": gate.status, "detail": gate_text(gate, lang)}
            for gate in finding.gates
        ],
        "overall": finding.overall,
        "next_step": next_step(finding, lang),
    }


def _asked() -> tuple[str, ...]:
    """Those options that a plan also sets and that were given: it is said where they differ."""
    context = click.get_current_context()
    given = ParameterSource.COMMANDLINE
    names = ("split", "looks", "alpha")
    return tuple(name for name in names if context.get_parameter_source(name) == given)


def _keep(out: Path, inputs: Inputs, file: Path, lang: str, dated: datetime | None) -> None:
    """Write the finding: a page where the name ends in .html, else JSON."""
    day = dated.date() if dated else None
    document = finding_document(inputs, lang, dated=day, source=file.name)
    page = out.suffix.lower() in (".html", ".htm")
    text = finding_page(concluded(inputs), document, lang) if page else finding_json(document)
    written(out, text)


def _trial(
    workspace: Workspace, variant: str, control: str | None, columns: Columns
) -> tuple[Setup, tuple[Arm, ...]]:
    """The arms of a test, from a mapped file's metric or from named columns."""
    dataset = workspace.datasets()[0]
    picked = {name: column for name, column in columns.items() if name != "metric"}
    if columns["metric"] is None:
        setup, arms = arms_from_table(dataset.table, variant=variant, control=control, **picked)
        return replace(setup, direction=_direction(dataset, picked)), arms
    if any(column is not None for column in picked.values()):
        raise UsageError("abtest_one_metric")
    with workspace.engine() as engine:
        return arms_from_facts(
            engine,
            columns["metric"],
            variant=variant,
            grain=dataset.mapping.grain,
            control=control,
        )


def _direction(dataset: Dataset, columns: Columns) -> Any:
    """Which way is better, by the field of the column that is compared."""
    text = columns["success"] or columns["value"] or columns["numerator"] or ""
    return better_when(text, dataset.table.headers, dataset.mapping.by_position)
