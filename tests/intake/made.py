"""A file made of bytes or text, read as an upload is."""

from __future__ import annotations

from pathlib import Path

from crm_metrics.intake import Table, read


def read_all(
    folder: Path, content: str | bytes, name: str = "file.csv", *, encoding: str = "utf-8"
) -> list[Table]:
    path = folder / "upload"
    path.write_bytes(content.encode(encoding) if isinstance(content, str) else content)
    return read(path, name=name, workdir=folder / "work")


def read_one(
    folder: Path, content: str | bytes, name: str = "file.csv", *, encoding: str = "utf-8"
) -> Table:
    (table,) = read_all(folder, content, name, encoding=encoding)
    return table


def rows_of(table: Table) -> list[list[str]]:
    rows: list[list[str]] = table.frame().to_numpy().tolist()
    return rows


def issues_of(table: Table) -> dict[str, int]:
    return {issue.code: issue.count for issue in table.issues}
