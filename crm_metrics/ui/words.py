"""The words for what the engine says in codes: fields, grains, reasons, doubts, levels."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Final

from crm_metrics.intake.table import Issue, Table
from crm_metrics.mapping.model import Mapping, Why
from crm_metrics.mapping.recognition.exports import known_export
from crm_metrics.store import Dataset
from crm_metrics.texts import has, reason_text, t
from crm_metrics.ui.escape import esc

_MOST_EXAMPLES: Final = 3


def dataset_name(dataset: Dataset) -> str:
    """The file's name, with the table's where the file has several or names them."""
    table = dataset.table
    if not table.name or table.name in (table.file_name, Path(table.file_name).stem):
        return table.file_name
    return f"{table.file_name} · {table.name}"


def field_word(key: str | None, language: str) -> str:
    """A field's name; an unmapped column is an extra dimension."""
    return (
        t("columns.extra", language) if key is None else _named(f"field.{key}.name", key, language)
    )


def column_word(table: Table, column: int, language: str) -> str:
    """A column's header; one without a name goes by its place."""
    name = table.headers[column]
    nameless = any(issue.code == "empty_headers" for issue in table.issues)
    if nameless and name == f"Column {column + 1}":
        return t("columns.nameless", language, number=column + 1)
    return name


def quoted(names: Iterable[str], language: str) -> str:
    """Names from a file, each in the language's quotes; safe as markdown."""
    quote = "«{}»" if language == "ru" else "“{}”"
    return ", ".join(quote.format(esc(name, limit=40)) for name in names)


def field_meaning(key: str | None, language: str) -> str:
    """What the field means, in a sentence."""
    return (
        t("columns.extra_help", language)
        if key is None
        else _named(f"field.{key}.help", "", language)
    )


def grain_word(key: str, language: str) -> str:
    """What one row of such a table stands for."""
    return _named(f"grain.{key}.name", key, language)


def variant_words(variant: str, language: str) -> str:
    """The base of a formula in words, the code where it has none."""
    key = f"variant.{variant}"
    return t(key, language) if has(key, language) else variant


def why_words(why: Why, language: str, *, markdown: bool = True) -> str:
    """The reason of a guess; "" where a newer reason has no words yet.

    Safe as markdown, or else as it is, for a table's cell.
    """
    key = f"why.{why.code}"
    if not has(key, language):
        return ""
    shown = partial(esc, limit=80) if markdown else str
    params = why.params
    if why.code in ("near_tie", "near_ties"):
        params = {key: _export_word(text, language) for key, text in params.items()}
    return reason_text(why.code, params, language, shown=shown)


def export_word(system: str, name: str, language: str) -> str:
    """An export as people call it; by its own name where the system is not known any more."""
    export = known_export(system, name)
    return f"{system}: {export.title.get(language, name) if export else name}"


def _export_word(text: str, language: str) -> str:
    """The same, for "system: export" as reasons have it."""
    system, _, name = text.partition(": ")
    return export_word(system, name, language)


def issue_words(dataset: Dataset, issue: Issue, language: str) -> str:
    """A doubt about the file, how often it occurs and its examples; safe as markdown."""
    key = f"issue.{issue.code}"
    if not has(key, language):
        return t("upload.issue_unknown", language, code=esc(issue.code), count=issue.count)
    words = t(key, language, count=issue.count)
    # Only these are names of fields; the others are of columns, cells and files.
    of_fields = issue.code == "derived"
    shown = [
        field_word(text, language) if of_fields else dataset.masked_example(issue, text)
        for text in issue.examples[:_MOST_EXAMPLES]
    ]
    examples = [esc(text, limit=60) for text in shown]
    return f"{words.rstrip('.')} ({'; '.join(examples)})." if examples else words


def source_words(mapping: Mapping, language: str) -> str:
    """The system's own name, safe as markdown; or that none was recognised."""
    return esc(mapping.system) if mapping.system else t("upload.no_system", language)


def left_out_word(dataset: Dataset, language: str) -> str:
    """Why no row of a table is counted: the user's choice, or what its export is known for."""
    known = dataset.error is not None and dataset.error.code == "nothing_to_count"
    return t("columns.nothing_to_count" if known else "columns.left_out", language)


def _named(key: str, otherwise: str, language: str) -> str:
    return t(key, language) if has(key, language) else otherwise.replace("_", " ")
