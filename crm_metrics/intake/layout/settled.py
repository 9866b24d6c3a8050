"""Roles of lines that the user settled, carried out on the sections that reading found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from crm_metrics.intake.decisions import Role
from crm_metrics.intake.layout.rows import Row
from crm_metrics.intake.layout.sections import Section, find_sections
from crm_metrics.intake.ledger import Ledger
from crm_metrics.intake.parquet import rows_table
from crm_metrics.intake.table import LINE, Reason


def decided_sections(
    rows: Sequence[Row], roles: Mapping[int, Role], *, padded: bool = False
) -> list[Section]:
    """The tables of a source by its first rows and by what the user settled; see `find_sections`.

    Rows that the user set aside take no part in the search.
    """
    aside = [row for row in rows if roles.get(row.line, "record") not in ("record", "header")]
    searched = [row for row in rows if row not in aside] if aside else rows
    sections = find_sections(searched, padded=padded, roles=roles)
    if roles and sections:
        _settle(sections, aside, roles)
    return sections


def added_rows(section: Section) -> pa.Table:
    """The rows around the data that the user takes for records."""
    width = section.width
    cells = [_fitted(row.cells, width) for row in section.added]
    return rows_table(cells, [row.line for row in section.added], width)


def without_dropped(table: pa.Table, section: Section, ledger: Ledger) -> pa.Table:
    """The records without those that the user takes for something else."""
    if not section.dropped or not table.num_rows:
        return table
    chosen = pc.is_in(table.column(LINE), value_set=pa.array(list(section.dropped), pa.int64()))
    for row in table.filter(chosen).to_pylist():
        line = row.pop(LINE)
        text = " | ".join(cell for cell in row.values() if cell)
        ledger.set_aside(line, _reason(section.dropped[line]), text)
    return table.filter(pc.invert(chosen))


def _settle(sections: Sequence[Section], aside: Sequence[Row], roles: Mapping[int, Role]) -> None:
    """Give the sections what the user decided.

    Rows set aside outside of any data go to the lines around the next table; those inside are
    dropped on loading.
    """
    for section in sections:
        section.kept = frozenset(line for line, role in roles.items() if role == "record")
        named = {row.line for row in section.heads}
        section.dropped = {
            line: role for line, role in roles.items() if role != "record" and line not in named
        }
        section.added = [row for row, _ in section.lead if row.line in section.kept]
        section.lead = [pair for pair in section.lead if pair[0].line not in section.kept]
    for row in aside:
        if not any(section.holds(row.line) for section in sections):
            below = (section for section in sections if section.first > row.line)
            next(below, sections[-1]).lead.append((row, _reason(roles[row.line])))


def _fitted(cells: Sequence[str], width: int) -> list[str]:
    """The cells at this width: what is too much stays in the last one."""
    kept = list(cells[:width])
    rest = [cell for cell in cells[width:] if cell.strip()]
    if rest:
        kept[-1] = " ".join([kept[-1], *rest])
    return kept


def _reason(role: Role) -> Reason:
    return "other" if role == "record" else role
