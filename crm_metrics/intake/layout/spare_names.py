"""A header that does not fit its rows: a name too many or too few."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from crm_metrics.intake.layout.rows import Row


def without_spare(heads: tuple[Row, ...], fields: int, below: Sequence[Row]) -> Row | None:
    """The header without its empty names, where just these are more than any row has fields.

    A delimiter too many in the header would put every later name over the wrong column. None where
    the header fits, or where it is not certain what is too much.
    """
    if len(heads) != 1 or not below or heads[0].width <= fields:
        return None
    named = tuple(cell for cell in heads[0].cells if cell.strip())
    if len(named) != fields or max(row.width for row in below) > fields:
        return None
    return replace(heads[0], cells=named, width=fields)


def is_short(heads: tuple[Row, ...], fields: int, below: Sequence[Row]) -> bool:
    """Whether the header has fewer names than every row has fields, so that one lacks somewhere."""
    return (
        len(heads) == 1
        and 1 < heads[0].width < fields
        and all(cell.strip() for cell in heads[0].cells)
        and len(below) > 0
        and all(row.width == fields for row in below)
        and any(row.cells[-1].strip() for row in below)
    )
