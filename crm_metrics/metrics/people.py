"""Who a row is about: the key by which people are counted once."""

from __future__ import annotations

from collections.abc import Sequence

import ibis.expr.types as ir

from crm_metrics.metrics.expressions import first_known
from crm_metrics.metrics.model import Limits
from crm_metrics.store.together.record_keys import PERSON as PEOPLE
from crm_metrics.store.together.record_keys import part_of_key

__all__ = ["PEOPLE", "PERSON", "nameless", "person_of"]

PERSON = "|".join(PEOPLE)
"""The fields that tell a person apart, the best first, as the units of a metric."""


def person_of(rows: ir.Table, columns: Sequence[str] = PEOPLE) -> ir.StringValue:
    """The person of each row, normalized: the first of the columns that it has, null without one.

    Ids and e-mails are folded, a phone is its last ten digits; what is in no column of `PEOPLE`
    stays as it is. Values of different columns never meet.
    """
    first, *others = columns
    names = [_part(rows, first), *(f"{name}:" + _part(rows, name) for name in others)]
    return first_known(*names)


def nameless(table: ir.Table, _: Limits) -> ir.BooleanValue:
    """Whether nothing tells who the person of the row is."""
    return person_of(table).isnull()


def _part(rows: ir.Table, name: str) -> ir.StringValue:
    return part_of_key(rows, name) if name in PEOPLE else rows[name].cast("string")
