"""Read a file: bytes, container, dialect, layout, tables."""

from __future__ import annotations

import csv
import hashlib
import io
import tempfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from crm_metrics.errors import InputError
from crm_metrics.intake.table import LINE, Account, HowRead, Reason, SetAside, Table


def read(
    path: str | Path,
    *,
    name: str | None = None,
    workdir: Path | None = None,
    progress: Callable[[float], object] | None = None,
) -> list[Table]:
    """Read a file into tables of text kept as Parquet in `workdir`.

    Raises InputError or LimitError where the file can't be used.
    """
    source = Path(path)
    raw = source.read_bytes()
    if not raw.strip():
        raise InputError("empty_file", file=name or source.name)
    try:
        encoding, text = "utf-8", raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        encoding, text = "cp1251", raw.decode("cp1251", "replace")
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t|", key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    rows, lines, before = [], [], 0
    aside: dict[Reason, int] = {"header": 1}
    for cells in reader:
        if cells:
            rows.append(cells)
            lines.append(before + 1)
            if reader.line_num - before > 1:
                aside["continuation"] = aside.get("continuation", 0) + reader.line_num - before - 1
        else:
            aside["blank"] = aside.get("blank", 0) + 1
        before = reader.line_num
    headers, data = rows[0], rows[1:]
    if not data:
        raise InputError("only_headers", file=name or source.name)
    width = len(headers)
    columns = {
        f"c{i}": pa.array([row[i] if i < len(row) else "" for row in data], pa.string())
        for i in range(width)
    }
    columns[LINE] = pa.array(lines[1:], pa.int64())
    folder = Path(workdir) if workdir else Path(tempfile.mkdtemp(prefix="crm_metrics_"))
    folder.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256(raw).hexdigest()
    target = folder / f"{digest[:16]}-0.parquet"
    pq.write_table(pa.table(columns), target)
    if progress:
        progress(1.0)
    return [
        Table(
            name=Path(name or source.name).stem,
            path=target,
            headers=tuple(headers),
            layout="table",
            how=HowRead("text", encoding, delimiter, '"', (1,)),
            account=Account(
                before, len(data), aside, 0, (SetAside(1, "header", first.rstrip("\r")),)
            ),
            file_name=name or source.name,
            sha256=digest,
        )
    ]
