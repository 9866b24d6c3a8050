"""The rows that a check found, as CSV to put them right by: each with its file and line."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from tempfile import TemporaryFile
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from crm_metrics.audit import Records
from crm_metrics.facts import mask
from crm_metrics.findings.csv_file import csv_lines
from crm_metrics.findings.sheet import Cell
from crm_metrics.findings.wording import channel_name, field_name
from crm_metrics.schema import FIELDS
from crm_metrics.texts import has, t

ZIPPED = 100_000
"""Rows over which a list is told to be zipped: a CSV of a million rows takes 150 MB."""
_FILE = "__dataset"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # a zip without a clock in it
CODES = ("why", "tier", "survivor")
_LINE, _AT_STAKE = "__line", "at_stake"
_NUMBERS = frozenset({"count", "money", "rate", "duration", "number"})
_OWN = (_FILE, _LINE, "why", "suggestion", _AT_STAKE)


def records_csv(
    records: Records, files: Mapping[str, str], lang: str, *, masked: bool = True
) -> Iterator[bytes]:
    """A row a violation, those with most at stake first, people `masked` or whole.

    `files` are the names of files by the id of their data set.
    """
    titles = [column_title(name, lang) for name in records.columns]
    yield codecs.BOM_UTF8 + csv_lines([titles], lang).encode()
    for rows in listed_rows(records, files, lang, masked=masked):
        yield csv_lines(rows, lang).encode()


def records_zip(pieces: Iterable[bytes], name: str) -> bytes:
    """A list that is too long to be held at once as the zip of its file, written to disk first."""
    with TemporaryFile() as file:
        with ZipFile(file, "w", ZIP_DEFLATED) as package:
            info = ZipInfo(name, _EPOCH)
            info.compress_type = ZIP_DEFLATED
            with package.open(info, "w", force_zip64=True) as entry:
                entry.writelines(pieces)
        file.seek(0)
        return file.read()


def listed_rows(
    records: Records, files: Mapping[str, str], lang: str, *, masked: bool = True
) -> Iterator[list[tuple[Cell, ...]]]:
    """The same as rows of cells, batch after batch."""
    for batch in records.batches:
        columns = []
        for name in records.columns:
            own = batch.column(name).to_pylist()
            if name == _FILE:
                own = [files.get(value, value) for value in own]
            elif name == "field":
                own = [field_name(value, lang) for value in own]
            elif name in CODES:
                own = [code_text(name, value, lang) for value in own]
            else:
                if masked and name in records.fields:
                    # A list is for its ids; one that is an e-mail or a phone is hidden as such.
                    field = None if name == "customer_id" else records.fields[name]
                    own = [None if value is None else mask(value, field) for value in own]
                own = [typed(name, value, lang) for value in own]
            columns.append(own)
        yield list(zip(*columns, strict=True))


def typed(name: str, text: str | None, lang: str) -> Cell:
    """A cell of the list as what it is: a number, a moment without its zone, a code in words."""
    if text is None:
        return None
    kind = "money" if name in {_LINE, _AT_STAKE} else FIELDS[name].kind if name in FIELDS else ""
    try:
        if kind in _NUMBERS:
            return float(text)
        if kind in {"date", "timestamp"}:
            return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return text
    return value_in_words(name, text, lang) if kind == "category" else text


def value_in_words(name: str, value: str, lang: str) -> str:
    """A value of a category: what reading gave it as a code stands in words."""
    if name == "channel":
        return channel_name(value, lang)
    keys = (f"columns.{name}.{value}", f"{name}.{value}")
    return next((t(key, lang) for key in keys if has(key, lang)), value)


def column_title(name: str, lang: str) -> str:
    """The title of a column of the list."""
    if name in _OWN or has(f"audit.column.{name}", lang):
        return t(f"audit.column.{name.removeprefix('__')}", lang)
    return field_name(name, lang)


def code_text(column: str, code: str | None, lang: str) -> str | None:
    """A code of the list in words: why a row is in it, how sure that is, whether it stays."""
    key = f"audit.{column}.{code}"
    return t(key, lang) if has(key, lang) else code
