"""`inspect`: how a file is read and what its columns mean."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from crm_metrics.cli_files import doubt_text, loaded
from crm_metrics.cli_options import BACKEND, JSON, LANG, language, print_json
from crm_metrics.cli_questions import question_entry
from crm_metrics.cli_reading import Reading, reading_options
from crm_metrics.cli_templates import template_lines, write_template
from crm_metrics.facts import Recipe
from crm_metrics.intake.table import REASONS, Issue
from crm_metrics.mapping import Mapping, Why
from crm_metrics.store import Dataset
from crm_metrics.texts import error_text, period_text, reason_text, t


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@BACKEND
@click.option("--table", help="A table whose rows stay in the data base.")
@reading_options
@click.option(
    "--save-template",
    type=click.Path(path_type=Path),
    metavar="OUT.json",
    help="Write the mapping, as the options leave it, for files of the same export.",
)
@LANG
@JSON
def inspect(
    file: Path | None,
    backend: str | None,
    table: str | None,
    reading: Reading,
    save_template: Path | None,
    lang: str | None,
    *,
    as_json: bool,
) -> None:
    """Say how a file is read and what its columns mean."""
    lang = language(lang)
    if (file is None) == (table is None):
        raise click.MissingParameter(param_type="argument", param_hint="FILE")
    files, tables = ((file,), ()) if file else ((), (str(table),))
    with loaded(files, reading, strict=False, there=tables, backend=backend) as workspace:
        datasets = workspace.datasets()
        if save_template:
            write_template(workspace, save_template)
        if as_json:
            print_json(inspect_document(file or Path(str(table)), datasets, lang))
            return
        for dataset in datasets:
            for line in dataset_lines(dataset, lang):
                click.echo(line)
        if save_template:
            click.echo(t("cli.written", lang, file=save_template.name))


def inspect_document(path: Path, datasets: list[Dataset], lang: str) -> dict[str, Any]:
    """What a file was read as: one entry per table, every line accounted for."""
    return {
        "file": path.name,
        "sha256": datasets[0].table.sha256,
        "tables": [_table(dataset, lang) for dataset in datasets],
    }


def dataset_lines(dataset: Dataset, lang: str) -> list[str]:
    """The same for a person: the table, its columns, and why it can't be counted yet."""
    table, mapping, facts = dataset.table, dataset.mapping, dataset.facts
    aside = ", ".join(
        t(f"upload.reason.{reason}", lang, count=count)
        for reason, count in table.account.set_aside.items()
        if count
    )
    lines = [
        t(
            "cli.table",
            lang,
            table=table.name,
            system=mapping.system or t("cli.no_system", lang),
            grain=t(f"grain.{mapping.grain}.name" if mapping.grain else "upload.no_grain", lang),
            records=table.records,
            lines=table.account.lines,
            aside=aside or t("cli.nothing", lang),
            period=period_text(facts.period if facts else None, lang),
        )
    ]
    lines += template_lines(mapping, lang)
    for column in mapping.columns:
        field = t(f"field.{column.field}.name", lang) if column.field else t("cli.no_field", lang)
        level = t(f"level.{column.level}", lang)
        lines.append(f"  {column.name} -> {field} ({level}: {_reason(column.why, lang)})")
    lines += [f"  ! {doubt_text(dataset, issue, lang)}" for issue in _issues(dataset)]
    return lines + ([error_text(dataset.error, lang)] if dataset.error is not None else [])


def _table(dataset: Dataset, lang: str) -> dict[str, Any]:
    table, mapping, facts = dataset.table, dataset.mapping, dataset.facts
    recipes = {recipe.column: recipe for recipe in facts.recipes} if facts else {}
    return {
        "table": table.name,
        "layout": table.layout,
        "encoding": table.how.encoding,
        "delimiter": table.how.delimiter,
        "header_lines": table.how.header_lines,
        "lines": table.account.lines,
        "records": table.account.records,
        "set_aside": {reason: table.account.set_aside.get(reason, 0) for reason in REASONS},
        "repaired": table.account.repaired,
        "system": mapping.system,
        "export": mapping.export,
        "grain": mapping.grain,
        "level": mapping.level,
        "why": _reason(mapping.why, lang),
        "rivals": [{"system": system, "export": export} for system, export in mapping.rivals],
        "template": _template(mapping),
        "columns": [
            {
                "name": column.name,
                "field": column.field,
                "kind": column.kind,
                "level": column.level,
                "why": _reason(column.why, lang),
                **_unread(recipes.get(column.column)),
                **question_entry(mapping, column.column),
            }
            for column in mapping.columns
        ],
        "period": [day.isoformat() for day in facts.period] if facts and facts.period else None,
        "issues": [
            {
                "code": issue.code,
                "count": issue.count,
                "examples": [dataset.masked_example(issue, text) for text in issue.examples],
            }
            for issue in _issues(dataset)
        ],
    }


def _template(mapping: Mapping) -> dict[str, Any] | None:
    """The template that was applied, and how the table differs from it; None without one."""
    if mapping.applied is None:
        return None
    return {
        "name": mapping.applied.name,
        "saved": mapping.applied.saved.isoformat(),
        "new": mapping.applied.new,
        "missing": mapping.applied.missing,
        "renamed": [{"before": was, "now": now} for was, now in mapping.applied.renamed],
        "lost": [field for _, field in mapping.applied.lost],
    }


def _unread(recipe: Recipe | None) -> dict[str, Any]:
    """How many cells of a column did not parse, and their commonest forms with counts."""
    if recipe is None or not recipe.failed:
        return {"failed": 0}
    forms = [{"text": text, "count": count} for text, count in recipe.failed_forms]
    return {"failed": recipe.failed, "filled": recipe.filled, "failed_forms": forms}


def _issues(dataset: Dataset) -> list[Issue]:
    return [*dataset.table.issues, *(dataset.facts.issues if dataset.facts else ())]


def _reason(why: Why, lang: str) -> str:
    return reason_text(why.code, why.params, lang)
