"""Clean lines become columns of text, in bulk."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from crm_metrics.intake.parquet import rows_table
from crm_metrics.intake.text.dialect import Dialect
from crm_metrics.intake.text.lines import Flags, Lines
from crm_metrics.intake.text.splitting import split_line

_NO_DELIMITER = "\x01"


def parse(data: bytes, found: Lines, good: Flags, dialect: Dialect, width: int) -> pa.Table:
    """The good lines of a block as a table of `width` columns of text, named c0..cn."""
    names = [f"c{i}" for i in range(width)]
    clean = _gathered(data, found, good)
    if not clean:
        return pa.table({name: pa.array([], pa.string()) for name in names})
    delimiter = dialect.divider or _NO_DELIMITER
    options = pacsv.ParseOptions(
        delimiter=delimiter,
        quote_char=dialect.quote or False,
        double_quote=True,
        escape_char=False,
        newlines_in_values=False,
        ignore_empty_lines=False,
    )
    try:
        table = pacsv.read_csv(
            pa.BufferReader(clean),
            read_options=pacsv.ReadOptions(column_names=names, block_size=1 << 20),
            parse_options=options,
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                strings_can_be_null=False,
                check_utf8=False,
            ),
        )
    except pa.ArrowInvalid:
        table = None
    if table is None or table.num_rows != int(good.sum()):
        texts = clean.decode("utf-8", "replace").removesuffix("\n").split("\n")
        cells = [split_line(text, dialect.divider, dialect.quote) for text in texts]
        table = rows_table(cells, range(len(cells)), width).select(names)
    return table


def _gathered(data: bytes, found: Lines, good: Flags) -> bytes:
    """The bytes of the good lines."""
    if good.all():
        return data
    edges = np.flatnonzero(np.diff(np.concatenate(([0], good.astype(np.int8), [0]))))
    pieces = [
        data[found.starts[start] : found.ends[stop - 1] + 1]
        for start, stop in zip(edges[::2], edges[1::2], strict=True)
    ]
    return b"".join(pieces)
