"""`audit`: what is wrong in the data and the work of a CRM, and the rows to put right."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from crm_metrics.audit import (
    Audit,
    Finding,
    Settings,
    check_of,
    finding_id,
    ground_of,
    records_of,
    refuse_unknown,
)
from crm_metrics.audit import audit as audited
from crm_metrics.audit.ageing import aged
from crm_metrics.audit.as_of import day_of_audit
from crm_metrics.audit.gates import gates
from crm_metrics.audit.plan import Plan, plan_in
from crm_metrics.audit.questionnaire import Questionnaire
from crm_metrics.cli_audit_against import (
    against_document,
    against_lines,
    before_in,
    compared,
    save,
)
from crm_metrics.cli_audit_asked import lists_of, thresholds_of
from crm_metrics.cli_files import loaded
from crm_metrics.cli_limits import in_zone_of, limit_options
from crm_metrics.cli_options import FILES, JSON, LANG, content_of, language, print_json
from crm_metrics.cli_reading import Reading, reading_options
from crm_metrics.cli_together import OVERLAP, engine_of
from crm_metrics.errors import InputError, NotFoundError, UsageError
from crm_metrics.findings.audit_list import records_csv
from crm_metrics.findings.audit_words import (
    WEIGHTS,
    advice_text,
    aged_texts,
    check_name,
    count_text,
    incomplete_text,
    inflow_text,
    meaning_text,
    more_text,
    not_run_text,
    passed_texts,
    score_of,
)
from crm_metrics.metrics.model import Limits
from crm_metrics.store import Engine, Engines
from crm_metrics.texts import date_text, integer_text, t

FAILED = 3
"""The exit code where --fail-on finds something; 1 and 2 are files and options that can't be."""
_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@FILES
@reading_options
@click.option("--today", type=_DAY, help="The day that is today; else the last that data tell of.")
@click.option("--since", type=_DAY, help="Tell apart what was created since that day.")
@click.option(
    "--threshold", "given", multiple=True, metavar="KEY=VALUE", help="A threshold of a check."
)
@click.option(
    "--allowed",
    multiple=True,
    metavar="FIELD=VALUES",
    help="The values that a category may have: divided by “;”, or a file with one a line.",
)
@click.option("--off", multiple=True, metavar="CHECK", help="A check that is not asked.")
@click.option(
    "--fail-on",
    type=click.IntRange(1, 3),
    help=f"Exit with {FAILED} where a finding is of this severity (1 is the worst) or worse.",
)
@click.option("--list", "listed", metavar="CHECK", help="The check (or the id) to list in --out.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="A CSV file for the rows to put right."
)
@click.option("--goal", default="", help="What the audit is for, in a person's words.")
@click.option(
    "--plan",
    "plan_from",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The plan's JSON file, as the Audit page saves it.",
)
@click.option(
    "--save",
    "saved",
    type=click.Path(path_type=Path),
    help="A JSON file for this audit's shares and counts, to compare a later one with.",
)
@click.option(
    "--against",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file of an earlier audit (--save) to compare with.",
)
@click.option("--unmasked", is_flag=True, help="E-mails, phones and names in full in the list.")
@limit_options
@OVERLAP
@LANG
@JSON
def audit(
    files: tuple[Path, ...],
    reading: Reading,
    today: datetime | None,
    since: datetime | None,
    given: tuple[str, ...],
    allowed: tuple[str, ...],
    off: tuple[str, ...],
    fail_on: int | None,
    listed: str | None,
    out: Path | None,
    goal: str,
    plan_from: Path | None,
    saved: Path | None,
    against: Path | None,
    overlap: str | None,
    lang: str | None,
    limits: Limits,
    *,
    unmasked: bool,
    as_json: bool,
) -> None:
    """Check contacts, deals, tasks and mailings, and tell what to put right first."""
    lang = language(lang)
    if (listed is None) != (out is None):
        raise UsageError("audit_list_out")
    before = before_in(against)
    if since is None and before is not None:
        since = datetime.combine(before.today + timedelta(days=1), datetime.min.time())
    settings = Settings(
        thresholds=thresholds_of(given),
        severities=dict.fromkeys(off, 0),
        today=today.date() if today else None,
        since=since.date() if since else None,
        limits=limits,
        lists=lists_of(allowed),
    )
    refuse_unknown(settings)
    with (
        loaded(files, reading) as workspace,
        engine_of(workspace, overlap, lang) as engine,
    ):
        day = settings.today or day_of_audit(engine, workspace.datasets())
        settings = replace(settings, today=day, limits=in_zone_of(workspace, limits))
        found = audited(engine, settings)
        lacking = gates(engine, found, asked=Questionnaire(goal), plan=_plan(plan_from))
        found = replace(found, gates=lacking)
        if saved is not None:
            save(engine, found, saved)
        told = before and compared(engine, found, before)
        names = {item.id: item.table.file_name for item in workspace.datasets()}
        if listed is not None and out is not None:
            finding = _asked(found, listed)
            _write(engine, names, finding, found.settings, out, lang, masked=not unmasked)
    if as_json:
        again = {"against": against_document(told, found)} if told else {}
        print_json(document(found, names, lang) | again)
    else:
        for line in (*_lines(found, lang), *(against_lines(told, found, lang) if told else ())):
            click.echo(line)
        for path in filter(None, (out, saved)):
            click.echo(t("cli.written", lang, file=path.name))
    if fail_on and any(one.severity <= fail_on for one in found.findings):
        sys.exit(FAILED)


def document(found: Audit, files: dict[str, str], lang: str) -> dict[str, Any]:
    """An audit as JSON: findings in their order, what passed, and what could not be asked."""
    return {
        "today": found.today.isoformat(),
        "score": score_of(found),
        "score_weights": {str(severity): weight for severity, weight in WEIGHTS.items()},
        "gates": list(found.gates),
        "rows": dict(found.rows),
        "ends": {grain: day.isoformat() for grain, day in found.ends.items()},
        "ends_early": [
            {"grain": one.grain, "ends": one.ends.isoformat(), "findings": one.findings}
            for one in aged(found)
        ],
        "findings": [_plain(one, files, found.settings, lang) for one in found.findings],
        "passed": [
            {
                "check": one.check,
                "scope": one.scope,
                "base": one.base,
                "numbers": dict(one.numbers),
            }
            for one in found.passed
        ],
        "not_run": [
            {"check": one.check, "grain": one.grain, "reason": one.reason, "needs": one.needs}
            for one in found.not_run
        ],
    }


def _plain(one: Finding, files: dict[str, str], settings: Settings, lang: str) -> dict[str, Any]:
    check = check_of(one.check, one.grain)
    new = one.inflow
    return {
        "id": one.id,
        "check": one.check,
        "scope": one.scope,
        "name": check_name(one.check, one.scope, lang),
        "severity": one.severity,
        "effort": one.effort,
        "counted": one.counted,
        "count": one.count,
        "base": one.base,
        "share": one.share,
        "low": one.low,
        "high": one.high,
        "money": [{"currency": currency, "amount": amount} for currency, amount in one.money],
        "numbers": dict(one.numbers),
        "inflow": new and {"since": new.since.isoformat(), "count": new.count, "base": new.base},
        "meaning": meaning_text(check, settings, lang),
        "recommendation": advice_text(one.check, lang),
        "examples": [
            {name: files.get(cell, cell) if name == "file" else cell for name, cell in row.items()}
            for row in one.examples
        ],
    }


def _plan(path: Path | None) -> Plan:
    return Plan() if path is None else plan_in(content_of(path), file=path.name)


def _asked(found: Audit, listed: str) -> Finding:
    """The finding of a check's key or of an id.

    Raises NotFoundError("no_such_check") for what is neither, and InputError: "audit_list_not_run"
    where the check was not asked of these data, "audit_list_nothing" where it found nothing.
    """
    own = [one for one in found.findings if listed in (one.check, one.id)]
    if len(own) > 1:
        scopes = ", ".join(f"{one.id} ({one.scope})" for one in own)
        raise UsageError("audit_list_several", check=listed, scopes=scopes)
    if own:
        return own[0]
    if any(listed in (one.check, finding_id(one.check, one.scope)) for one in found.passed):
        raise InputError("audit_list_nothing", check=listed)
    if any(listed == one.check for one in found.not_run):
        raise InputError("audit_list_not_run", check=listed)
    raise NotFoundError("no_such_check", check=listed)


def _write(
    engine: Engine | Engines,
    files: dict[str, str],
    finding: Finding,
    settings: Settings,
    out: Path,
    lang: str,
    *,
    masked: bool,
) -> None:
    check = check_of(finding.check, finding.grain)
    records = records_of(ground_of(engine, settings), check, finding.scope)
    try:
        with out.open("wb") as file:
            file.writelines(records_csv(records, files, lang, masked=masked))
    except OSError as error:
        raise InputError("cannot_write", file=out.name) from error


def _lines(found: Audit, lang: str) -> Iterable[str]:
    rows = ", ".join(
        f"{t(f'grain.{grain}.name', lang)} — {integer_text(count, lang)}"
        for grain, count in found.rows.items()
    )
    yield t("audit.as_of", lang, day=date_text(found.today, lang), rows=rows)
    yield from aged_texts(found, lang)
    if lacking := incomplete_text(found, lang):
        yield lacking
    if not found.findings:
        yield t("audit.nothing_found" if found.passed else "audit.none_asked", lang)
    for severity in (1, 2, 3):
        own = [one for one in found.findings if one.severity == severity]
        if own:
            yield ""
            yield t(f"audit.severity.{severity}", lang)
        for one in own:
            check = check_of(one.check, one.grain)
            yield f"- {check_name(one.check, one.scope, lang)} — {count_text(one, lang)}"
            said = (meaning_text(check, found.settings, lang), more_text(one, lang))
            yield "  " + " ".join(filter(None, said))
            if new := inflow_text(one, lang):
                yield f"  {new}"
            yield "  " + t("audit.advice", lang, advice=advice_text(one.check, lang))
    yield from _passed_lines(found, lang)
    yield from _not_run_lines(found, lang)


def _passed_lines(found: Audit, lang: str) -> Iterable[str]:
    """Checks that found nothing anywhere."""
    bad = {one.check for one in found.findings}
    keys = dict.fromkeys(one.check for one in found.passed if one.check not in bad)
    if keys:
        names = "; ".join(t(f"audit.check.{key}.name", lang) for key in keys)
        yield ""
        yield t("audit.passed", lang, checks=names)
    for (check, grain), said in passed_texts(found, lang).items():
        yield f"- {check_name(check, grain, lang)}: {said}"


def _not_run_lines(found: Audit, lang: str) -> Iterable[str]:
    """Checks of kinds of rows that are there, and why they say nothing."""
    own = [one for one in found.not_run if one.grain in found.rows]
    told = dict.fromkeys(not_run_text(one, lang) for one in own if one.reason != "nothing")
    empty = dict.fromkeys(
        t(f"audit.check.{one.check}.name", lang) for one in own if one.reason == "nothing"
    )
    if told or empty:
        yield ""
        yield t("audit.not_run.title", lang)
        yield from (f"- {text}" for text in told)
    if empty:
        yield "- " + t("audit.no_rows", lang, checks="; ".join(empty))
