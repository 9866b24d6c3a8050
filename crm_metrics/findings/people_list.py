"""The list of a segment's people as CSV, written piece by piece: a million people fit in little."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from crm_metrics.facts import mask
from crm_metrics.findings.csv_file import csv_lines
from crm_metrics.findings.sheet import Cell
from crm_metrics.metrics.ground import Engine
from crm_metrics.metrics.segments.people_list import NAMES, columns_of_list, people_of
from crm_metrics.metrics.segments.segment import Segment
from crm_metrics.texts import t


def people_csv(
    engine: Engine, segment: Segment, lang: str, *, masked: bool = True
) -> Iterator[bytes]:
    """A row a person, in the form of `table_csv`; e-mails, phones and names `masked` or whole.

    Customer ids stay, but those that are an e-mail or a phone.

    The first piece is the header. Nothing but the header comes where nobody is in the segment.
    """
    columns = columns_of_list(engine)
    titles = [t(f"segments.column.{name}", lang) for name in columns]
    yield codecs.BOM_UTF8 + csv_lines([titles], lang).encode()
    for batch in people_of(engine, segment):
        cells: list[list[Cell]] = []
        for name in columns:
            own = batch.column(name).to_pylist()
            if masked and name in NAMES:
                # A list is for its ids; one that is an e-mail or a phone is hidden as such.
                field = None if name == "customer_id" else name
                own = [None if one is None else mask(one, field) for one in own]
            cells.append(own)
        yield csv_lines(zip(*cells, strict=True), lang).encode()
