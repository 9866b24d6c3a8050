"""What the command line's options mean: files become a workspace, columns become arms."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crm_metrics.errors import InputError, NotFoundError, UsageError
from crm_metrics.experiments import Arm, Setup, arms_from_facts, arms_from_table
from crm_metrics.mapping import completed, suggest
from crm_metrics.schema import grain_named
from crm_metrics.store import Dataset, Workspace


@contextmanager
def loaded(
    files: tuple[Path, ...], maps: tuple[str, ...], grain: str | None, *, strict: bool = True
) -> Iterator[Workspace]:
    """A workspace that lives as long as the command, with the user's mapping applied."""
    with tempfile.TemporaryDirectory(prefix="crm-metrics-") as folder:
        workspace = Workspace(Path(folder))
        for file in files:
            if not file.is_file():
                raise InputError("no_such_file", file=file.name)
            options = _options_of(file, maps, files)
            for dataset in workspace.add(file, file.name):
                chosen = _chosen(workspace, dataset, file, options, grain)
                if strict and chosen.error is not None:
                    raise chosen.error
        yield workspace


def trial(
    workspace: Workspace, variant: str, control: str | None, columns: dict[str, str | None]
) -> tuple[Setup, tuple[Arm, ...]]:
    """The arms of a test, from a mapped file's metric or from named columns."""
    dataset = workspace.datasets()[0]
    if columns["metric"]:
        with workspace.engine() as engine:
            return arms_from_facts(
                engine,
                columns["metric"],
                variant=variant,
                grain=dataset.mapping.grain,
                control=control,
            )
    picked = {name: column for name, column in columns.items() if name != "metric"}
    return arms_from_table(dataset.table, variant=variant, control=control, **picked)


def split_weights(text: str | None) -> tuple[float, ...] | None:
    """A planned split as weights: "50:50" -> (50, 50); raises UsageError("split_format")."""
    if text is None:
        return None
    try:
        parts = tuple(float(part) for part in text.replace("/", ":").split(":"))
    except ValueError:
        raise UsageError("split_format", split=text) from None
    if len(parts) < 2 or min(parts) < 0 or sum(parts) <= 0:
        raise UsageError("split_format", split=text)
    return parts


def _chosen(
    workspace: Workspace,
    dataset: Dataset,
    file: Path,
    options: tuple[tuple[str, str], ...],
    grain: str | None,
) -> Dataset:
    """The data set with the mapping that the options ask for."""
    mapping = dataset.mapping
    if grain:
        mapping = suggest(dataset.table, grain=grain_named(grain).key)
    for name, field in options:
        column = next((item.column for item in mapping.columns if item.name == name), None)
        if column is None:
            raise NotFoundError("unknown_column_in", column=name, file=file.name)
        mapping = mapping.with_field(column, field or None)
    if mapping == dataset.mapping:
        return dataset
    return workspace.set_mapping(dataset.id, completed(dataset.table, mapping))


def _options_of(
    file: Path, maps: tuple[str, ...], files: tuple[Path, ...]
) -> tuple[tuple[str, str], ...]:
    """The `--map` options that mean this file: (column, field), the field "" to unmap."""
    chosen = []
    for option in maps:
        target, separator, field = option.rpartition("=")
        if not separator or not target:
            raise UsageError("map_format", option=option)
        named, colon, column = target.partition(":")
        if colon and named in {str(other) for other in files} | {other.name for other in files}:
            if named in {str(file), file.name}:
                chosen.append((column, field))
        else:
            chosen.append((target, field))
    return tuple(chosen)
