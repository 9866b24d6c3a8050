"""A header that another delimiter divides than the lines below it."""

from __future__ import annotations

from collections.abc import Sequence

from crm_metrics.intake.layout.cells import TYPED, shape
from crm_metrics.intake.layout.rows import Row
from crm_metrics.intake.layout.sections import Section
from crm_metrics.intake.text.dialect import Dialect
from crm_metrics.intake.text.splitting import split_line

_MARKS = (",", ";", "\t", "|")
"""No space: a title may have as many words as the table has columns."""
_FEWEST = 3


def header_of_another(section: Section, dialect: Dialect) -> Row | None:
    """The line right above a table without a header, if another delimiter makes it one.

    It has as many names as the rows have fields, all different, none a number or a date.
    """
    if section.heads or section.fields < _FEWEST or not section.lead:
        return None
    row, why = section.lead[-1]
    if why != "preamble" or row.lines > 1 or row.line + 1 != section.first:
        return None
    for mark in _MARKS:
        names = split_line(row.text.strip(), mark, dialect.quote)
        if mark != dialect.divider and len(names) == section.fields and _are_names(names):
            return Row(row.line, 1, tuple(names), row.text, len(names))
    return None


def _are_names(cells: Sequence[str]) -> bool:
    texts = [cell.strip() for cell in cells]
    return (
        all(texts) and len(set(texts)) == len(texts) and not any(shape(t) in TYPED for t in texts)
    )
