"""Headers that stand again between the records: files glued together carry them."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from crm_metrics.intake.layout.names import folded
from crm_metrics.intake.layout.rows import Row
from crm_metrics.intake.layout.sections import Section
from crm_metrics.intake.ledger import Ledger
from crm_metrics.intake.table import LINE


def without_headers(table: pa.Table, section: Section, ledger: Ledger) -> pa.Table:
    """The records without repetitions of the header, in whatever case and with whatever spaces."""
    for head in section.heads:
        if head.filled < 2 and section.width > 1:
            continue
        same = _same(table, head, section.width)
        if same is None:
            continue
        kept = pa.array(sorted(section.kept), pa.int64())
        same = pc.and_not(same, pc.is_in(table.column(LINE), value_set=kept))
        for line in table.filter(same).column(LINE).to_pylist():
            ledger.set_aside(line, "header", head.text)
        table = table.filter(pc.invert(same))
    return table


def _same(table: pa.Table, head: Row, width: int) -> pa.ChunkedArray | None:
    """Which rows hold the cells of the header; None if no row does."""
    names = folded(head)[:width]
    same = None
    # Filled cells first: most rows differ in them, and the rest need not be looked at.
    for i in sorted(range(len(names)), key=lambda i: not names[i]):
        cells = pc.utf8_lower(pc.utf8_trim_whitespace(table.column(i)))
        equal = pc.equal(cells, names[i])
        same = equal if same is None else pc.and_(same, equal)
        if not pc.any(same).as_py():
            return None
    return same
