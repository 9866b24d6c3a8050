"""Tables and mappings made by hand, so that facts are tested apart from reading and guessing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from crm_metrics.facts import Facts, build
from crm_metrics.intake.table import Account, HowRead, Table
from crm_metrics.mapping.model import ColumnMapping, Mapping, Why


def made_table(
    folder: Path, columns: dict[str, list[str]], *, name: str = "made", sha256: str = "0" * 64
) -> Table:
    """A table with these columns of text, written as the intake would."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.raw.parquet"
    rows = len(next(iter(columns.values())))
    data = {f"c{i}": pa.array(cells, pa.string()) for i, cells in enumerate(columns.values())}
    data["__line"] = pa.array(range(2, rows + 2), pa.int64())
    pq.write_table(pa.table(data), path)
    account = Account(rows + 1, rows, {"header": 1})
    how = HowRead("text", "utf-8", ",", '"', (1,))
    return Table(name, path, tuple(columns), "table", how, account, f"{name}.csv", sha256)


def made_mapping(
    table: Table,
    grain: str | None,
    fields: dict[str, str],
    *,
    constants: dict[str, str] | None = None,
    **formats: dict[str, object],
) -> Mapping:
    """A mapping of headers to fields; `formats` sets more of a column by its field."""
    columns = tuple(
        ColumnMapping(i, header, fields.get(header), "sure", Why("chosen"))
        for i, header in enumerate(table.headers)
    )
    columns = tuple(
        replace(column, **formats.get(column.field or "", {}))  # type: ignore[arg-type]
        for column in columns
    )
    return Mapping("made", grain, columns, constants=constants or {})


def values_of(facts: Facts, column: str) -> list[object]:
    """A column of the facts in the order of the source's lines."""
    table = pq.read_table(facts.path).sort_by("__line")
    return table.column(column).to_pylist()


def parsed(
    folder: Path,
    cells: list[str],
    field: str,
    grain: str,
    *,
    header: str = "Header",
    beside: dict[str, list[str]] | None = None,
    fields: dict[str, str] | None = None,
    **formats: object,
) -> tuple[list[object], Facts]:
    """The values of one column of cells, and the facts; `beside` adds columns, `fields` maps them.

    A column of the grain's required kind is added, so that any field can be tried.
    """
    anchor = {"campaigns": "sent", "conversations": "conversation_id", "orders": "order_id"}
    anchor |= {"recipients": "message_id", "surveys": "comment", "spend": "impressions"}
    anchor |= {"calls": "call_id", "traffic": "users", "attendance": "ticket_type"}
    anchor |= {"deals": "deal_id"}
    columns = {header: cells, **(beside or {})}
    mapped = {header: field, **(fields or {})}
    if anchor[grain] not in mapped.values():
        columns["Anchor"] = ["1"] * len(cells)
        mapped["Anchor"] = anchor[grain]
    if grain == "recipients" and not {"status", "opened", "clicked"} & set(mapped.values()):
        columns["Status"] = [""] * len(cells)
        mapped["Status"] = "status"
    table = made_table(folder, columns)
    facts = build(table, made_mapping(table, grain, mapped, **{field: formats}))
    return values_of(facts, field), facts
