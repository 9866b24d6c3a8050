"""`abtest`: two versions or more, and what their numbers carry."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from crm_metrics.cli_abtest_document import abtest_document
from crm_metrics.cli_files import loaded
from crm_metrics.cli_options import (
    ALPHA,
    JSON,
    LANG,
    content_of,
    language,
    print_json,
    split_weights,
    with_options,
    written,
)
from crm_metrics.cli_reading import Reading, reading_options
from crm_metrics.errors import UsageError
from crm_metrics.experiments import (
    Arm,
    Finding,
    Margin,
    Other,
    Question,
    Setup,
    Trial,
    arm_of_mean,
    question_named,
    read_plan,
    trial_from_facts,
    trial_from_table,
)
from crm_metrics.experiments.against_plan import NAME as PLAN
from crm_metrics.experiments.rerun import Inputs, concluded
from crm_metrics.experiments.rows import person_column
from crm_metrics.findings.verdict_file import finding_document, finding_json
from crm_metrics.findings.verdict_page import finding_page
from crm_metrics.findings.verdicts import (
    beside_texts,
    gate_text,
    method_note,
    next_step,
    sentence,
)
from crm_metrics.store import Dataset, Workspace
from crm_metrics.texts import t

Given = dict[str, Any]

_MARGIN = re.compile(r"(?P<metric>.+)@(?P<amount>\d+(?:[.,]\d+)?) *(?P<unit>%|pp|п\.п\.)?")
_AMOUNT = re.compile(r"(?P<amount>\d+(?:[.,]\d+)?) *(?P<unit>pp|п\.п\.)?")
_TYPED = re.compile(
    r"(?P<name>.+)=(?P<first>\d+(?:\.\d+)?)(?:~(?P<deviation>\d+(?:\.\d+)?))?/(?P<n>\d+)"
)
_DECISION = (
    click.option("--success", metavar="COL|COL=VALUE|COL>NUMBER"),
    click.option("--trials", metavar="COL"),
    click.option("--value", metavar="COL"),
    click.option("--deviation", metavar="COL", help="Standard deviation, beside totals."),
    click.option("--numerator", metavar="COL"),
    click.option("--denominator", metavar="COL"),
    click.option("--before", metavar="COL", help="What people did before the test (CUPED)."),
    click.option("--answered", metavar="COL", help="When they answered, with --within and --sent."),
    click.option("--within", type=click.FloatRange(0, min_open=True), metavar="HOURS"),
    click.option("--sent", metavar="COL", help="When each message was sent."),
)
_FRAME = (
    click.option(
        "--arm",
        "typed",
        multiple=True,
        metavar="NAME=EVENTS/PEOPLE",
        help="Counts in place of a file, the control first; or NAME=MEAN~DEVIATION/PEOPLE.",
    ),
    click.option("--secondary", multiple=True, metavar="SPEC", help="Another metric, shown."),
    click.option(
        "--guardrail",
        multiple=True,
        metavar="SPEC[@0.1pp|@5%]",
        help="Must not get worse. SPEC: as --success, mean:COL, ratio:COL/COL or totals:COL/COL;"
        " with --metric a metric's key.",
    ),
    click.option("--smallest", metavar="0.3pp|NUMBER", help="The smallest change worth acting on."),
    click.option("--planned-n", type=click.IntRange(2), help="Recipients a version, as planned."),
    click.option("--rest", type=click.IntRange(1), help="People of the list who got nothing yet."),
    click.option("--value-each", type=float, help="The money of one success."),
    click.option("--currency", default="", metavar="RUB"),
    click.option("--least-recipients", type=click.IntRange(1)),
    click.option("--least-events", type=click.IntRange(0)),
    click.option("--segment", "segments", multiple=True, metavar="COL"),
    click.option("--cap", is_flag=True, help="A second line with amounts cut at the 99th percent."),
    click.option("--read-at", type=click.DateTime(), help="When the data were exported."),
)


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--variant", metavar="COL")
@click.option("--control", metavar="NAME")
@with_options(_DECISION)
@click.option("--metric", metavar="KEY", help="A metric of the mapped file, instead of a column.")
@click.option("--unit", metavar="COL", help="The column that names the recipient.")
@click.option("--each-row", is_flag=True, help="A row is a recipient, whoever it names.")
@click.option("--split", metavar="50:50", help="The planned split, the control first.")
@click.option("--looks", default="once", metavar="once|N|K/N|any")
@click.option("--plan", type=click.Path(path_type=Path), metavar="FILE", help="Hold it to a plan.")
@click.option("--finding", "out", type=click.Path(path_type=Path), metavar="FILE", help="Keep it.")
@click.option("--dated", type=click.DateTime(["%Y-%m-%d"]), help="The day to write in it.")
@with_options(_FRAME)
@ALPHA
@reading_options
@LANG
@JSON
def abtest(
    file: Path | None,
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
    **given: Any,
) -> None:
    """Compare two versions and say what the numbers carry."""
    lang = language(lang)
    weights = split_weights(split)
    trial = _typed(given, lang) if given["typed"] else _read(file, reading, given)
    setup = replace(_framed(trial.setup, given), split=weights, looks=looks, alpha=alpha)
    agreed = None if plan is None else read_plan(content_of(plan))
    inputs = Inputs(
        setup, trial.arms, trial.others, plan=agreed, asked=_asked(), beside=trial.beside
    )
    finding = concluded(inputs)
    if out is not None:
        source = "" if file is None else file.name
        _keep(out, inputs, finding, lang, source=source, dated=dated)
    if as_json:
        print_json(abtest_document(finding, lang))
        return
    for line in _said(finding, lang):
        click.echo(line)


def _said(finding: Finding, lang: str) -> list[str]:
    """The verdict, what stands beside it, and the note on method; a line each."""
    told = ("warn", "not_checked")
    seen = [gate for gate in finding.gates if gate.gate == PLAN or gate.status in told]
    lines = [
        sentence(finding, lang),
        next_step(finding, lang),
        *(gate_text(gate, lang) for gate in seen),
        *beside_texts(finding, lang),
        *method_note(finding, lang),
    ]
    return list(dict.fromkeys(lines))  # a segment that is a gate's caveat is told once


def _read(file: Path | None, reading: Reading, given: Given) -> Trial:
    """The test of a file's rows: from a metric of the mapped file or from named columns."""
    if file is None or not given["variant"]:
        raise UsageError("abtest_no_arms")
    with loaded((file,), reading, strict=bool(given["metric"])) as workspace:
        if given["metric"]:
            return _of_metric(workspace, given)
        dataset = workspace.datasets()[0]
        asked = {name: given[name] for name in Question.__dataclass_fields__}
        others = [Other(question_named(text), *rest) for text, *rest in _around(given)]
        return trial_from_table(
            dataset.table,
            Question(**asked),
            variant=given["variant"],
            others=others,
            unit=_unit(dataset, given),
            control=given["control"],
            segments=given["segments"],
            sent=given["sent"],
            read_at=given["read_at"],
            cap=given["cap"],
            fields=dataset.mapping.by_position,
        )


def _unit(dataset: Dataset, given: Given) -> str | None:
    """The header of the column that names the person: the one asked for, else the mapped one."""
    if given["unit"] or given["each_row"] or given["trials"]:
        return given["unit"]
    column = person_column(dataset.mapping.by_position)
    return None if column is None else dataset.table.headers[column]


def _of_metric(workspace: Workspace, given: Given) -> Trial:
    columns = (*Question.__dataclass_fields__, "unit", "each_row", "segments", "cap")
    if any(given[name] for name in columns):
        raise UsageError("abtest_one_metric")
    with workspace.engine() as engine:
        return trial_from_facts(
            engine,
            given["metric"],
            others=_around(given),
            variant=given["variant"],
            grain=workspace.datasets()[0].mapping.grain,
            control=given["control"],
        )


def _typed(given: Given, lang: str) -> Trial:
    """The test of counts that were typed."""
    arms = []
    for text in given["typed"]:
        found = _TYPED.fullmatch(text.strip())
        if found is None:
            raise UsageError("bad_arm", text=text)
        name, first, n = found["name"].strip(), float(found["first"]), int(found["n"])
        if found["deviation"] is not None:
            arms.append(arm_of_mean(name, n, first, float(found["deviation"])))
        elif first.is_integer():
            arms.append(Arm(name, n, int(first)))
        else:
            raise UsageError("bad_arm", text=text)
    shape = "proportion" if all(arm.successes is not None for arm in arms) else "mean"
    named = next((given[key] for key in ("success", "value", "metric") if given[key]), None)
    metric = named or t("experiments.typed_metric_default", lang)
    return Trial(Setup(given["control"] or arms[0].name, metric, shape), tuple(arms))  # type: ignore[arg-type]


def _around(given: Given) -> list[tuple[str, Any, Margin | None]]:
    """Metrics beside the decision's: what was written, the role, the margin."""
    found: list[tuple[str, Any, Margin | None]] = [
        (text, "secondary", None) for text in given["secondary"]
    ]
    for text in given["guardrail"]:
        named = _MARGIN.fullmatch(text)
        if named is None:
            found.append((text, "guardrail", None))
            continue
        margin = Margin(_amount(named), relative=named["unit"] == "%")
        found.append((named["metric"], "guardrail", margin))
    return found


def _framed(setup: Setup, given: Given) -> Setup:
    """The setup with what was asked around the metric."""
    names = ("planned_n", "rest", "value_each", "least_recipients", "least_events")
    known = {name: given[name] for name in names if given[name] is not None}
    if given["smallest"] is not None:
        found = _AMOUNT.fullmatch(given["smallest"].strip())
        if found is None:
            raise UsageError("bad_smallest", text=given["smallest"])
        known["smallest"] = _amount(found)
    return replace(setup, currency=given["currency"], **known)


def _amount(found: re.Match[str]) -> float:
    """The amount that was written; points and per cent as a fraction."""
    return float(found["amount"].replace(",", ".")) / (100 if found["unit"] else 1)


def _asked() -> tuple[str, ...]:
    """Those options that a plan also sets and that were given: it is said where they differ."""
    context = click.get_current_context()
    given = ParameterSource.COMMANDLINE
    names = ("split", "looks", "alpha")
    return tuple(name for name in names if context.get_parameter_source(name) == given)


def _keep(
    out: Path, inputs: Inputs, finding: Finding, lang: str, *, source: str, dated: datetime | None
) -> None:
    """Write the finding: a page where the name ends in .html, else JSON."""
    day = dated.date() if dated else None
    document = finding_document(inputs, finding, lang, dated=day, source=source)
    page = out.suffix.lower() in (".html", ".htm")
    text = finding_page(inputs, finding, document, lang) if page else finding_json(document)
    written(out, text.encode())
