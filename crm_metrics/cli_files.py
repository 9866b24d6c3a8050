"""The files of a command become a workspace, with the mapping asked for."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from crm_metrics.cli_options import language
from crm_metrics.cli_questions import with_question_told
from crm_metrics.cli_reading import Reading
from crm_metrics.cli_templates import check_fit, given, refuse_drift, say_drift, with_templates
from crm_metrics.errors import InputError, NotFoundError, UsageError
from crm_metrics.intake.table import Issue
from crm_metrics.mapping import Template, completed, suggest
from crm_metrics.store import Dataset, Workspace, stated
from crm_metrics.texts import error_text, has, t

Options = list[tuple[str, str]]
_SAID = frozenset({"columns_unread", "rows_repeat", "dates_stray"})


@contextmanager
def loaded(
    files: tuple[Path, ...],
    reading: Reading,
    *,
    strict: bool = True,
    there: tuple[str, ...] = (),
    backend: str | None = None,
) -> Iterator[Workspace]:
    """A workspace that lives as long as the command, with the user's options applied.

    `there` are tables of the `backend` (a URL or the path of a TOML); their rows stay there.

    Raises what reading raises, InputError("no_such_file"), UsageError("map_format"), and
    NotFoundError("unknown_column_in") where no table that an option means has its column, or
    NotFoundError("no_such_rival") where none can be the export that an option names. `strict`
    also raises where nothing of a file can be counted or a template lacks what that needs, and
    names on stderr what is left out, could not be read or differs from a template.
    """
    with tempfile.TemporaryDirectory(prefix="crm-metrics-") as folder:
        warehouse = stated(backend) if backend and there else None
        workspace = Workspace(Path(folder), keep_files=False, warehouse=warehouse)
        templates = given(workspace, reading.templates)
        read: list[tuple[Path, Dataset]] = []
        for file in files:
            if not file.is_file():
                raise InputError("no_such_file", file=file.name)
            read += [(file, dataset) for dataset in _added(workspace, file, reading)]
        read += [(Path(table), workspace.take(table)) for table in there]
        files = (*files, *map(Path, there))
        options = [(option, *_parts(option, files)) for option in reading.maps]
        asked = [(option, *_parts(option, files)) for option in reading.questions]
        for option, means, column, _ in (*options, *asked):
            tables = [dataset for file, dataset in read if file in means]
            if not any(_place(dataset, column) is not None for dataset in tables):
                shown = ", ".join(dict.fromkeys(file.name for file in means))
                raise NotFoundError("unknown_column_in", column=column, file=shown or option)
        possible = {": ".join(pair) for _, dataset in read for pair in dataset.mapping.rivals}
        for named in reading.exports:
            if named not in possible:
                raise NotFoundError("no_such_rival", export=named)
        chosen: dict[Path, list[Dataset]] = {file: [] for file in files}
        for file, dataset in read:
            own, told = (
                [(column, said) for _, means, column, said in every if file in means]
                for every in (options, asked)
            )
            chosen[file].append(
                _chosen(workspace, dataset, own, told, reading=reading, templates=templates)
            )
        mappings = [dataset.mapping for tables in chosen.values() for dataset in tables]
        check_fit(templates, mappings, files)
        if reading.covers and not any(mapping.is_undated_report for mapping in mappings):
            raise UsageError("covers_dated")
        if strict:
            for tables in chosen.values():
                for dataset in tables:
                    refuse_drift(dataset)
                _say_left_out(tables)
                _say_unread(tables)
            say_drift((item for tables in chosen.values() for item in tables), _language())
        yield workspace


def _added(workspace: Workspace, file: Path, reading: Reading) -> list[Dataset]:
    """The data sets of a file. What is decided about its parts needs these to be known first."""
    if not reading.decided:
        return workspace.add(file, file.name, password=reading.password)
    try:
        found = workspace.add(file, file.name, password=reading.password)
    except InputError:
        found = []  # perhaps because of the very thing that is decided
    decisions = reading.decisions({dataset.table.part for dataset in found})
    for dataset in found:
        workspace.remove(dataset.id)
    return workspace.add(file, file.name, password=reading.password, decisions=decisions)


def _say_left_out(tables: list[Dataset]) -> None:
    """Raise what keeps a file's tables from being counted, or say which of them are left out."""
    errors = [dataset.error for dataset in tables if dataset.error is not None]
    if len(errors) == len(tables):
        raise errors[0]
    for error in errors:
        click.echo(error_text(error, _language()), err=True)


def doubt_text(dataset: Dataset, issue: Issue, lang: str) -> str:
    """A doubt in words, with its examples."""
    key = f"issue.{issue.code}"
    words = t(key, lang, count=issue.count) if has(key, lang) else f"{issue.code}: {issue.count}"
    # Only these are names of fields; the others are of columns, cells and files.
    fields = issue.code == "derived"
    shown = "; ".join(
        t(f"field.{text}.name", lang) if fields else dataset.masked_example(issue, text)
        for text in issue.examples
    )
    return f"{words.rstrip('.')} ({shown})." if shown else words


def _say_unread(tables: list[Dataset]) -> None:
    """Say what changes numbers: columns that could hardly be read, rows that stand there twice."""
    for dataset in tables:
        for issue in dataset.facts.issues if dataset.facts else ():
            if issue.code in _SAID:
                said = doubt_text(dataset, issue, _language())
                click.echo(f"{dataset.table.name}: {said}", err=True)


def _language() -> str:
    return language(click.get_current_context().params.get("lang"))


def _chosen(
    workspace: Workspace,
    dataset: Dataset,
    options: Options,
    asked: Options,
    *,
    reading: Reading,
    templates: Sequence[Template],
) -> Dataset:
    """The data set with the mapping that the options ask for."""
    mapping = with_templates(dataset, templates)
    for pair in mapping.rivals:
        if ": ".join(pair) in reading.exports:
            mapping = suggest(dataset.table, export=pair)
    if reading.grain and reading.grain != mapping.grain:
        # Columns are guessed anew for the rows that they are said to be, as on the page.
        mapping = suggest(dataset.table, grain=reading.grain).with_grain(reading.grain)
    for name, field in options:
        column = _place(dataset, name)
        if column is not None:
            mapping = mapping.with_field(column, field or None)
    if mapping.questions and (options or asked):
        mapping = completed(dataset.table, mapping)
    for name, told in asked:
        column = _place(dataset, name)
        if column is not None:
            mapping = completed(dataset.table, with_question_told(mapping, column, told))
    if reading.covers and mapping.is_undated_report:
        mapping = mapping.covering(*reading.covers)
    return workspace.set_mapping(dataset.id, mapping) if mapping != dataset.mapping else dataset


def _place(dataset: Dataset, name: str) -> int | None:
    return next((item.column for item in dataset.mapping.columns if item.name == name), None)


def _parts(option: str, files: Sequence[Path]) -> tuple[tuple[Path, ...], str, str]:
    """Which files a `--map` or `--question` option means, the column, and what it is said to be."""
    target, separator, field = option.rpartition("=")
    if not separator or not target:
        raise UsageError("map_format", option=option)
    for named in sorted({str(file) for file in files} | {file.name for file in files}, key=len):
        column = target.removeprefix(f"{named}:")
        if column not in (target, ""):
            return tuple(file for file in files if named in (str(file), file.name)), column, field
    return tuple(files), target, field
