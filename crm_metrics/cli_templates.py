"""Mapping templates on the command line: read from files, written to one, their drift said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import click

from crm_metrics.cli_options import written
from crm_metrics.errors import InputError, UsageError
from crm_metrics.mapping import Mapping, Template, by_template
from crm_metrics.mapping.templates.applying import doubtful_needs, lost_needs
from crm_metrics.mapping.templates.file import LARGEST, from_json
from crm_metrics.store import Dataset, Workspace
from crm_metrics.texts import drift_lines, reason_text


def given(workspace: Workspace, paths: Iterable[Path]) -> list[Template]:
    """The templates in these files, kept in the workspace so that they are applied to its files.

    Raises InputError("no_such_file") and what reading a template raises.
    """
    templates = []
    for path in paths:
        try:
            with path.open("rb") as file:
                data = file.read(LARGEST + 1)
        except OSError:
            raise InputError("no_such_file", file=path.name) from None
        # Who names a template on the command line has confirmed it.
        template = replace(from_json(data, file=path.name), confirmed=True)
        templates.append(workspace.templates.keep(template).template)
    return templates


def with_templates(dataset: Dataset, templates: Sequence[Template]) -> Mapping:
    """The data set's mapping; by its template also where that lacks what the rows need."""
    mapping = dataset.mapping
    if mapping.why.code == "template_lacks":
        name = mapping.why.params["name"]
        return by_template(dataset.table, next(t for t in templates if t.name == name))
    return mapping


def check_fit(
    templates: Iterable[Template], mappings: Sequence[Mapping], files: Iterable[Path]
) -> None:
    """Raise InputError("template_fits_none") for a template that was applied to no table."""
    used = {mapping.applied.name for mapping in mappings if mapping.applied}
    for template in templates:
        if template.name not in used:
            shown = ", ".join(dict.fromkeys(file.name for file in files))
            raise InputError("template_fits_none", name=template.name, files=shown)


def refuse_drift(dataset: Dataset) -> None:
    """Raise where the drift from a template costs what the rows can't be counted without.

    InputError("template_lacks") where it is gone, InputError("template_doubtful") where a column
    in doubt stands for it.
    """
    mapping = dataset.mapping
    if mapping.applied is None:
        return
    about = {"name": mapping.applied.name, "table": dataset.table.name}
    if gone := lost_needs(mapping):
        raise InputError("template_lacks", columns=", ".join(gone), **about)
    if doubtful := doubtful_needs(mapping):
        raise InputError("template_doubtful", columns=", ".join(doubtful), **about)


def template_lines(mapping: Mapping, lang: str) -> list[str]:
    """What template a mapping was made by, or why not, and how the table differs from it."""
    if not mapping.why.code.startswith(("template", "remembered")):
        return []
    # Metrics bring the engine of queries, which reading a plain file need not wait for.
    from crm_metrics.metrics import lost_metrics  # noqa: PLC0415

    lines = [reason_text(mapping.why.code, mapping.why.params, lang)]
    about = mapping.applied
    if about is None:
        return lines
    lost = (metric.key for metric in lost_metrics(mapping))
    return lines + drift_lines(about.new, about.missing, about.renamed, lost, lang)


def write_template(workspace: Workspace, out: Path) -> None:
    """Write the mapping of the workspace's only table that has one to a file, named as the file.

    Raises UsageError("template_one_table"), InputError("template_no_grain") and
    InputError("cannot_write").
    """
    found = [item for item in workspace.datasets() if item.mapping.grain]
    if len(found) > 1:
        tables = ", ".join(item.table.name for item in found)
        raise UsageError("template_one_table", file=found[0].table.file_name, tables=tables)
    if not found:
        raise InputError("template_no_grain")
    kept = workspace.templates.save(out.stem, found[0].table, found[0].mapping)
    written(out, workspace.templates.export(kept.id))


def say_drift(datasets: Iterable[Dataset], lang: str) -> None:
    """Say on stderr how tables differ from their templates."""
    for dataset in datasets:
        if dataset.mapping.applied and dataset.mapping.level != "sure":
            lines = template_lines(dataset.mapping, lang)
            click.echo(f"{dataset.table.name}: {' '.join(lines)}", err=True)
